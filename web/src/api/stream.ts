// Keeps the wall on the stream for weeks: resumes after a short break, starts over from fresh numbers after a long one,
// and never gives up. The stream's numbers are in order of commit, so "everything after n" has no holes.
import type { Heartbeat, MapVersion, WallIncident, WallStats } from './schema.ts'
import { asProblem, problemOf, read, requestHeaders, ServiceError, type Service } from './client.ts'
import type { Problem } from './schema.ts'
import { EventReader, type ServerSentEvent } from './sse.ts'

export interface StreamListener {
  snapshot(stats: WallStats): void
  incidents(incidents: WallIncident[]): void
  heartbeat(heartbeat: Heartbeat): void
  mapChanged(version: MapVersion): void
  connection(connection: 'connecting' | 'live' | 'lost'): void
  failed(problem: Problem): void
}

/** Events are gathered for this long, so that a burst costs one update and a single one is still on screen at once. */
export const GATHER_MS = 200
/** The service speaks every 5 s; after this long without a word the connection is dead, whatever TCP believes. */
const SILENCE_MS = 12_000
/** After a longer break fresh numbers cost less than what was missed. */
const RESUME_WITHIN_MS = 120_000
/** Fresh numbers even when all is well: what time alone changes (overdue, the day, who is on duty). */
const REFRESH_MS = 60_000
const RETRY_MS = [500, 1_000, 2_000, 4_000, 8_000]

export class WallStream {
  private stopped = false
  private seq: number | null = null
  private heardAt = 0
  private attempt = 0
  private refreshing = false
  private gathered: WallIncident[] = []
  private gatherTimer: ReturnType<typeof setTimeout> | null = null
  private refreshTimer: ReturnType<typeof setInterval> | null = null
  private abort = new AbortController()

  constructor(private readonly service: Service, private readonly listener: StreamListener) {}

  start(): void {
    this.refreshTimer = setInterval(() => void this.refresh(), REFRESH_MS)
    void this.run()
  }

  stop(): void {
    this.stopped = true
    this.abort.abort()
    if (this.refreshTimer) clearInterval(this.refreshTimer)
    if (this.gatherTimer) clearTimeout(this.gatherTimer)
  }

  /** Reads the numbers again while the stream goes on. */
  async refresh(): Promise<void> {
    if (this.seq === null || this.refreshing) return
    this.refreshing = true
    try {
      this.deliver(await read<WallStats>(this.service, '/v1/stats/wall'))
    } catch {
      // the stream itself finds out and says so
    } finally {
      this.refreshing = false
    }
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      try {
        if (this.seq === null || Date.now() - this.heardAt > RESUME_WITHIN_MS) await this.startOver()
        await this.follow()
      } catch (error) {
        if (this.stopped) return
        this.lose(error)
      }
      if (!this.stopped) await this.wait()
    }
  }

  private async startOver(): Promise<void> {
    this.listener.connection('connecting')
    const stats = await read<WallStats>(this.service, '/v1/stats/wall')
    this.gathered = []
    this.seq = stats.seq
    this.deliver(stats)
  }

  private deliver(stats: WallStats): void {
    this.flush()
    this.heardAt = Date.now()
    this.listener.snapshot(stats)
  }

  /** Reads the stream until it ends; returns or throws, both mean "again". */
  private async follow(): Promise<void> {
    this.abort = new AbortController()
    const after = this.seq ?? 0
    const response = await this.open(after)
    if (!response.ok) {
      const problem = await problemOf(response)
      if (problem.status !== 401 && problem.status < 500) this.seq = null
      throw new ServiceError(problem)
    }
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    if (!reader) throw new ServiceError({ title: 'the stream has no body', status: 0 })
    const events = new EventReader()
    this.heard()
    this.listener.connection('live')
    const watchdog = setInterval(() => {
      if (Date.now() - this.heardAt > SILENCE_MS) this.abort.abort()
    }, 1_000)
    try {
      for (;;) {
        const { done, value } = await reader.read()
        if (done) break
        this.attempt = 0
        for (const event of events.feed(value)) this.take(event)
      }
    } finally {
      clearInterval(watchdog)
    }
    this.lose(null)
  }

  private async open(after: number): Promise<Response> {
    const giveUp = setTimeout(() => this.abort.abort(), SILENCE_MS)
    try {
      return await fetch(`${this.service.origin}/v1/stream?after=${after}`, {
        headers: requestHeaders(this.service, { accept: 'text/event-stream', 'last-event-id': String(after) }),
        cache: 'no-store',
        signal: this.abort.signal,
      })
    } catch {
      throw new ServiceError({ title: 'no answer', status: 0 })
    } finally {
      clearTimeout(giveUp)
    }
  }

  private take(event: ServerSentEvent): void {
    this.heard()
    if (event.event === 'incident') this.gather(JSON.parse(event.data) as WallIncident)
    else if (event.event === 'heartbeat') this.beat(JSON.parse(event.data) as Heartbeat)
    else if (event.event === 'map') this.listener.mapChanged(JSON.parse(event.data) as MapVersion)
    else if (event.event === 'resync') this.again()
  }

  private gather(incident: WallIncident): void {
    if (this.seq !== null && incident.seq <= this.seq) return
    this.seq = incident.seq
    this.gathered.push(incident)
    this.gatherTimer ??= setTimeout(() => this.flush(), GATHER_MS)
  }

  private flush(): void {
    if (this.gatherTimer) clearTimeout(this.gatherTimer)
    this.gatherTimer = null
    if (this.gathered.length === 0) return
    const incidents = this.gathered
    this.gathered = []
    this.listener.incidents(incidents)
  }

  private beat(heartbeat: Heartbeat): void {
    // a stream that stands before our place is another stream: the database was made anew
    if (this.seq !== null && heartbeat.seq < this.seq) this.again()
    else this.listener.heartbeat(heartbeat)
  }

  private again(): void {
    this.seq = null
    this.abort.abort()
  }

  private heard(): void {
    this.heardAt = Date.now()
  }

  private lose(error: unknown): void {
    this.flush()
    this.listener.connection('lost')
    if (error !== null) this.listener.failed(asProblem(error))
  }

  private wait(): Promise<void> {
    const base = RETRY_MS[Math.min(this.attempt, RETRY_MS.length - 1)] ?? 8_000
    this.attempt += 1
    // walls that lost the same server do not come back in the same millisecond
    return new Promise((resolve) => setTimeout(resolve, base * (0.75 + Math.random() / 2)))
  }
}
