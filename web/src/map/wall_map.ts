// The map of the wall: makes it, keeps it alive, and is the only place that knows MapLibre's Map. The panels tell it what
// to show; it tells them what was pointed at.
import { Map as GlMap, type GeoJSONSource, setWorkerUrl, type ErrorEvent, type MapMouseEvent, type StyleSpecification, type VectorTileSource } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import type { Box } from '../api/schema.ts'
import type { Point } from '../wall/state.ts'
import { Arrivals } from './arrivals.ts'
import type { LegendClass } from './classes.ts'
import { fitToScreen, withOrigin, zoomShift } from './fit.ts'
import type { ChoroplethLevel } from './layers/choropleth.ts'
import { OpenCountsLayer, type OpenCounts } from './open_counts.ts'
import { NOTHING, outsideOf } from './outside.ts'
import { ownAddress } from './own_address.ts'
import { Points } from './points.ts'
import { TILE_LAYERS } from './style.ts'

setWorkerUrl(workerUrl)

/** Room that panels take from the map, in pixels. */
export interface Padding { top: number; right: number; bottom: number; left: number }

/** `id` is what the area's state is kept by: a division's code, a grid's integer id. */
export interface PointedArea { level: ChoroplethLevel; id: string | number; code: string; name: string; x: number; y: number }

export interface WallMapListener {
  ready(): void
  picked(area: PointedArea): void
  pointed(area: PointedArea | null): void
  zoomed(designZoom: number): void
  tiles(ok: boolean): void
}

export interface WallMapOptions {
  container: HTMLElement
  style: StyleSpecification
  origin: string
  bounds: Box
  padding: Padding
  /** Screen pixels per pixel of the 1920 design. */
  factor: number
  mark: (categoryCode: string) => string
  listener: WallMapListener
}

/** A small grid is not shown from closer than this. */
const MOST_ZOOM = 17.5
const TILES_RETRY_MS = 3_000

export class WallMap {
  private readonly map: GlMap
  private readonly points: Points
  private readonly arrivals: Arrivals
  private readonly counts: OpenCountsLayer
  private factor: number
  private level: ChoroplethLevel = 'district'
  private open: OpenCounts | null = null
  private place: GeoJSON.Geometry | null = null
  private city: GeoJSON.Geometry | null = null
  private hovered: { source: string; sourceLayer: string; id: string | number } | null = null
  private failedTiles = new Set<string>()
  private retryTimer: ReturnType<typeof setTimeout> | null = null
  private loaded = false

  constructor(private readonly options: WallMapOptions) {
    this.factor = options.factor
    this.map = new GlMap({
      container: options.container,
      style: this.fittedStyle(),
      bounds: options.bounds,
      fitBoundsOptions: { padding: options.padding },
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      maxPitch: 0,
      minZoom: 6,
      maxZoom: 19.5,
      renderWorldCopies: false,
      // a number that changes is a new label to MapLibre and fades in
      fadeDuration: 100,
      refreshExpiredTiles: false,
      transformRequest: (url) => ({ url: ownAddress(url, options.origin) }),
    })
    this.map.touchZoomRotate.disableRotation()
    this.map.keyboard.disableRotation()
    this.points = new Points(this.map, options.mark)
    this.arrivals = new Arrivals(this.map)
    this.counts = new OpenCountsLayer(this.map, () => zoomShift(this.factor))
    this.listen()
  }

  showPoints(points: ReadonlyMap<string, Point>): void {
    this.points.show(points)
  }

  ring(points: readonly Point[]): void {
    this.arrivals.add(points)
  }

  /** Shows the open cases of a level; gives the legend back once the style is there. */
  showOpen(open: OpenCounts): LegendClass[] {
    this.open = open
    this.level = open.level
    return this.loaded ? this.counts.show(open) : []
  }

  showCity(geometry: GeoJSON.Geometry | null): void {
    this.city = geometry
    void this.map.getSource<GeoJSONSource>('city')?.setData(featureOf(geometry))
  }

  showPlace(geometry: GeoJSON.Geometry | null): void {
    this.place = geometry
    void this.map.getSource<GeoJSONSource>('place')?.setData(featureOf(geometry))
    void this.map.getSource<GeoJSONSource>('outside')?.setData(geometry ? outsideOf(geometry) : NOTHING)
  }

