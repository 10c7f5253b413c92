// Open incidents on the map, kept in step by differences at most twice a second: twenty thousand points are never sent
// again because one of them changed.
import type { GeoJSONSource, GeoJSONSourceDiff, Map as GlMap } from 'maplibre-gl'
import type { Point } from '../wall/state.ts'

const UPDATE_EVERY_MS = 500

export type PointFeature = GeoJSON.Feature<GeoJSON.Point, { major: string; mark: string }>

/** What has to change on the map to get from one set of points to another. Points do not move. */
export function difference(drawn: ReadonlyMap<string, Point>, wanted: ReadonlyMap<string, Point>): { add: Point[]; remove: Point[] } {
  const add: Point[] = []
  const remove: Point[] = []
  for (const [id, point] of wanted) if (!drawn.has(id)) add.push(point)
  for (const [id, point] of drawn) if (!wanted.has(id)) remove.push(point)
  return { add, remove }
}

export class Points {
  private drawn: ReadonlyMap<string, Point> = new Map()
  private wanted: ReadonlyMap<string, Point> = new Map()
  private timer: ReturnType<typeof setTimeout> | null = null
  private lastAt = 0

  constructor(private readonly map: GlMap, private mark: (categoryCode: string) => string) {}

  show(points: ReadonlyMap<string, Point>): void {
    if (points === this.wanted) return
    this.wanted = points
    this.timer ??= setTimeout(() => this.update(), Math.max(0, this.lastAt + UPDATE_EVERY_MS - performance.now()))
  }

  /** Draws everything anew: after the style was replaced, or the marks' language changed. */
  redraw(mark = this.mark): void {
    this.mark = mark
    this.drawn = this.wanted
    void this.source()?.setData({ type: 'FeatureCollection', features: [...this.wanted.values()].map((point) => this.feature(point)) })
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer)
  }

  private update(): void {
    this.timer = null
    this.lastAt = performance.now()
    const source = this.source()
    if (!source) return
    const { add, remove } = difference(this.drawn, this.wanted)
    this.drawn = this.wanted
    if (add.length + remove.length === 0) return
    const diff: GeoJSONSourceDiff = { add: add.map((point) => this.feature(point)), remove: remove.map((point) => featureId(point)) }
    void source.updateData(diff)
  }

  private feature(point: Point): PointFeature {
    return {
      type: 'Feature', id: featureId(point),
      geometry: { type: 'Point', coordinates: [point.lng, point.lat] },
      properties: { major: point.categoryCode.slice(0, 2), mark: this.mark(point.categoryCode) },
    }
  }

  private source(): GeoJSONSource | undefined {
    return this.map.getSource<GeoJSONSource>('incidents')
  }
}

/** Incident ids are counted by the service and fit a double. */
function featureId(point: Point): number {
  return Number(point.id)
}
