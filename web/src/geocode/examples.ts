// Texts to begin with, of the city that is there: addresses near its middle, as people write them.
import type { Service } from '../api/client.ts'
import { reverse } from '../api/geocode.ts'
import type { LngLat } from '../api/geocode_schema.ts'

const WITHIN_M = 5_000
const EXAMPLES = 3
/** An example is a comfort: it is not waited for. */
const PATIENCE_MS = 4_000

/** Nobody says province and city at home, and most leave out the township. */
export function asPeopleWrite(elements: Partial<Record<string, string>>): string {
  return ['district', 'road', 'number', 'compound', 'building', 'unit', 'room'].map((part) => elements[part] ?? '').join('')
}

export async function examplesNear(service: Service, middle: LngLat): Promise<string[]> {
  const asked = { ...middle, crs: 'wgs84' as const, within_m: WITHIN_M, limit: EXAMPLES }
  const answer = await reverse(service, asked, AbortSignal.timeout(PATIENCE_MS)).catch(() => null)
  const texts = (answer?.features ?? []).map(({ properties }) => asPeopleWrite(properties.elements ?? {}))
  return [...new Set(texts)].filter((text) => text !== '')
}
