import { describe, expect, it } from 'vitest'
import type { WallIncident } from '../src/api/schema.ts'
import { categoryBars } from '../src/wall/bars.ts'
import { INITIAL, LOG_LENGTH, reduce, TICKER_LENGTH, type WallState } from '../src/wall/state.ts'
import { area, incident, stats } from './incidents.ts'

const AT = Date.parse('2026-05-04T02:00:00Z')

function after(state: WallState, ...incidents: WallIncident[]): WallState {
  return reduce(state, { kind: 'incidents', incidents, at: AT })
}
function from(...args: Parameters<typeof stats>): WallState {
  return reduce(INITIAL, { kind: 'snapshot', stats: stats(...args), at: AT })
}

describe('an incident that is reported', () => {
  it('is counted everywhere it belongs', () => {
    const state = after(from(5), incident(6))
    expect(state.today).toEqual({ received: 11, open: 5, closed: 6, overdue: 1 })
    expect(state.byChannel).toEqual({ hotline: 11 })
    expect(state.byLevel).toEqual({ grid: 5 })
    expect(state.byCategory).toEqual([{ code: '0201', name: '道路破损', count: 11 }])
    expect([...state.openByDivision.values()]).toEqual([5, 5, 5])
    expect(state.openByGrid.get(7)).toBe(5)
    expect(state.hourly[9]).toBe(1)
  })

  it('is one of few where the service does not say of how many', () => {
    const few = { by_category: [{ code: '0501', name: '邻里纠纷', count: 0, fewer_than: 3 }] }
    const state = from(5, few)
    expect(categoryBars(state, 'zh').map(({ value }) => value)).toEqual(['<3'])
    expect(categoryBars(after(state, incident(6)), 'zh').map(({ value }) => value)).toContain('<3')
  })

  it('appears on the map, as an arrival and in the ticker', () => {
    const state = after(from(5), incident(6))
    expect(state.points.get('1006')).toEqual({ id: '1006', lng: 103.8, lat: 36.05, categoryCode: '0201' })
    expect(state.arrived.map(({ id }) => id)).toEqual(['1006'])
    expect(state.ticker.map(({ seq }) => seq)).toEqual([6])
  })

  it('is counted but not drawn when nobody knows where it is', () => {
    const state = after(from(5), incident(6, { lng: null, lat: null, grid_id: null, community_code: null, township_code: null, district_code: null }))
    expect(state.today.received).toBe(11)
    expect(state.points.size).toBe(0)
    expect(state.openByDivision.get('620102')).toBe(4)
  })

  it('of another day that comes in today is open, but none of today’s', () => {
    const state = after(from(5), incident(6, { reported_at: '2026-05-03T15:59:59Z' }))
    expect(state.today).toEqual({ received: 10, open: 5, closed: 6, overdue: 1 })
    expect(state.points.size).toBe(1)
  })

  it('is applied once, however often it comes', () => {
    const once = after(from(5), incident(6))
    expect(after(once, incident(6), incident(5)).today).toEqual(once.today)
  })
})

describe('a dispute', () => {
  it('is counted but is neither a point, nor an arrival, nor a line in the ticker', () => {
    const dispute = { category: { code: '0501', name: '邻里纠纷' } }
    const state = after(from(5, { recent: [incident(4, dispute)], open_points: [[1, 103.8, 36, '0501', 'dispatched']] }), incident(6, dispute))
    expect(state.today.received).toBe(11)
    expect([state.points.size, state.arrived.length, state.ticker.length]).toEqual([0, 0, 0])
  })
})

describe('a category that its city only counts', () => {
  it('is treated as disputes are, whatever its code', () => {
    const state = after(from(5), incident(6, { counted_only: true }))
    expect([state.today.received, state.points.size, state.ticker.length]).toEqual([11, 0, 0])
  })
})

