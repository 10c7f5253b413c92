// What the map has to know about open cases for the level in view. Pure.
import type { Area } from '../api/schema.ts'
import type { ChoroplethLevel } from '../map/layers/choropleth.ts'
import type { OpenCounts } from '../map/open_counts.ts'
import type { AreaTree } from './areas.ts'
import type { WallState } from './state.ts'

/** Lists by place and level, so that the same list is the same object from one draw to the next. */
const insideOf = new WeakMap<AreaTree, Map<string, readonly Area[]>>()

/** `grids` are those of the place in view, where somebody has read them, and the place that they are of. */
export interface GridsHere { of: Area | null; list: readonly Area[] }

export function openInView(
  state: WallState, areas: AreaTree, place: Area, level: ChoroplethLevel, grids: GridsHere,
): OpenCounts {
  const path = state.path.map(({ code }) => code)
  if (level === 'grid') return { ...gridsInView(state, place, grids), path }
  const named = inside(areas, place, level)
  const counts = new Map<string, number>()
  for (const { code } of areas.level(level)) {
    const open = state.openByDivision.get(code)
    if (open !== undefined) counts.set(code, open)
  }
  return { level, counts, named, ranked: named.map(({ code }) => counts.get(code) ?? 0), namedWithin: null, path }
}

function gridsInView(state: WallState, place: Area, grids: GridsHere): Omit<OpenCounts, 'path'> {
  const counts = state.openByGrid
  if (grids.of === null) {
    // the whole city's grids are too many to be listed by name; those without cases are counted from the total
    const some = [...counts.values()]
    const rest = Array.from({ length: Math.max(0, state.grids - some.length) }, () => 0)
    return { level: 'grid', counts, named: NO_AREAS, ranked: [...some, ...rest], namedWithin: null }
  }
  const ranked = grids.list.map((grid) => counts.get(grid.grid_id ?? -1) ?? 0)
  // around a single grid its neighbours step back: the scale is theirs too, the name is its own
  const named = place.level === 'grid' ? oneOf(place) : grids.list
  return { level: 'grid', counts, named, ranked, namedWithin: place.level === 'grid' ? place : grids.of }
}

const NO_AREAS: readonly Area[] = []
const alone = new WeakMap<Area, readonly Area[]>()

function oneOf(area: Area): readonly Area[] {
  const known = alone.get(area) ?? [area]
  alone.set(area, known)
  return known
}

function inside(areas: AreaTree, place: Area, level: ChoroplethLevel): readonly Area[] {
  const lists = insideOf.get(areas) ?? new Map<string, readonly Area[]>()
  insideOf.set(areas, lists)
  const key = `${level}/${place.code}`
  const known = lists.get(key)
  if (known) return known
  const list = areas.within(place, level)
  lists.set(key, list)
  return list
}
