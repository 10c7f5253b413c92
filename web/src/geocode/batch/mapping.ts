// Which column of a table holds what. Pure: the form shows a role per column, the service wants columns by role.
import type { Crs, Job, JobRow, Mapping } from '../../api/geocode_schema.ts'

/** Parts of an address that a table may have columns for, from the large to the small. */
export const PARTS = ['district', 'township', 'community', 'road', 'number', 'compound', 'building', 'unit', 'room'] as const
/** What a column can hold, in the order that people look for it. */
export const ROLES = ['text', 'id', ...PARTS, 'lng', 'lat'] as const
export type Role = (typeof ROLES)[number]

/** Roles by column; a column that is not used is left out. */
export type Roles = Readonly<Record<string, Role>>

export function isRole(text: string): text is Role {
  return ROLES.some((role) => role === text)
}

/** Gives a column a role, or none. A text may stand in several columns; of anything else there is one. */
export function withRole(roles: Roles, column: string, role: Role | null): Roles {
  const rest = Object.entries(roles).filter(([name, held]) => name !== column && (held === 'text' || held !== role))
  return Object.fromEntries(role === null ? rest : [...rest, [column, role]])
}

export function rolesOf({ id, text, elements, lng, lat }: Mapping): Roles {
  const roles: Record<string, Role> = {}
  for (const column of text ?? []) roles[column] = 'text'
  for (const [part, column] of Object.entries(elements ?? {})) if (isRole(part)) roles[column] = part
  if (id) roles[id] = 'id'
  if (lng) roles[lng] = 'lng'
  if (lat) roles[lat] = 'lat'
  return roles
}

/** Texts are joined in the order of the file. */
export function mappingOf(roles: Roles, columns: readonly string[], pointCrs: Crs | null): Mapping {
  const holding = (role: Role): string[] => columns.filter((column) => roles[column] === role)
  const [id, lng, lat] = [holding('id')[0], holding('lng')[0], holding('lat')[0]]
  const elements = Object.fromEntries(PARTS.flatMap((part) => holding(part).map((column) => [part, column] as const)))
  return {
    ...(id !== undefined && { id }), text: holding('text'), elements,
    ...(lng !== undefined && { lng }), ...(lat !== undefined && { lat }),
    ...(lng !== undefined && lat !== undefined && pointCrs !== null && { point_crs: pointCrs }),
  }
}

export type MappingFault = 'nothing' | 'both' | 'half_point' | 'system'

/** Why a table cannot be started with this mapping; `null` if it can. */
export function mappingFault({ text = [], elements = {}, lng, lat, point_crs }: Mapping): MappingFault | null {
  const parts = Object.keys(elements).length
  if (text.length > 0 && parts > 0) return 'both'
  if ((lng === undefined) !== (lat === undefined)) return 'half_point'
  if (text.length === 0 && parts === 0 && lng === undefined) return 'nothing'
  return lng !== undefined && !point_crs ? 'system' : null
}

/** What a row asks, as one text. */
export function textOf({ columns, mapping }: Pick<Job, 'columns' | 'mapping'>, { cells }: Pick<JobRow, 'cells'>): string {
  const roles = rolesOf(mapping ?? {})
  const cell = (column: string): string => cells[columns.indexOf(column)]?.trim() ?? ''
  const texts = columns.filter((column) => roles[column] === 'text').map(cell).filter((text) => text !== '')
  if (texts.length > 0) return texts.join(' ')
  return PARTS.map((part) => mapping?.elements?.[part]).map((column) => (column === undefined ? '' : cell(column))).join('')
}

/** Statuses of rows that nobody needs to look at. */
const FINE = new Set(['accepted', 'located', 'empty', 'pending'])
const ORDER = ['accepted', 'located', 'ambiguous', 'doubtful', 'not_found', 'outside', 'fault', 'empty', 'pending']

export interface StatusCount { status: string; rows: number; needsLook: boolean }

/** Counts in a fixed order; what the page has no word for stands last. */
export function statusCounts(outcomes: Readonly<Record<string, number>>): StatusCount[] {
  const rank = (status: string): number => (ORDER.includes(status) ? ORDER.indexOf(status) : ORDER.length)
  return Object.entries(outcomes).filter(([, rows]) => rows > 0).map(([status, rows]) => ({ status, rows, needsLook: !FINE.has(status) }))
    .sort((a, b) => rank(a.status) - rank(b.status))
}
