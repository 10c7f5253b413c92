// The geocoder's codes in words. A code that the table does not have yet is shown as it is: better odd than lost.
import type { Crs, Fault, Missing, Reason } from '../api/geocode_schema.ts'
import { say, sayCode, type Language } from '../shared/terms.ts'

/** `3 m`, `85 m`, `1.2 km` */
export function metres(value: number): string {
  if (value < 9.5) return `${Math.max(1, Math.round(value))} m`
  if (value < 995) return `${Math.round(value)} m`
  return `${(value / 1_000).toFixed(value < 9_950 ? 1 : 0)} km`
}

/** `98 %`, `<1 %`, `>99 %`: what is not certain is never written as certain, nor the other way round. */
export function percent(chance: number): string {
  if (chance <= 0) return '0 %'
  if (chance >= 1) return '100 %'
  if (chance < 0.005) return '<1 %'
  return chance >= 0.995 ? '>99 %' : `${Math.round(chance * 100)} %`
}

/** Candidates less likely than this are listed, and not what the map is moved for. */
export const LIKELY = 0.03

export function faultWords(language: Language, { fault }: Fault): string {
  const own = sayCode(language, 'fault', fault, '')
  if (own !== '') return own
  const [element = '', what = ''] = fault.split('.')
  const pattern = sayCode(language, 'fault.of', what, '')
  return pattern === '' ? fault : pattern.replace('{element}', sayCode(language, 'element', element))
}

export function crsWords(language: Language, crs: Crs): string {
  return sayCode(language, 'crs', crs)
}

/** "The road exists, number 123 does not; the nearest is 97." */
export function missingWords(language: Language, { road, asked, nearest }: Missing): string {
  const number = (value: string | number): string => (/^\d+$/.test(String(value)) ? say(language, 'geo.number', { n: value }) : String(value))
  return say(language, 'geo.missing.said', { road, asked: number(asked), nearest: number(nearest) })
}

export function nearestNumber(language: Language, { nearest }: Missing): string {
  return /^\d+$/.test(String(nearest)) ? say(language, 'geo.number', { n: nearest }) : String(nearest)
}

/** Words of bearing in the language on screen; the service says them in Chinese. */
export function bearingWords(language: Language, bearing: string): string {
  return sayCode(language, 'bearing', bearing)
}

/** The service's clock is the city's: shifts end by the time on its walls. */
const CITY_TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'Asia/Shanghai' })

/** Why somebody is responsible, in the language on screen; `null` for a code that the table does not have. */
export function reasonWords(language: Language, reason: Reason): string | null {
  const { code, grid = '', role = '', level = '', on_shift_until: until, open_cases: cases, distance_m: away } = reason
  const who = sayCode(language, 'reason', code, '')
  if (who === '') return null
  const values: Record<string, string> = {
    grid, role: sayCode(language, 'role', role), level: sayCode(language, 'level', level), m: metres(away ?? 0),
  }
  const parts = [filled(who, values)]
  if (until !== undefined) parts.push(say(language, 'reason.until', { at: CITY_TIME.format(new Date(until)) }))
  if (cases !== undefined) parts.push(say(language, 'reason.cases', { n: cases }))
  const passed = reason.passed.map((each) => {
    const words = sayCode(language, 'passed', each.code, each.detail ?? each.code)
    return filled(words, { grid: each.grid ?? '', km: String(Math.round((each.within_m ?? 0) / 1_000)), detail: each.detail ?? '' })
  })
  const list = (all: string[]): string => all.join(language === 'zh' ? '，' : ', ')
  return passed.length === 0 ? list(parts) : say(language, 'reason.because', { who: list(parts), why: list(passed) })
}

function filled(words: string, values: Readonly<Record<string, string>>): string {
  return words.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
}

/** Colours of a verdict, by the names of the palette; the sign and the words say the same. */
export const VERDICT_COLOR = { accepted: 'green', ambiguous: 'amber', doubtful: 'amber', not_found: 'red' } as const
export const VERDICT_SIGN = { accepted: '✓', ambiguous: '?', doubtful: '!', not_found: '✕' } as const

/** The mark of a candidate, in the list and on the map. */
export function placeMark(index: number): string {
  return String(index + 1)
}
