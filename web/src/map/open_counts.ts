// Colours the areas of one level by their open cases and writes their names and numbers. Only what changed is told to
// MapLibre: most updates touch one area.
import type { GeoJSONSource, Map as GlMap } from 'maplibre-gl'
import type { Area } from '../api/schema.ts'
import { count } from '../shared/format.ts'
import { classBounds, legend, shadeOf, type LegendClass } from './classes.ts'
import { CHOROPLETH_LEVELS, shownOpacity, type ChoroplethLevel } from './layers/choropleth.ts'

export interface OpenCounts {
  level: ChoroplethLevel
  /** Division code or grid id → open cases. */
  counts: ReadonlyMap<string | number, number>
  /** Areas of the level whose name and number are written; for grids only those of the place in view. */
  named: readonly Area[]
  /** Counts that the classes and the legend are made from: those of the place in view. */
  ranked: readonly number[]
  /** Place whose grids are named here and therefore not by the tiles. */
  namedWithin: Area | null
  /** Codes of the place in view and of all above it: the breadcrumb names these already. */
  path: readonly string[]
}

const DIVISION_NAMES = ['district', 'township', 'community'] as const

/** The classes' bounds are kept this long, so that a legend can be read while its numbers move. */
const BOUNDS_FOR_MS = 60_000

export class OpenCountsLayer {
  private level: ChoroplethLevel | null = null
  private bounds: number[] = []
  private boundsAt = 0
  /** Shade last told to the map, by level: a level keeps its colours while another one is on show. */
  private shades = new Map<ChoroplethLevel, Map<string | number, number>>()
  private named: readonly Area[] = []
  private namedWithin: Area | null = null
  private path = ''
  private written = ''

  constructor(private readonly map: GlMap, private readonly zoomShift: () => number) {}

  show(open: OpenCounts): LegendClass[] {
    const now = performance.now()
    if (open.level !== this.level) this.switchTo(open.level)
    if (open.named !== this.named) this.boundsAt = 0
    if (this.boundsAt === 0 || now - this.boundsAt > BOUNDS_FOR_MS) {
      this.bounds = classBounds(open.ranked)
      this.boundsAt = this.bounds.length > 0 ? now : 0
    }
    this.color(open)
    this.write(open)
    this.unname(open.path)
    return legend(open.ranked, this.bounds)
  }

  /** Forgets what was drawn, after the style was replaced. */
  forget(): void {
    this.level = null
    this.shades.clear()
    this.written = ''
    this.named = []
    this.namedWithin = null
    this.path = ''
  }

  private switchTo(level: ChoroplethLevel): void {
    for (const each of CHOROPLETH_LEVELS) {
      this.map.setPaintProperty(`open-${each}`, 'fill-opacity', each === level ? shownOpacity(this.zoomShift()) : 0)
      this.map.setLayoutProperty(`${each}-name`, 'visibility', each === level && each !== 'grid' ? 'none' : 'visible')
    }
    this.level = level
    this.boundsAt = 0
    this.written = ''
  }

  private color({ level, counts }: OpenCounts): void {
    const source = level === 'grid' ? 'grids' : 'divisions'
    const drawn = this.shades.get(level) ?? new Map<string | number, number>()
    const wanted = new Map<string | number, number>()
    for (const [id, open] of counts) wanted.set(id, shadeOf(open, this.bounds))
    for (const [id, shade] of wanted) {
      if (drawn.get(id) !== shade) this.map.setFeatureState({ source, sourceLayer: source, id }, { shade })
    }
    for (const id of drawn.keys()) {
      if (!wanted.has(id)) this.map.setFeatureState({ source, sourceLayer: source, id }, { shade: 0 })
    }
    this.shades.set(level, wanted)
  }

  /** Takes the names that the breadcrumb says off the map. */
  private unname(path: readonly string[]): void {
    if (path.join() === this.path) return
    this.path = path.join()
    for (const level of DIVISION_NAMES) {
      this.map.setFilter(`${level}-name`, ['all', ['==', ['get', 'level'], level], ['!', ['in', ['get', 'code'], ['literal', [...path]]]]])
    }
  }

  private write({ counts, named, namedWithin }: OpenCounts): void {
    const numbers = named.map((area) => counts.get(area.grid_id ?? area.code) ?? 0)
    const text = numbers.join()
    if (text === this.written && named === this.named) return
    this.written = text
    this.named = named
    const features = named.map((area, i): GeoJSON.Feature => ({
      type: 'Feature', id: i,
      geometry: { type: 'Point', coordinates: [area.label.lng, area.label.lat] },
      properties: { name: area.name, open: numbers[i] ? `\n${count(numbers[i])}` : '', rank: numbers[i] ?? 0 },
    }))
    void this.map.getSource<GeoJSONSource>('area_counts')?.setData({ type: 'FeatureCollection', features })
    if (namedWithin === this.namedWithin) return
    this.namedWithin = namedWithin
    const property = namedWithin?.level === 'grid' ? 'code' : `${namedWithin?.level}_code`
    this.map.setFilter('grid-name', namedWithin && ['!=', ['get', property], namedWithin.code])
  }
}
