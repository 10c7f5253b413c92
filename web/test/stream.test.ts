import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextLink } from '../src/api/client.ts'
import { EventReader } from '../src/api/sse.ts'
import { WallStream, type StreamListener } from '../src/api/stream.ts'
import { incident, stats } from './incidents.ts'

describe('server-sent events', () => {
  const TEXT = 'id: 7\nevent: incident\ndata: {"a":1}\n\n: comment\r\nevent: heartbeat\r\ndata: x\r\ndata: y\r\n\r\ndata:z\n\n'
  const EVENTS = [
    { event: 'incident', data: '{"a":1}', lastEventId: '7' },
    { event: 'heartbeat', data: 'x\ny', lastEventId: '7' },
    { event: 'message', data: 'z', lastEventId: '7' },
  ]

  it('are read the same wherever the text is cut', () => {
    for (let cut = 0; cut <= TEXT.length; cut += 1) {
      const reader = new EventReader()
      expect([...reader.feed(TEXT.slice(0, cut)), ...reader.feed(TEXT.slice(cut))]).toEqual(EVENTS)
    }
  })

  it('without data are not events', () => {
    expect(new EventReader().feed('event: nothing\nid: 3\n\n')).toEqual([])
  })
})

describe('the next page of a list', () => {
  it('is found among the links', () => {
    expect(nextLink('<http://h/v1/grids?cursor=b>; rel="next", <http://h/v1/grids>; rel="first"')).toBe('/v1/grids?cursor=b')
    expect(nextLink('</v1/grids>; rel="prev"')).toBeNull()
    expect(nextLink(null)).toBeNull()
  })
})

describe('the stream', () => {
  const service = { origin: 'http://test', key: null }
  let told: string[] = []
  let answers: ((url: string) => Response | Promise<Response>)[] = []
  let asked: string[] = []
  let stream: WallStream

  const listener: StreamListener = {
    snapshot: ({ seq }) => told.push(`snapshot ${seq}`),
    incidents: (incidents) => told.push(`incidents ${incidents.map(({ seq }) => seq).join()}`),
    heartbeat: ({ seq }) => told.push(`heartbeat ${seq}`),
    mapChanged: (version) => told.push(`map ${version.map_version}`),
    connection: (connection) => told.push(connection),
    failed: ({ status }) => told.push(`failed ${status}`),
  }
  const json = (body: unknown): (() => Response) => () => new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } })
  const problem = (status: number): (() => Response) => () => new Response(JSON.stringify({ title: 'no', status }), { status, headers: { 'content-type': 'application/problem+json' } })
  const events = (...texts: string[]): (() => Response) => () => new Response(texts.join(''), { headers: { 'content-type': 'text/event-stream' } })
  const event = (kind: string, data: object): string => `event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`
  const silence = (): Promise<Response> => new Promise(() => undefined)

  beforeEach(() => {
    vi.useFakeTimers()
    told = []
    asked = []
    vi.stubGlobal('fetch', (url: string) => {
      asked.push(url.replace('http://test', ''))
      return Promise.resolve((answers.shift() ?? silence)(url))
    })
    stream = new WallStream(service, listener)
  })
  afterEach(() => {
    stream.stop()
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  it('starts from fresh numbers and follows from their place', async () => {
    answers = [json(stats(40)), events(event('incident', incident(41)), event('incident', incident(42)), event('heartbeat', { seq: 42, at: 'x' }))]
    stream.start()
    await vi.advanceTimersByTimeAsync(300)
    expect(asked.slice(0, 2)).toEqual(['/v1/stats/wall', '/v1/stream?after=40'])
    expect(told).toEqual(['connecting', 'snapshot 40', 'live', 'heartbeat 42', 'incidents 41,42', 'lost'])
  })

  it('resumes after the last event when the service goes away for a moment', async () => {
    answers = [json(stats(40)), events(event('incident', incident(41)))]
    stream.start()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(asked).toEqual(['/v1/stats/wall', '/v1/stream?after=40', '/v1/stream?after=41'])
  })

  it('starts over when the service no longer has what was missed', async () => {
    answers = [json(stats(40)), problem(410), json(stats(90)), events(event('heartbeat', { seq: 90, at: 'x' }))]
    stream.start()
    await vi.advanceTimersByTimeAsync(1_500)
    expect(asked.slice(0, 4)).toEqual(['/v1/stats/wall', '/v1/stream?after=40', '/v1/stats/wall', '/v1/stream?after=90'])
  })

  it('starts over when the stream stands before our place: the database was made anew', async () => {
    answers = [json(stats(40)), events(event('heartbeat', { seq: 3, at: 'x' })), json(stats(3))]
    stream.start()
    await vi.advanceTimersByTimeAsync(1_500)
    expect(asked.slice(0, 3)).toEqual(['/v1/stats/wall', '/v1/stream?after=40', '/v1/stats/wall'])
  })

  it('keeps trying, ever more slowly, and says why', async () => {
    answers = Array.from({ length: 20 }, () => problem(503))
    stream.start()
    await vi.advanceTimersByTimeAsync(20_000)
    expect(told.filter((line) => line === 'failed 503').length).toBeGreaterThanOrEqual(4)
    expect(asked.length).toBeLessThanOrEqual(8)
  })

  it('ignores events that the numbers already contain', async () => {
    answers = [json(stats(40)), events(event('incident', incident(39)), event('incident', incident(40)))]
    stream.start()
    await vi.advanceTimersByTimeAsync(300)
    expect(told.some((line) => line.startsWith('incidents'))).toBe(false)
  })
})
