// The shapes of the geocoder's questions and answers. Coordinates are in the system that each of them names, lng first.

export const SYSTEMS = ['wgs84', 'gcj02', 'bd09', 'cgcs2000'] as const
export type Crs = (typeof SYSTEMS)[number]

export interface LngLat { lng: number; lat: number }
export interface Named { code: string; name: string }
export interface GridChance extends Named { confidence: number }

export type Verdict = 'accepted' | 'ambiguous' | 'doubtful' | 'not_found'

/** An element of an address, from the large to the small. */
export const ELEMENTS = [
  'province', 'city', 'district', 'township', 'community', 'road', 'number', 'compound', 'poi', 'building', 'unit', 'room',
] as const

export interface GeocodeRequest {
  crs: Crs
  text: string
  point?: LngLat & { crs?: Crs }
  area?: string
  category?: string
  limit?: number
}

/** One line of the trace. A `span` counts characters of the query, not bytes and not UTF-16 units. */
export interface Match {
  element: string
  span: [from: number, to: number] | null
  said: string
  name: string
  kind: string
  cost: number
}

export interface Fault { fault: string; penalty: number; detail?: string | null }

export interface Responsible { kind: string; name: string; reason: string }

/** Why somebody is responsible: what does not belong to the code is absent. */
export interface Reason {
  code: string
  grid?: string
  role?: string
  on_shift_until?: string
  open_cases?: number
  distance_m?: number
  level?: string
  passed: { code: string; grid?: string; within_m?: number; detail?: string }[]
}

/** A coordinate that stands in the text itself; `span` as of a line of the trace. */
export interface Written { span: [from: number, to: number]; said: string; lng: number; lat: number; crs: Crs; latitude_first: boolean; accuracy_m: number }

export interface Division extends Named { level: string; parent_code: string | null }

export interface Category extends Named { parent_code: string | null }

export interface PlaceProperties {
  geocoding: {
    type: string
    label: string
    city?: string | null
    accuracy?: number | null
    admin?: Record<string, string>
  }
  id: number | null
  level: string
  level_amap?: string | null
  confidence: number
  accuracy_m: number
  elements?: Partial<Record<string, string>>
  grid?: GridChance | null
  community?: Named | null
  township?: Named | null
  district?: Named | null
  responsible?: Responsible | null
  responsible_because?: Reason | null
  /** How the place lies to what the text names, such as “对面”. */
  relation?: string
  match?: Match[]
  faults?: Fault[]
}

export interface Place<P = PlaceProperties> {
  type: 'Feature'
  geometry: { type: 'Point'; coordinates: [lng: number, lat: number] }
  properties: P
}

export interface Question { element: string; text: string; options: { value: string; confidence: number }[] }

export interface Missing { road: string; asked: string; lowest: number | string; highest: number | string; nearest: number | string }

export interface PointVerdict {
  distance_m: number | null
  /** Where the point lies, seen from the first candidate. */
  direction?: string | null
  grid: string | null
  agrees: boolean
  likely_crs: Crs | null
  written?: Written | null
  /** What this caller probably sends, by its last requests with text and point. */
  caller?: { declared: Crs; likely: Crs; reports: number; declared_m: number; likely_m: number } | null
}

export interface GeocodeAnswer {
  type: 'FeatureCollection'
  geocoding: {
    query: string
    crs: Crs
    verdict: Verdict
    summary?: string
    boundary_version: number
    gazetteer_version: number
    grids: GridChance[]
    question: Question | null
    missing: Missing | null
    point: PointVerdict | null
    faults: Fault[]
  }
  features: Place[]
}

export interface NearProperties {
  geocoding: PlaceProperties['geocoding']
  /** `address`, `poi` or `crossing`. */
  kind: string
  name?: string
  addresses: number
  elements: Partial<Record<string, string>>
  distance_m: number
  bearing_deg: number
  bearing: string
}

export interface ReverseAnswer {
  type: 'FeatureCollection'
  geocoding: { grid: Named | null; also_grids: (Named & { distance_m: number })[]; boundary_version: number }
  features: Place<NearProperties>[]
}

export interface Suggestion {
  /** What is meant, from the district down. */
  label: string
  /** What the box becomes. */
  text: string
  element: string
  /** Characters of the query that are replaced. */
  completes: [from: number, to: number]
  /** Addresses there. */
  count?: number
  lng?: number
  lat?: number
}

export interface SuggestAnswer { query: string; suggestions: Suggestion[] }

export type JobState = 'uploaded' | 'waiting' | 'running' | 'done' | 'cancelled' | 'deleted'

/** Which columns of a table say what, by name. The address stands in `text` or in `elements`. */
export interface Mapping {
  id?: string | null
  text?: string[]
  elements?: Record<string, string>
  lng?: string | null
  lat?: string | null
  /** The system of the points in the file; never guessed. */
  point_crs?: Crs | null
}

export interface JobProgress {
  state: JobState
  run: number
  rows: number
  done: number
  /** Rows by status. */
  outcomes: Record<string, number>
  changed: number
}

/** A table that is geocoded row by row. */
export interface Job extends JobProgress {
  id: string
  file_name: string
  crs: Crs
  columns: string[]
  mapping: Mapping | null
  created_at: string
  expires_at: string
}

export interface Uploaded { job: Job; proposed_mapping: Mapping; first_rows: string[][] }

export interface RowAnswer {
  confidence?: number | null
  level?: string
  label?: string
  grid_name?: string
  question?: string
  fault?: string
  note?: string
}

/** `row` as the file shows it: the header is row 1. */
export interface JobRow { row: number; cells: string[]; status: string; answer: RowAnswer | null }
