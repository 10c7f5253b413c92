// The map of the geocoder's page: makes it, and is the only place of the page that knows MapLibre's Map. Marks are buttons
// in the page, so that a keyboard reaches them and a screen reader says them.
import { LngLatBounds, Map as GlMap, Marker, setWorkerUrl, type ErrorEvent, type FilterSpecification, type GeoJSONSource, type StyleSpecification, type VectorTileSource } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import type { LngLat } from '../api/geocode_schema.ts'
import type { Box } from '../api/schema.ts'
import { around, circle } from './circle.ts'
import { fitToScreen, withOrigin, zoomShift } from './fit.ts'
import { ownAddress } from './own_address.ts'
import { TILE_LAYERS } from './style.ts'

setWorkerUrl(workerUrl)

/** `isLikely`: the map is moved so that it is seen. */
export interface MarkedPlace { at: LngLat; radiusM: number; mark: string; title: string; isLikely: boolean }

/** Everything that is drawn for an answer. */
export interface Picture {
  places: readonly MarkedPlace[]
  chosen: number
  /** The caller's own point, or what was clicked. */
  pin: { at: LngLat; title: string } | null
  /** From the pin to the chosen place; `conflict` where they contradict each other. */
  tie: 'none' | 'near' | 'conflict'
  grid: string | null
  alsoGrids: readonly string[]
  /** Draws a way from the pin's accuracy as well. */
  pinRadiusM: number
}

export const NO_PICTURE: Picture = { places: [], chosen: 0, pin: null, tie: 'none', grid: null, alsoGrids: [], pinRadiusM: 0 }

export interface GeocodeMapOptions {
  container: HTMLElement
  style: StyleSpecification
  origin: string
  bounds: Box
  factor: number
  picked(index: number): void
  clicked(at: LngLat): void
  tiles(ok: boolean): void
}

const MOST_ZOOM = 17
const FAR_ZOOM = 14.5
const TILES_RETRY_MS = 3_000
const GRID_LAYERS = { chosen: ['grid-chosen', 'grid-chosen-edge'], also: ['grid-also', 'grid-also-edge'] } as const

export class GeocodeMap {
  private readonly map: GlMap
  private picture: Picture = NO_PICTURE
  private markers: Marker[] = []
  private pin: Marker | null = null
  private loaded = false
  private failedTiles = new Set<string>()
  private retryTimer: ReturnType<typeof setTimeout> | null = null

  constructor(private readonly options: GeocodeMapOptions, private factor = options.factor) {
    this.map = new GlMap({
      container: options.container, style: this.fittedStyle(), bounds: options.bounds, fitBoundsOptions: { padding: 24 * factor },
      attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false, maxPitch: 0,
      minZoom: 6, maxZoom: 20, renderWorldCopies: false, refreshExpiredTiles: false, fadeDuration: 100,
      transformRequest: (url) => ({ url: ownAddress(url, options.origin) }),
    })
    this.map.touchZoomRotate.disableRotation()
    this.map.keyboard.disableRotation()
    this.map.on('style.load', () => {
      this.loaded = true
      this.draw()
    })
    this.map.on('click', ({ lngLat: { lng, lat } }) => options.clicked({ lng, lat }))
    this.map.getCanvas().style.cursor = 'crosshair'
    this.map.on('error', (event: ErrorEvent & { sourceId?: string }) => this.failed(event))
    this.map.on('sourcedata', (event) => {
      if (event.isSourceLoaded && this.failedTiles.delete(event.sourceId) && this.failedTiles.size === 0) options.tiles(true)
    })
  }

  /** Draws an answer; `look` moves the map to it. */
  show(picture: Picture, look: boolean): void {
    const marksChanged = picture.places !== this.picture.places
    this.picture = picture
    if (marksChanged) this.markPlaces()
    this.markers.forEach((marker, i) => marker.getElement().setAttribute('aria-pressed', String(i === picture.chosen)))
    this.markPin()
    if (this.loaded) this.draw()
    if (look) this.look(picture.places.filter(({ isLikely }) => isLikely))
  }

  /** Whether streets cannot be told from here. */
  get isFar(): boolean {
    return this.map.getZoom() < FAR_ZOOM + zoomShift(this.factor)
  }

  /** Shows one of the places, or all. */
  lookAt(only?: number): void {
    const one = only === undefined ? undefined : this.picture.places[only]
    this.look(one ? [one] : this.picture.places, one === undefined)
  }

