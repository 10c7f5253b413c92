// How numbers and times are written on screen. The city's clock is the clock: every time is shown in its zone,
// wherever the browser stands.

/** China has one zone and no summer time. */
export const CITY_ZONE = 'Asia/Shanghai'

const clock = new Intl.DateTimeFormat('en-GB', { timeZone: CITY_ZONE, hour: '2-digit', minute: '2-digit', second: '2-digit' })
const shortClock = new Intl.DateTimeFormat('en-GB', { timeZone: CITY_ZONE, hour: '2-digit', minute: '2-digit' })
const dayKey = new Intl.DateTimeFormat('en-CA', { timeZone: CITY_ZONE, year: 'numeric', month: '2-digit', day: '2-digit' })
const dates = {
  zh: new Intl.DateTimeFormat('zh-CN', { timeZone: CITY_ZONE, year: 'numeric', month: 'long', day: 'numeric', weekday: 'long' }),
  en: new Intl.DateTimeFormat('en-GB', { timeZone: CITY_ZONE, weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }),
}
const grouped = new Intl.NumberFormat('en-US')

/** `14:03:22` */
export function clockTime(at: Date | number): string {
  return clock.format(at)
}

/** `14:03` */
export function clockMinute(at: Date | number): string {
  return shortClock.format(at)
}

export function calendarDate(at: Date | number, language: 'zh' | 'en'): string {
  return dates[language].format(at)
}

/** Hour of the day, 0 to 23, on the city's clock. */
export function cityHour(at: Date | number): number {
  return Number(shortClock.format(at).slice(0, 2)) % 24
}

/** Day on the city's calendar, `2026-05-04`. */
export function cityDay(at: Date | number): string {
  return dayKey.format(at)
}

/** `12,480` */
export function count(value: number): string {
  return grouped.format(value)
}

/** People in 万 for Chinese readers, in thousands for English ones: `457.8 万`, `4,578 k`. */
export function people(value: number, language: 'zh' | 'en'): string {
  if (language === 'zh') return value < 10_000 ? count(value) : `${trimmed(value / 10_000)} 万`
  if (value < 10_000) return count(value)
  return value < 1_000_000 ? `${count(Math.round(value / 1_000))} k` : `${trimmed(value / 1_000_000, 2)} M`
}

/** Smallest count of disputes that is shown: below it a reader could guess who it is about. */
export const SMALLEST_CELL = 3

/** Whether a category belongs to the disputes, which a wall shows only as counts. */
export function isDispute(categoryCode: string): boolean {
  return categoryCode.startsWith('05')
}

/** A count of a category; disputes under three are written `<3`. */
export function categoryCount(categoryCode: string, value: number): string {
  return isDispute(categoryCode) && value > 0 && value < SMALLEST_CELL ? `<${SMALLEST_CELL}` : count(value)
}

/** Share of the largest as a percentage for a bar; a value that is there is never drawn as nothing. */
export function share(value: number, largest: number): number {
  if (value <= 0 || largest <= 0) return 0
  return Math.max(1.5, (100 * value) / largest)
}

/** The next round number at or above `value`, for the top of an axis: even, so that its middle is a number too. */
export function roundUp(value: number): number {
  if (value <= 4) return 4
  const magnitude = 10 ** Math.floor(Math.log10(value))
  const step = (magnitude === 1 ? [4, 6, 8, 10] : [1, 2, 3, 4, 5, 6, 8, 10]).find((factor) => factor * magnitude >= value) ?? 10
  return step * magnitude
}

function trimmed(value: number, digits = 1): string {
  return value.toFixed(digits).replace(/\.0+$/, '')
}
