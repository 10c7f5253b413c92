// What the browser asks the geocoder.
import { post, read, type Service } from './client.ts'
import type { Category, Crs, Division, GeocodeAnswer, GeocodeRequest, LngLat, ReverseAnswer, SuggestAnswer, Suggestion } from './geocode_schema.ts'

export function geocode(service: Service, asked: GeocodeRequest, signal: AbortSignal): Promise<GeocodeAnswer> {
  return post<GeocodeAnswer>(service, '/v1/geocode', asked, signal)
}

export interface ReverseRequest extends LngLat { crs: Crs; accuracy_m?: number; within_m?: number; limit?: number }

export function reverse(service: Service, asked: ReverseRequest, signal: AbortSignal): Promise<ReverseAnswer> {
  return post<ReverseAnswer>(service, '/v1/reverse', asked, signal)
}

const SUGGESTIONS = 8

/** The divisions inside one, or all districts. */
export async function divisionsIn(service: Service, parent: string | null): Promise<Division[]> {
  const asked = parent === null ? 'level=district' : `parent=${encodeURIComponent(parent)}`
  return (await read<{ divisions: Division[] }>(service, `/v1/divisions?${asked}`)).divisions
}

/** What incidents are about, the majors with their minors. */
export async function categories(service: Service): Promise<Category[]> {
  return (await read<{ categories: Category[] }>(service, '/v1/categories')).categories
}

export async function suggest(service: Service, text: string, crs: Crs, area: string | null, signal: AbortSignal): Promise<Suggestion[]> {
  const asked = new URLSearchParams({ q: text, crs, limit: String(SUGGESTIONS), ...(area !== null && { area }) })
  return (await read<SuggestAnswer>(service, `/v1/suggest?${asked}`, signal)).suggestions
}

/** Systems that the service takes for the same: their frames differ by less than it promises. */
const SAME = new Set<Crs>(['wgs84', 'cgcs2000'])

/** Points in another system, by the service's own formulas; the page has none. */
export async function convert(service: Service, from: Crs, to: Crs, points: readonly LngLat[], signal?: AbortSignal): Promise<LngLat[]> {
  if (points.length === 0 || from === to || (SAME.has(from) && SAME.has(to))) return [...points]
  return (await post<{ points: LngLat[] }>(service, '/v1/crs', { from, to, points }, signal)).points
}
