// Connects the page to its service: what is asked, in which order, and what is done with what comes back.
import { shallowRef, type ShallowRef } from 'vue'
import { asProblem, type Service } from '../api/client.ts'
import { convert, geocode, reverse } from '../api/geocode.ts'
import type { LngLat, Place } from '../api/geocode_schema.ts'
import { geocodeRequest, type Asked } from './request.ts'
import { INITIAL, reduce, type DeskEvent, type DeskState } from './state.ts'

/** While the gazetteer is being built the question is asked again by itself. */
const AGAIN_MS = 3_000

export class Desk {
  readonly state: ShallowRef<DeskState> = shallowRef(INITIAL)
  private turn = 0
  private under = new AbortController()
  private again: ReturnType<typeof setTimeout> | null = null

  constructor(private readonly service: () => Service) {}

  dispatch(event: DeskEvent): void {
    this.state.value = reduce(this.state.value, event)
  }

  /** Asks where a text lies; whatever was under way is given up. */
  async ask(asked: Asked): Promise<void> {
    const { turn, signal } = this.begin()
    this.dispatch({ kind: 'asked', turn })
    const from = performance.now()
    try {
      const answer = await geocode(this.service(), geocodeRequest(asked), signal)
      const tookMs = performance.now() - from
      const drawn = await this.onMap(asked.crs, answer.features, signal)
      const [pin = null] = asked.pin ? await convert(this.service(), asked.pin.crs, 'wgs84', [asked.pin], signal) : []
      this.dispatch({ kind: 'answered', turn, answered: { asked, answer, drawn, pin, tookMs } })
    } catch (error) {
      if (signal.aborted) return
      const problem = asProblem(error)
      this.dispatch({ kind: 'failed', turn, problem })
      if (problem.status === 503) this.again = setTimeout(() => void this.ask(asked), AGAIN_MS)
    }
  }

  /** Asks what is at a place of the map. */
  async lookAt(at: LngLat, crs: Asked['crs'], accuracyM: number): Promise<void> {
    const { turn, signal } = this.begin()
    this.dispatch({ kind: 'clicked', turn, at })
    const from = performance.now()
    try {
      const [given = at] = await convert(this.service(), 'wgs84', crs, [at], signal)
      const answer = await reverse(this.service(), { ...given, crs, limit: 5, ...(accuracyM > 0 && { accuracy_m: accuracyM }) }, signal)
      const tookMs = performance.now() - from
      const drawn = await this.onMap(crs, answer.features, signal)
      this.dispatch({ kind: 'near', turn, near: { at, given, answer, drawn, tookMs } })
    } catch (error) {
      if (!signal.aborted) this.dispatch({ kind: 'near_failed', turn, problem: asProblem(error) })
    }
  }

  clear(): void {
    this.dispatch({ kind: 'cleared', turn: this.begin().turn })
  }

  stop(): void {
    this.begin()
  }

  private begin(): { turn: number; signal: AbortSignal } {
    this.under.abort()
    this.under = new AbortController()
    if (this.again !== null) clearTimeout(this.again)
    this.again = null
    this.turn += 1
    return { turn: this.turn, signal: this.under.signal }
  }

  private onMap(crs: Asked['crs'], features: readonly Place<unknown>[], signal: AbortSignal): Promise<LngLat[]> {
    const points = features.map(({ geometry: { coordinates: [lng, lat] } }) => ({ lng, lat }))
    return convert(this.service(), crs, 'wgs84', points, signal)
  }
}
