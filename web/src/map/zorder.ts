// THE order in which the map is drawn: later entries lie on top. A layer that is not listed throws, so that whoever adds
// one has to decide where it lies.

export const ZORDER = [
  'land',
  'open-district',
  'open-township',
  'open-community',
  'open-grid',
  'water',
  'water-shore',
  'road-minor-casing',
  'road-middle-casing',
  'road-major-casing',
  'railway',
  'railway-ties',
  'road-minor',
  'road-middle',
  'road-major',
  'bridge-casing',
  'bridge',
  'building',
  'building-edge',
  'grid-also',
  'grid-chosen',
  'border-grid',
  'border-special',
  'border-community',
  'border-township',
  'border-district-glow',
  'border-district',
  'border-city-glow',
  'border-city',
  'grid-also-edge',
  'grid-chosen-edge',
  'accuracy',
  'accuracy-edge',
  'tie',
  'incident-glow',
  'incident',
  'water-name',
  'road-name',
  'building-name',
  'grid-name',
  'incident-mark',
  'community-name',
  'township-name',
  'district-name',
  'outside',
  'place-glow',
  'place-edge',
  'arrival-ring',
  'arrival-core',
  'area-count',
] as const

export type LayerId = (typeof ZORDER)[number]

const RANK = new Map<string, number>(ZORDER.map((id, rank) => [id, rank]))

export function zorder(id: string): number {
  const rank = RANK.get(id)
  if (rank === undefined) throw new Error(`layer "${id}" has no place in zorder.ts`)
  return rank
}

/** Sorts layers into drawing order, bottom first. */
export function inDrawingOrder<L extends { id: string }>(layers: readonly L[]): L[] {
  return [...layers].sort((a, b) => zorder(a.id) - zorder(b.id))
}