describe('an incident that ends', () => {
  it('leaves the map and the open counts', () => {
    const open = after(from(5), incident(6))
    const state = after(open, incident(7, { id: '1006', action: 'close', state: 'closed' }))
    expect(state.today).toEqual({ received: 11, open: 4, closed: 7, overdue: 1 })
    expect(state.points.size).toBe(0)
    expect(state.openByGrid.get(7)).toBe(4)
  })

  it('is not subtracted a second time when it is archived', () => {
    const closed = after(from(5), incident(6, { action: 'close', state: 'closed' }))
    expect(after(closed, incident(7, { action: 'archive', state: 'archived' })).today).toEqual(closed.today)
  })

  it('never makes a count negative', () => {
    const state = after(from(5, { today: { received: 0, open: 0, closed: 0, overdue: 0 }, by_level: {}, open_by_grid: {} }), incident(6, { action: 'close' }))
    expect([state.today.open, state.byLevel.grid]).toEqual([0, 0])
    expect(state.openByGrid.has(7)).toBe(false)
  })

  it('asks for fresh numbers when it was late, for only the service knows the overdue', () => {
    expect(after(from(5), incident(6, { action: 'close', due_at: '2026-05-03T00:00:00Z' })).unsure).toBe(true)
    expect(after(from(5), incident(6, { action: 'close' })).unsure).toBe(false)
  })
})

describe('an incident that changes level', () => {
  it('asks for fresh numbers, because the event does not say where it came from', () => {
    expect(after(from(5), incident(6, { action: 'escalate', level: 'community' })).unsure).toBe(true)
  })
})

describe('a snapshot', () => {
  it('replaces what was counted before', () => {
    const state = reduce(after(from(5), incident(6)), { kind: 'snapshot', stats: stats(6, { today: { received: 50, open: 1, closed: 49, overdue: 0 } }), at: AT })
    expect(state.today.received).toBe(50)
    expect(state.log).toEqual([])
  })

  it('older than an event gets the event on top of it', () => {
    const seen = after(from(5), incident(6), incident(7))
    const state = reduce(seen, { kind: 'snapshot', stats: stats(6, { today: { received: 11, open: 5, closed: 6, overdue: 1 } }), at: AT })
    expect(state.today.received).toBe(12)
    expect(state.seq).toBe(7)
    expect(state.arrived).toEqual([])
  })

  it('of another, younger stream starts that stream from its own place', () => {
    const state = reduce(from(500), { kind: 'snapshot', stats: stats(3), at: AT })
    expect(after(state, incident(4)).today.received).toBe(11)
  })
})

describe('a wall that runs for weeks', () => {
  it('keeps ticker and log bounded', () => {
    let state = from(0)
    for (let batch = 0; batch < 60; batch += 1) {
      state = after(state, ...Array.from({ length: 100 }, (_, i) => incident(batch * 100 + i + 1, { id: String(i) })))
    }
    expect(state.ticker).toHaveLength(TICKER_LENGTH)
    expect(state.log).toHaveLength(LOG_LENGTH)
    expect(state.points.size).toBe(100)
    expect(state.today.received).toBe(6_010)
  })

  it('corrects its clock by the service', () => {
    const state = reduce(from(5), { kind: 'heartbeat', heartbeat: { seq: 5, at: '2026-05-04T02:00:07Z' }, at: AT })
    expect(state.clockOffsetMs).toBe(7_000)
  })
})

describe('trouble', () => {
  const problem = { title: 'unavailable', status: 503 }
  it('before the first numbers is shown instead of them', () => {
    expect(reduce(INITIAL, { kind: 'failed', problem })).toMatchObject({ phase: 'failed', problem })
  })
  it('later leaves the numbers where they are', () => {
    expect(reduce(from(5), { kind: 'failed', problem })).toMatchObject({ phase: 'ready', today: { received: 10 } })
  })
})

describe('going up', () => {
  it('ends at the city', () => {
    const city = area('6201', 'city', null)
    const state = reduce(INITIAL, { kind: 'went_to', path: [city, area('620102', 'district', '6201')] })
    const up = reduce(state, { kind: 'went_up' })
    expect(up.path).toEqual([city])
    expect(reduce(up, { kind: 'went_up' })).toBe(up)
  })
})
