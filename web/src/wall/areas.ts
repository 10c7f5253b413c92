// The tree of the city's divisions, read once, and the grids of a community, read when somebody looks at it.
import { read, readAll, type Service } from '../api/client.ts'
import type { Area, Box, Level } from '../api/schema.ts'
import type { ChoroplethLevel } from '../map/layers/choropleth.ts'

const DIVISION_LEVELS: readonly Level[] = ['city', 'district', 'township', 'community']
const FINER: Record<Level, ChoroplethLevel> = {
  city: 'district', district: 'township', township: 'community', community: 'grid', grid: 'grid',
}
/** Places whose grids are remembered. */
const GRIDS_KEPT = 40

export class AreaTree {
  private readonly byCode = new Map<string, Area>()
  private readonly childrenOf = new Map<string, Area[]>()
  private readonly byLevel = new Map<Level, Area[]>()
  readonly root: Area

  constructor(areas: readonly Area[]) {
    for (const area of areas) this.byCode.set(area.code, area)
    for (const area of areas) {
      push(this.byLevel, area.level, area)
      if (area.parent_code !== null && this.byCode.has(area.parent_code)) push(this.childrenOf, area.parent_code, area)
    }
    this.root = this.findRoot(areas)
  }

  get(code: string): Area | undefined {
    return code === this.root.code ? this.root : this.byCode.get(code)
  }

  children(code: string): readonly Area[] {
    return this.childrenOf.get(code) ?? []
  }

  level(level: Level): readonly Area[] {
    return this.byLevel.get(level) ?? []
  }

  /** From the root down to the area itself. */
  pathTo(area: Area): Area[] {
    const path = [area]
    for (let parent = this.parent(area); parent; parent = this.parent(parent)) path.unshift(parent)
    return path[0]?.code === this.root.code ? path : [this.root, ...path]
  }

  /** Areas of a level inside a place; the place's own level gives none. */
  within(place: Area, level: Level): readonly Area[] {
    if (place.code === this.root.code) return this.level(level)
    return this.level(level).filter((area) => this.pathTo(area).slice(0, -1).some(({ code }) => code === place.code))
  }

  /** The level that a place consists of, past levels with a single member. */
  consistsOf(place: Area): ChoroplethLevel {
    let here = place
    for (;;) {
      const children = this.children(here.code)
      const [only] = children
      if (children.length !== 1 || !only) return FINER[here.level]
      here = only
    }
  }

  private parent(area: Area): Area | undefined {
    return area.parent_code === null ? undefined : this.byCode.get(area.parent_code)
  }

  /** The one area above all others; where the data has several, a city is put above them. */
  private findRoot(areas: readonly Area[]): Area {
    const tops = areas.filter((area) => this.parent(area) === undefined)
    const [only] = tops
    if (only && tops.length === 1) return only
    const bbox = union(tops.map((area) => area.bbox))
    const root: Area = {
      code: '', level: 'city', kind: 'city', name: '全市', parent_code: null,
      people: tops.reduce((sum, area) => sum + area.people, 0),
      label: { lng: (bbox[0] + bbox[2]) / 2, lat: (bbox[1] + bbox[3]) / 2 }, bbox,
    }
    this.childrenOf.set(root.code, tops)
    return root
  }
}

/** Reads all divisions; `null` where none are loaded yet. */
export async function readAreas(service: Service): Promise<AreaTree | null> {
  const levels = await Promise.all(DIVISION_LEVELS.map((level) =>
    readAll<Area>(service, `/v1/divisions?level=${level}`, (body) => (body as { divisions: Area[] }).divisions)))
  const areas = levels.flat()
  return areas.length === 0 ? null : new AreaTree(areas)
}

/** Reads a place's outline; `null` where the service has none to give. */
export async function readOutline(service: Service, area: Area): Promise<GeoJSON.Geometry | null> {
  if (area.code === '') return null
  const path = area.level === 'grid' ? 'grids' : 'divisions'
  const answer = await read<{ geometry?: GeoJSON.Geometry | null }>(service, `/v1/${path}/${encodeURIComponent(area.code)}?geometry=true`)
  return answer.geometry ?? null
}

/** Grids by the community, township or district that they are of, the last few kept. */
export class GridShelf {
  private readonly shelf = new Map<string, Area[]>()

  constructor(private readonly service: Service) {}

  async of(code: string): Promise<readonly Area[]> {
    const kept = this.shelf.get(code)
    if (kept) return kept
    const grids = await readAll<Area>(this.service, `/v1/grids?community=${encodeURIComponent(code)}`,
      (body) => (body as { grids: Area[] }).grids)
    this.shelf.set(code, grids)
    const oldest = this.shelf.keys().next()
    if (this.shelf.size > GRIDS_KEPT && !oldest.done) this.shelf.delete(oldest.value)
    return grids
  }

  /** A grid with the community it belongs to as its parent. */
  async grid(code: string): Promise<Area> {
    return read<Area>(this.service, `/v1/grids/${encodeURIComponent(code)}`)
  }

  clear(): void {
    this.shelf.clear()
  }
}

function push<K>(lists: Map<K, Area[]>, key: K, area: Area): void {
  const list = lists.get(key)
  if (list) list.push(area)
  else lists.set(key, [area])
}

function union(boxes: readonly Box[]): Box {
  return boxes.reduce<Box>((all, box) => [
    Math.min(all[0], box[0]), Math.min(all[1], box[1]), Math.max(all[2], box[2]), Math.max(all[3], box[3]),
  ], [180, 90, -180, -90])
}
