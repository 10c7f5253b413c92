// The shapes of the service's answers that the browser reads. Times are RFC 3339 in UTC; coordinates are WGS 84, lng first.

export type Level = 'city' | 'district' | 'township' | 'community' | 'grid'

export interface Category { code: string; name: string }

/** One step in an incident's life as a wall may see it: where and what kind, never who or which words. */
export interface WallIncident {
  seq: number
  id: string
  number: string
  action: string
  state: string
  level: Level
  channel: string
  category: Category
  lng: number | null
  lat: number | null
  grid_id: number | null
  grid_code: string | null
  community_code: string | null
  township_code: string | null
  district_code: string | null
  reported_at: string
  due_at: string
  /** "township · community" */
  place: string
  /** It may only be counted: no line of its own, no point. */
  counted_only?: boolean
}

/** `[id, lng, lat, category_code, state]` */
export type OpenPoint = [id: string | number, lng: number, lat: number, categoryCode: string, state: string]

export interface WallStats {
  as_of: string
  /** Stream position that these numbers are exact for. */
  seq: number
  today: { received: number; open: number; closed: number; overdue: number }
  by_channel: Record<string, number>
  by_level: Partial<Record<Level, number>>
  /** `fewer_than`: there are some, but so few that the service does not say how many. */
  by_category: (Category & { count: number; fewer_than?: number })[]
  open_by_division: Record<string, number>
  open_by_grid: Record<string, number>
  hourly: number[]
  workers_on_duty: number
  grids: number
  people: number
  synthetic: boolean
  recent: WallIncident[]
  open_points: OpenPoint[]
}

export interface Heartbeat { seq: number; at: string }

export interface MapVersion { map_version: number | null; boundary_version: number | null }

export type Box = [west: number, south: number, east: number, north: number]

/** A division or, with `level: 'grid'`, a grid. */
export interface Area {
  code: string
  level: Level
  kind: string
  name: string
  parent_code: string | null
  people: number
  label: { lng: number; lat: number }
  bbox: Box
  grid_id?: number
}

/** RFC 9457. */
export interface Problem {
  type?: string
  title: string
  title_zh?: string
  status: number
  detail?: string
  /** Where in the body each fault lies, as JSON pointers. */
  errors?: { pointer?: string; detail: string }[]
}