  /** Flies to a place and gives back the zoom, as of the design's screen, that it will be seen at. */
  goTo(bounds: Box, padding: Padding): number {
    const maxZoom = MOST_ZOOM + zoomShift(this.factor)
    this.map.fitBounds(bounds, { padding, duration: 1_100, maxZoom, essential: false })
    return Math.min(MOST_ZOOM, (this.map.cameraForBounds(bounds, { padding })?.zoom ?? 0) - zoomShift(this.factor))
  }

  /** The map's service has published other shapes: every layer's TileJSON names its new address. */
  reloadTiles(): void {
    for (const layer of TILE_LAYERS) this.tileSource(layer)?.setUrl(`${this.options.origin}/tiles/${layer}`)
  }

  resize(factor: number): void {
    this.map.resize()
    if (factor === this.factor) return
    this.factor = factor
    this.loaded = false
    this.map.setStyle(this.fittedStyle(), { diff: false })
  }

  setMark(mark: (categoryCode: string) => string): void {
    this.points.redraw(mark)
  }

  remove(): void {
    if (this.retryTimer) clearTimeout(this.retryTimer)
    this.points.stop()
    this.arrivals.stop()
    this.map.remove()
  }

  private fittedStyle(): StyleSpecification {
    return fitToScreen(withOrigin(this.options.style, this.options.origin), this.factor)
  }

  private listen(): void {
    const { listener } = this.options
    this.map.on('style.load', () => this.styleLoaded())
    this.map.on('zoom', () => listener.zoomed(this.map.getZoom() - zoomShift(this.factor)))
    this.map.on('click', (event) => {
      const area = this.areaAt(event)
      if (area) listener.picked(area)
    })
    this.map.on('movestart', () => this.hover(null))
    this.map.on('mousemove', (event) => this.hover(event))
    this.map.on('mouseout', () => this.hover(null))
    this.map.on('error', (event) => this.failed(event))
    this.map.on('sourcedata', (event) => {
      if (!event.isSourceLoaded || !this.failedTiles.delete(event.sourceId)) return
      if (this.failedTiles.size === 0) listener.tiles(true)
    })
  }

  private styleLoaded(): void {
    this.loaded = true
    this.counts.forget()
    this.points.redraw()
    this.showPlace(this.place)
    this.showCity(this.city)
    if (this.open) this.counts.show(this.open)
    this.options.listener.ready()
    this.options.listener.zoomed(this.map.getZoom() - zoomShift(this.factor))
  }

  private areaAt(event: MapMouseEvent): PointedArea | null {
    if (!this.loaded) return null
    const [feature] = this.map.queryRenderedFeatures(event.point, { layers: [`open-${this.level}`] })
    if (!feature || feature.id === undefined) return null
    const { code, name } = feature.properties as { code?: unknown; name?: unknown }
    return { level: this.level, id: feature.id, code: String(code), name: String(name), x: event.point.x, y: event.point.y }
  }

  private hover(event: MapMouseEvent | null): void {
    const area = event && this.areaAt(event)
    if (this.hovered && this.hovered.id !== area?.id) {
      this.map.removeFeatureState(this.hovered, 'hover')
      this.hovered = null
    }
    if (area && !this.hovered) {
      const source = area.level === 'grid' ? 'grids' : 'divisions'
      this.hovered = { source, sourceLayer: source, id: area.id }
      this.map.setFeatureState(this.hovered, { hover: true })
    }
    this.map.getCanvas().style.cursor = area ? 'pointer' : ''
    this.options.listener.pointed(area ?? null)
  }

  /** MapLibre does not ask again for what failed; a wall has to. */
  private failed(event: ErrorEvent & { sourceId?: string }): void {
    const layer = event.sourceId
    if (!layer || !TILE_LAYERS.some((each) => each === layer)) return
    this.failedTiles.add(layer)
    this.options.listener.tiles(false)
    this.retryTimer ??= setTimeout(() => {
      this.retryTimer = null
      for (const each of this.failedTiles) this.tileSource(each)?.setUrl(`${this.options.origin}/tiles/${each}`)
    }, TILES_RETRY_MS)
  }

  private tileSource(layer: string): VectorTileSource | undefined {
    return this.map.getSource<VectorTileSource>(layer)
  }
}

function featureOf(geometry: GeoJSON.Geometry | null): GeoJSON.GeoJSON {
  return geometry ? { type: 'Feature', properties: {}, geometry } : NOTHING
}
