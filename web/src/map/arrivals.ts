// Rings of what has just arrived: each grows and fades for a few seconds from its own birth. Their age is feature-state,
// so a frame changes some numbers on the GPU and no tile is laid out again. Nothing runs while there is nothing new.
import type { GeoJSONSource, Map as GlMap } from 'maplibre-gl'
import type { Point } from '../wall/state.ts'

const RING_MS = 2_200
const RINGS = 2
/** A ring needs no more pictures a second than this, and a wall is drawn anew for each. */
const FRAME_MS = 33
const LIFE_MS = RING_MS * RINGS
/** A burst of hundreds says "many" as well with fewer. */
const MOST_ALIVE = 60

export class Arrivals {
  private born = new Map<number, number>()
  private nextId = 1
  private frame: number | null = null
  private drawnAt = 0
  private readonly still = matchMedia('(prefers-reduced-motion: reduce)')

  constructor(private readonly map: GlMap) {}

  add(points: readonly Point[]): void {
    const source = this.source()
    if (!source || document.hidden) return
    const room = Math.max(0, MOST_ALIVE - this.born.size)
    const features = points.slice(-room || points.length).slice(0, room).map((point) => {
      const id = this.nextId++
      this.born.set(id, performance.now())
      const geometry = { type: 'Point' as const, coordinates: [point.lng, point.lat] }
      return { type: 'Feature' as const, id, geometry, properties: {} }
    })
    if (features.length === 0) return
    void source.updateData({ add: features })
    this.frame ??= requestAnimationFrame(this.tick)
  }

  stop(): void {
    if (this.frame !== null) cancelAnimationFrame(this.frame)
    this.frame = null
    this.born.clear()
  }

  private readonly tick = (now: number): void => {
    this.frame = requestAnimationFrame(this.tick)
    if (now - this.drawnAt < FRAME_MS - 4) return
    this.drawnAt = now
    const gone: number[] = []
    for (const [id, born] of this.born) {
      const lived = now - born
      if (lived >= LIFE_MS) gone.push(id)
      else this.map.setFeatureState({ source: 'arrivals', id }, { age: this.age(Math.max(0, lived)) })
    }
    for (const id of gone) {
      this.born.delete(id)
      this.map.removeFeatureState({ source: 'arrivals', id })
    }
    if (gone.length > 0) void this.source()?.updateData({ remove: gone })
    if (this.born.size === 0) this.stop()
  }

  private age(lived: number): number {
    return this.still.matches ? 0.35 : (lived % RING_MS) / RING_MS
  }

  private source(): GeoJSONSource | undefined {
    return this.map.getSource<GeoJSONSource>('arrivals')
  }
}
