// Circles of so many metres on the ground, as polygons: MapLibre's own circles are pixels.
import type { LngLat } from '../api/geocode_schema.ts'

const CORNERS = 72
/** Metres of a degree of latitude. For drawing only: a hundredth off is less than a line's width. */
const DEGREE_M = 111_320

export function circle(centre: LngLat, radiusM: number): GeoJSON.Polygon {
  const lat = radiusM / DEGREE_M
  const lng = lat / Math.cos((centre.lat * Math.PI) / 180)
  const ring = Array.from({ length: CORNERS }, (_, i): GeoJSON.Position => {
    const angle = (2 * Math.PI * i) / CORNERS
    return [centre.lng + lng * Math.cos(angle), centre.lat + lat * Math.sin(angle)]
  })
  return { type: 'Polygon', coordinates: [[...ring, ring[0] ?? [centre.lng, centre.lat]]] }
}

/** What holds all circles: west, south, east, north; `null` where there are none. */
export function around(places: readonly { at: LngLat; radiusM: number }[]): [number, number, number, number] | null {
  const boxes = places.map(({ at, radiusM }) => {
    const lat = radiusM / DEGREE_M
    const lng = lat / Math.cos((at.lat * Math.PI) / 180)
    return [at.lng - lng, at.lat - lat, at.lng + lng, at.lat + lat] as const
  })
  if (boxes.length === 0) return null
  return [
    Math.min(...boxes.map((box) => box[0])), Math.min(...boxes.map((box) => box[1])),
    Math.max(...boxes.map((box) => box[2])), Math.max(...boxes.map((box) => box[3])),
  ]
}
