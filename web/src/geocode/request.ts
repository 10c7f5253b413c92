// From what stands in the page to what is asked, and to the same question for a terminal.
import type { Crs, GeocodeRequest, LngLat } from '../api/geocode_schema.ts'

export interface Pin extends LngLat { crs: Crs }

/** Where the caller works, and what it is about: both decide who is responsible, the area also what comes first. */
export interface Asker { area: string | null; category: string | null }

export interface Asked extends Asker { text: string; crs: Crs; pin: Pin | null }

export function geocodeRequest({ text, crs, pin, area, category }: Asked): GeocodeRequest {
  const plain = { crs, text: text.trim(), ...(area !== null && { area }), ...(category !== null && { category }) }
  if (!pin) return plain
  const { lng, lat } = pin
  return { ...plain, point: pin.crs === crs ? { lng, lat } : { lng, lat, crs: pin.crs } }
}

/** Numbers as somebody types or pastes them: `103.83, 36.06`, `103.83 36.06`, full width as well. `null` if they are none. */
export function readPoint(text: string): LngLat | null {
  const plain = text.normalize('NFKC').replaceAll(/[,、;]/g, ' ').trim().split(/\s+/)
  const [lng, lat] = plain.map(Number)
  if (plain.length !== 2 || lng === undefined || lat === undefined || !Number.isFinite(lng) || !Number.isFinite(lat)) return null
  return Math.abs(lng) <= 180 && Math.abs(lat) <= 90 ? { lng, lat } : null
}

/** A coordinate as it is written: seven decimals are a centimetre, the service's own lattice. */
export function writePoint({ lng, lat }: LngLat): string {
  return `${lng.toFixed(7)}, ${lat.toFixed(7)}`
}

/** A word for a POSIX shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/** The request as a command. The key is not in it: it is the caller's, and commands are pasted anywhere. */
export function curl(origin: string, path: string, body: unknown): string {
  return [
    `curl -s ${quoted(origin + path)}`,
    `-H "Authorization: Bearer $KEY"`,
    `-H 'Content-Type: application/json'`,
    `-d ${quoted(JSON.stringify(body))}`,
  ].join(' \\\n  ')
}

/** What the address of the page says: `#q=…&crs=…&at=…&area=…&category=…`. In the fragment, so that no log of the service has it. */
export function fromFragment(hash: string): Partial<Asked> {
  const said = new URLSearchParams(hash.replace(/^#/, ''))
  const crs = said.get('crs')
  const asked: Partial<Asked> = {}
  if (isCrs(crs)) asked.crs = crs
  const text = said.get('q')
  if (text) asked.text = text
  const point = readPoint(said.get('at') ?? '')
  if (point) asked.pin = { ...point, crs: asked.crs ?? 'wgs84' }
  const [area, category] = [code(said.get('area')), code(said.get('category'))]
  if (area !== null) asked.area = area
  if (category !== null) asked.category = category
  return asked
}

function code(text: string | null): string | null {
  return text !== null && /^[\w-]{1,32}$/.test(text) ? text : null
}

export function toFragment({ text, crs, pin, area, category }: Asked): string {
  const said = new URLSearchParams()
  if (text.trim()) said.set('q', text.trim())
  said.set('crs', crs)
  if (pin && pin.crs === crs) said.set('at', `${pin.lng} ${pin.lat}`)
  if (area !== null) said.set('area', area)
  if (category !== null) said.set('category', category)
  return `#${said}`
}

export function isCrs(text: string | null | undefined): text is Crs {
  return text === 'wgs84' || text === 'gcj02' || text === 'bd09' || text === 'cgcs2000'
}
