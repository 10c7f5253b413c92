// The wall's state and the one function that changes it. Pure: no clock, no network, no map. What a snapshot says is
// exact for its place in the stream; every event after that place is applied to it, and again to the next snapshot if
// that was taken before the event.
import type { Area, Category, Heartbeat, Level, MapVersion, Problem, WallIncident, WallStats } from '../api/schema.ts'
import { cityDay, cityHour, isDispute } from '../shared/format.ts'

export interface Point { id: string; lng: number; lat: number; categoryCode: string }

export interface WallState {
  phase: 'loading' | 'ready' | 'failed'
  problem: Problem | null
  connection: 'connecting' | 'live' | 'lost'
  /** Local time of the last word from the service, in ms. */
  heardAt: number | null
  /** Service's clock minus ours, in ms: walls run for weeks and drift. */
  clockOffsetMs: number
  seq: number
  today: WallStats['today']
  byChannel: Readonly<Record<string, number>>
  byLevel: Readonly<Partial<Record<Level, number>>>
  byCategory: readonly (Category & { count: number })[]
  hourly: readonly number[]
  workersOnDuty: number
  grids: number
  people: number
  synthetic: boolean
  openByDivision: ReadonlyMap<string, number>
  openByGrid: ReadonlyMap<number, number>
  /** Open incidents that may be shown as points: no disputes. */
  points: ReadonlyMap<string, Point>
  /** Points that the last batch of events added. */
  arrived: readonly Point[]
  /** Newest first, no disputes. */
  ticker: readonly WallIncident[]
  /** Events since the last snapshot, oldest first. */
  log: readonly WallIncident[]
  /** An event's effect is not known for certain: the numbers should be read again soon. */
  unsure: boolean
  /** How often the map or the borders have changed since the wall was opened. */
  mapChanges: number
  /** Whether there are divisions to show: not asked yet, none loaded, there. */
  city: 'unknown' | 'none' | 'there'
  /** From the city down to the place in view. */
  path: readonly Area[]
}

export type WallEvent =
  | { kind: 'snapshot'; stats: WallStats; at: number }
  | { kind: 'incidents'; incidents: readonly WallIncident[]; at: number }
  | { kind: 'heartbeat'; heartbeat: Heartbeat; at: number }
  | { kind: 'map_changed'; version: MapVersion; at: number }
  | { kind: 'connection'; connection: WallState['connection'] }
  | { kind: 'failed'; problem: Problem }
  | { kind: 'went_to'; path: readonly Area[] }
  | { kind: 'went_up' }
  | { kind: 'no_city' }

/** What a wall keeps for weeks is bounded. */
export const TICKER_LENGTH = 60
export const LOG_LENGTH = 4_000

/** Actions after which nobody has to act any more, and those after which somebody has to again (state table). */
const ENDING = new Set(['answer', 'reject', 'merge_into', 'close', 'withdraw'])
const REOPENING = new Set(['appeal', 'redo', 'reopen'])
/** Actions that move a case between levels: from which one the event does not say. */
const LEVEL_CHANGING = new Set(['escalate', 'send_down'])
/** What the ticker leaves out: steps that the machine takes in the same moment as the report, and paperwork. */
const UNTOLD = new Set(['register', 'dispatch', 'accept', 'start', 'progress', 'archive'])

export const INITIAL: WallState = {
  phase: 'loading', problem: null, connection: 'connecting', heardAt: null, clockOffsetMs: 0, seq: 0,
  today: { received: 0, open: 0, closed: 0, overdue: 0 },
  byChannel: {}, byLevel: {}, byCategory: [], hourly: Array.from({ length: 24 }, () => 0),
  workersOnDuty: 0, grids: 0, people: 0, synthetic: false,
  openByDivision: new Map(), openByGrid: new Map(), points: new Map(), arrived: [],
  ticker: [], log: [], unsure: false, mapChanges: 0, city: 'unknown', path: [],
}

export function reduce(state: WallState, event: WallEvent): WallState {
  switch (event.kind) {
    case 'snapshot':
      return applySnapshot(state, event.stats, event.at)
    case 'incidents':
      return applyIncidents(state, event.incidents, event.at)
    case 'heartbeat':
      return { ...state, heardAt: event.at, clockOffsetMs: offset(event.heartbeat.at, event.at, state.clockOffsetMs) }
    case 'map_changed':
      return { ...state, heardAt: event.at, mapChanges: state.mapChanges + 1 }
    case 'connection':
      return { ...state, connection: event.connection, problem: event.connection === 'live' ? null : state.problem }
    case 'failed':
      return { ...state, problem: event.problem, phase: state.phase === 'ready' ? 'ready' : 'failed' }
    case 'went_to':
      return { ...state, path: event.path, city: 'there' }
    case 'no_city':
      return { ...state, path: [], city: 'none' }
    case 'went_up':
      return state.path.length > 1 ? { ...state, path: state.path.slice(0, -1) } : state
  }
}

function applySnapshot(state: WallState, stats: WallStats, at: number): WallState {
  const base: WallState = {
    ...state,
    phase: 'ready', problem: null, heardAt: at, seq: stats.seq, unsure: false, arrived: [], log: [],
    today: stats.today, byChannel: stats.by_channel, byLevel: stats.by_level, byCategory: stats.by_category.map(({ code, name, count, fewer_than: fewer }) => ({ code, name, count: fewer === undefined ? count : 1 })),
    hourly: stats.hourly, workersOnDuty: stats.workers_on_duty, grids: stats.grids, people: stats.people,
    synthetic: stats.synthetic,
    openByDivision: new Map(Object.entries(stats.open_by_division)),
    openByGrid: new Map(Object.entries(stats.open_by_grid).map(([id, open]) => [Number(id), open])),
    points: new Map(stats.open_points.filter(([, , , code]) => !isDispute(code))
      .map(([id, lng, lat, categoryCode]) => [String(id), { id: String(id), lng, lat, categoryCode }])),
    ticker: stats.recent.filter(isTold).slice(0, TICKER_LENGTH),
  }
  const later = state.log.filter((incident) => incident.seq > stats.seq)
  return later.length === 0 ? base : { ...applyIncidents(base, later, at), arrived: [] }
}