  private look(places: readonly MarkedPlace[], withPin = true): void {
    const { pin, tie } = this.picture
    const seen = !withPin ? places : [...places, ...(pin && (tie !== 'none' || places.length === 0) ? [{ at: pin.at, radiusM: 40 }] : [])]
    const box = around(seen.map(({ at, radiusM }) => ({ at, radiusM: Math.max(40, radiusM) })))
    if (!box) return
    const maxZoom = MOST_ZOOM + zoomShift(this.factor)
    this.map.fitBounds(new LngLatBounds(box), { padding: this.padding(), maxZoom, duration: 900, essential: false })
  }

  /** Goes to a point where it is not in view yet. */
  bringIntoView(at: LngLat): void {
    if (!this.map.getBounds().contains(at)) this.map.easeTo({ center: at, duration: 600, essential: false })
  }

  zoomBy(steps: number): void {
    this.map.zoomTo(this.map.getZoom() + steps, { duration: 250 })
  }

  resize(factor: number): void {
    this.map.resize()
    if (factor === this.factor) return
    this.factor = factor
    this.loaded = false
    this.map.setStyle(this.fittedStyle(), { diff: false })
  }

  remove(): void {
    if (this.retryTimer) clearTimeout(this.retryTimer)
    this.map.remove()
  }

  private fittedStyle(): StyleSpecification {
    return fitToScreen(withOrigin(this.options.style, this.options.origin), this.factor)
  }

  private padding(): number {
    const { clientWidth, clientHeight } = this.options.container
    return Math.round(Math.min(96 * this.factor, clientWidth / 6, clientHeight / 6))
  }

  private markPlaces(): void {
    for (const marker of this.markers) marker.remove()
    this.markers = this.picture.places.map((place, i) => {
      const button = document.createElement('button')
      button.type = 'button'
      button.className = 'mark-place'
      button.textContent = place.mark
      button.title = place.title
      button.addEventListener('click', (event) => {
        event.stopPropagation()
        this.options.picked(i)
      })
      // the likeliest lies on top
      button.style.zIndex = String(20 - i)
      return new Marker({ element: button, anchor: 'bottom-left' }).setLngLat(place.at).addTo(this.map)
    })
  }

  private markPin(): void {
    const { pin } = this.picture
    this.pin?.remove()
    this.pin = null
    if (!pin) return
    const dot = document.createElement('div')
    dot.className = 'mark-pin'
    dot.setAttribute('role', 'img')
    dot.setAttribute('aria-label', pin.title)
    dot.title = pin.title
    this.pin = new Marker({ element: dot }).setLngLat(pin.at).addTo(this.map)
  }

  private draw(): void {
    const { places, chosen, pin, tie, grid, alsoGrids, pinRadiusM } = this.picture
    const circles = places.flatMap(({ at, radiusM }, i) => (radiusM > 0 ? [feature(circle(at, radiusM), { chosen: i === chosen })] : []))
    if (pin && pinRadiusM > 0) circles.push(feature(circle(pin.at, pinRadiusM), { chosen: false }))
    this.fill('accuracy', circles)
    const to = places[chosen]?.at
    const way: GeoJSON.LineString | null = pin && to && tie !== 'none'
      ? { type: 'LineString', coordinates: [[pin.at.lng, pin.at.lat], [to.lng, to.lat]] } : null
    this.fill('tie', way ? [feature(way, { kind: tie })] : [])
    this.only(GRID_LAYERS.chosen, grid === null ? [] : [grid])
    this.only(GRID_LAYERS.also, alsoGrids.filter((code) => code !== grid))
  }

  private fill(source: string, features: GeoJSON.Feature[]): void {
    void this.map.getSource<GeoJSONSource>(source)?.setData({ type: 'FeatureCollection', features })
  }

  private only(layers: readonly string[], codes: readonly string[]): void {
    const filter: FilterSpecification = ['in', ['get', 'code'], ['literal', [...codes]]]
    for (const layer of layers) this.map.setFilter(layer, filter)
  }

  /** MapLibre does not ask again for what failed. What is no tile is a defect of the page, which nobody may overlook. */
  private failed({ sourceId: layer, error }: ErrorEvent & { sourceId?: string }): void {
    if (!layer || !TILE_LAYERS.some((each) => each === layer)) {
      console.error(error)
      return
    }
    this.failedTiles.add(layer)
    this.options.tiles(false)
    this.retryTimer ??= setTimeout(() => {
      this.retryTimer = null
      for (const each of this.failedTiles) this.map.getSource<VectorTileSource>(each)?.setUrl(`${this.options.origin}/tiles/${each}`)
    }, TILES_RETRY_MS)
  }
}

function feature(geometry: GeoJSON.Geometry, properties: Record<string, unknown>): GeoJSON.Feature {
  return { type: 'Feature', properties, geometry }
}
