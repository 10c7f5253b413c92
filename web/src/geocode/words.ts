// The geocoder's codes in words. A code that the table does not have yet is shown as it is: better odd than lost.
import type { Crs, Fault, Missing } from '../api/geocode_schema.ts'
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

/** Colours of a verdict, by the names of the palette; the sign and the words say the same. */
export const VERDICT_COLOR = { accepted: 'green', ambiguous: 'amber', doubtful: 'amber', not_found: 'red' } as const
export const VERDICT_SIGN = { accepted: '✓', ambiguous: '?', doubtful: '!', not_found: '✕' } as const

/** The mark of a candidate, in the list and on the map. */
export function placeMark(index: number): string {
  return String(index + 1)
}