function applyIncidents(state: WallState, incidents: readonly WallIncident[], at: number): WallState {
  const fresh = incidents.filter((incident) => incident.seq > state.seq)
  if (fresh.length === 0) return { ...state, heardAt: at, arrived: [] }
  const draft = new Draft(state, cityDay(at + state.clockOffsetMs))
  for (const incident of fresh) draft.apply(incident)
  const log = [...state.log, ...fresh]
  return { ...draft.finish(), heardAt: at, log: log.slice(-LOG_LENGTH), seq: fresh.at(-1)?.seq ?? state.seq }
}

/** One batch's copy of the tables, so that a burst of a thousand events copies them once. */
class Draft {
  private readonly today: WallStats['today']
  private readonly byChannel: Record<string, number>
  private readonly byLevel: Partial<Record<Level, number>>
  private readonly byCategory: (Category & { count: number })[]
  private readonly hourly: number[]
  private readonly openByDivision: Map<string, number>
  private readonly openByGrid: Map<number, number>
  private readonly points: Map<string, Point>
  private arrived: Point[] = []
  private ticker: WallIncident[] = []
  private unsure: boolean

  constructor(private readonly state: WallState, private readonly day: string) {
    this.today = { ...state.today }
    this.byChannel = { ...state.byChannel }
    this.byLevel = { ...state.byLevel }
    this.byCategory = state.byCategory.map((category) => ({ ...category }))
    this.hourly = [...state.hourly]
    this.openByDivision = new Map(state.openByDivision)
    this.openByGrid = new Map(state.openByGrid)
    this.points = new Map(state.points)
    this.unsure = state.unsure
  }

  apply(incident: WallIncident): void {
    if (incident.action === 'report') this.receive(incident)
    else if (ENDING.has(incident.action)) this.end(incident)
    else if (REOPENING.has(incident.action)) this.reopen(incident)
    else if (LEVEL_CHANGING.has(incident.action)) this.unsure = true
    if (isTold(incident)) this.ticker.push(incident)
  }

  finish(): WallState {
    return {
      ...this.state,
      today: this.today, byChannel: this.byChannel, byLevel: this.byLevel, byCategory: this.byCategory,
      hourly: this.hourly, openByDivision: this.openByDivision, openByGrid: this.openByGrid, points: this.points,
      arrived: this.arrived, unsure: this.unsure,
      ticker: [...this.ticker.reverse(), ...this.state.ticker].slice(0, TICKER_LENGTH),
    }
  }

  private receive(incident: WallIncident): void {
    if (cityDay(new Date(incident.reported_at)) === this.day) this.countToday(incident)
    this.open(incident, 1)
    const point = this.show(incident)
    if (point) this.arrived.push(point)
  }

  /** What was told on another day and comes in today, as an import does, is none of today's. */
  private countToday(incident: WallIncident): void {
    this.today.received += 1
    this.byChannel[incident.channel] = (this.byChannel[incident.channel] ?? 0) + 1
    const hour = cityHour(new Date(incident.reported_at))
    this.hourly[hour] = (this.hourly[hour] ?? 0) + 1
    const category = this.byCategory.find(({ code }) => code === incident.category.code)
    if (category) category.count += 1
    else this.byCategory.push({ ...incident.category, count: 1 })
  }

  private show(incident: WallIncident): Point | null {
    const { id, lng, lat, category } = incident
    if (lng === null || lat === null || isCountedOnly(incident)) return null
    const point = { id, lng, lat, categoryCode: category.code }
    this.points.set(id, point)
    return point
  }

  private end(incident: WallIncident): void {
    if (incident.action === 'close') this.today.closed += 1
    this.open(incident, -1)
    this.points.delete(incident.id)
    // it may have been overdue, and only the service knows since when
    if (Date.parse(incident.due_at) < (this.state.heardAt ?? 0) + this.state.clockOffsetMs) this.unsure = true
  }

  private reopen(incident: WallIncident): void {
    this.open(incident, 1)
    this.show(incident)
    // whether it was closed today, and counted so, only the service knows
    this.unsure = true
  }

  private open(incident: WallIncident, change: 1 | -1): void {
    this.today.open = Math.max(0, this.today.open + change)
    this.byLevel[incident.level] = Math.max(0, (this.byLevel[incident.level] ?? 0) + change)
    const codes = [incident.community_code, incident.township_code, incident.district_code]
    for (const code of codes) if (code !== null) add(this.openByDivision, code, change)
    if (incident.grid_id !== null) add(this.openByGrid, incident.grid_id, change)
  }
}

function isTold(incident: WallIncident): boolean {
  return !isCountedOnly(incident) && !UNTOLD.has(incident.action)
}

function isCountedOnly(incident: WallIncident): boolean {
  return incident.counted_only === true || isDispute(incident.category.code)
}

function add<K>(counts: Map<K, number>, key: K, change: number): void {
  const value = (counts.get(key) ?? 0) + change
  if (value > 0) counts.set(key, value)
  else counts.delete(key)
}

function offset(serviceTime: string, at: number, before: number): number {
  const said = Date.parse(serviceTime)
  return Number.isNaN(said) ? before : said - at
}
