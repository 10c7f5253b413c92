// Rows of the bar panels, made from the state. Order is fixed where the thing has one (levels, channels) and by count
// where it has not (categories).
import type { Level } from '../api/schema.ts'
import { categoryColor, MEANING } from '../shared/colors.ts'
import { categoryCount, count, share } from '../shared/format.ts'
import { categoryMark, categoryName, sayCode, type Language } from '../shared/terms.ts'
import type { WallState } from './state.ts'

export interface Bar {
  key: string
  label: string
  value: string
  /** Width in percent of the longest. */
  share: number
  color: string
  mark?: string
}

const CHANNELS = ['hotline', 'mini_program', 'app', 'grid_patrol', 'web', 'mediation', 'window', 'import']
const LEVELS: readonly Level[] = ['grid', 'community', 'township', 'district', 'city']
export const CATEGORY_ROWS = 8

export function channelBars(state: WallState, language: Language): Bar[] {
  const known = CHANNELS.filter((channel) => channel !== 'import' || (state.byChannel[channel] ?? 0) > 0)
  const others = Object.keys(state.byChannel).filter((channel) => !CHANNELS.includes(channel)).sort()
  const values = [...known, ...others].map((key) => ({ key, value: state.byChannel[key] ?? 0 }))
  const most = Math.max(0, ...values.map(({ value }) => value))
  return values.map(({ key, value }) => ({
    key, label: sayCode(language, 'channel', key), value: count(value), share: share(value, most), color: MEANING.ice,
  }))
}

export function levelBars(state: WallState, language: Language): Bar[] {
  const values = LEVELS.map((level) => state.byLevel[level] ?? 0)
  const most = Math.max(0, ...values)
  return LEVELS.map((level, i) => ({
    key: level, label: sayCode(language, 'level', level), value: count(values[i] ?? 0),
    share: share(values[i] ?? 0, most), color: MEANING.amber,
  }))
}

export function categoryBars(state: WallState, language: Language): Bar[] {
  const rows = [...state.byCategory].sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1)).slice(0, CATEGORY_ROWS)
  const most = rows[0]?.count ?? 0
  return rows.map(({ code, name, count: value }) => {
    const written = categoryCount(code, value)
    // a bar must not tell what its number hides
    const shown = written.startsWith('<') ? 0 : value
    return {
      key: code, label: categoryName(language, code, name), value: written, share: share(shown, most),
      color: categoryColor(code), mark: categoryMark(language, code),
    }
  })
}
