// The mask that lets everything outside a place step back: the world with the place cut out of it.
type Rings = GeoJSON.Position[][]

const WORLD: GeoJSON.Position[] = [[-180, -85], [180, -85], [180, 85], [-180, 85], [-180, -85]]

export const NOTHING: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] }

export function outsideOf(place: GeoJSON.Geometry): GeoJSON.FeatureCollection {
  const polygons = polygonsOf(place)
  if (polygons.length === 0) return NOTHING
  const cut: Rings = [WORLD, ...polygons.flatMap(([outer]) => (outer ? [outer] : []))]
  // what lies in a hole of the place is outside of it as well
  const islands: Rings[] = polygons.flatMap(([, ...holes]) => holes.map((hole) => [hole]))
  return {
    type: 'FeatureCollection',
    features: [{ type: 'Feature', properties: {}, geometry: { type: 'MultiPolygon', coordinates: [cut, ...islands] } }],
  }
}

function polygonsOf(geometry: GeoJSON.Geometry): Rings[] {
  if (geometry.type === 'Polygon') return [geometry.coordinates]
  return geometry.type === 'MultiPolygon' ? geometry.coordinates : []
}
