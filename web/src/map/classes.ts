// Sorts counts into at most five classes for the choropleth. Borders between classes are whole numbers; each class of
// the legend is a range that a reader can check against the numbers on the map.
import type { ChoroplethLevel } from './layers/choropleth.ts'
import { CHOROPLETH_LEVELS } from './layers/choropleth.ts'

export const CLASS_COUNT = 5

/** Shares of the areas that lie below each class: few areas in the brightest one, so that it means something. */
const QUANTILES = [0, 0.3, 0.56, 0.78, 0.92] as const

/** Lowest count of each class, ascending, starting at the smallest count above zero. Empty when nothing is open. */
export function classBounds(counts: Iterable<number>): number[] {
  const sorted = [...counts].filter((n) => n > 0).sort((a, b) => a - b)
  const most = sorted.at(-1)
  if (most === undefined) return []
  if (most <= CLASS_COUNT) return Array.from({ length: most }, (_, i) => i + 1)
  const bounds: number[] = []
  for (const quantile of QUANTILES) {
    const bound = rounded(sorted[Math.floor(quantile * (sorted.length - 1))] ?? most)
    bounds.push(bounds.length === 0 ? 1 : Math.max(bound, (bounds.at(-1) ?? 0) + 1))
  }
  // a class that nothing lies in is joined to the next one
  return bounds.filter((bound, i) => bound <= most && (i === 0 || sorted.some((n) => (bounds[i - 1] ?? 0) <= n && n < bound)))
}

/** 0 for none, 1 to 5 for the class that holds `count`. */
export function classOf(count: number, bounds: readonly number[]): number {
  if (count <= 0) return 0
  let found = 0
  for (const bound of bounds) if (count >= bound) found += 1
  return Math.max(1, found)
}

/** Steps of the colour scale, out of five, for fewer classes: the most is the brightest wherever there are three or more. */
const SHADES: Record<number, readonly number[]> = { 1: [2], 2: [2, 4], 3: [1, 3, 5], 4: [1, 2, 4, 5], 5: [1, 2, 3, 4, 5] }

/** The step of the colour scale that a count is drawn with: 0 for none, 1 dark to 5 bright. */
export function shadeOf(count: number, bounds: readonly number[]): number {
  return SHADES[bounds.length]?.[classOf(count, bounds) - 1] ?? 0
}

export interface LegendClass { from: number; to: number | null; areas: number; shade: number }

/** The legend's rows, fewest first, with how many areas each class holds. */
export function legend(counts: Iterable<number>, bounds: readonly number[]): LegendClass[] {
  const rows = bounds.map((from, i): LegendClass => {
    const next = bounds[i + 1]
    return { from, to: next === undefined ? null : next - 1, areas: 0, shade: shadeOf(from, bounds) }
  })
  for (const n of counts) {
    const row = rows[classOf(n, bounds) - 1]
    if (n > 0 && row) row.areas += 1
  }
  return rows
}

/** Zoom from which a level's areas are large enough to be coloured one by one. */
const SHOWN_FROM: Record<ChoroplethLevel, number> = { district: 0, township: 9.8, community: 12.2, grid: 13.7 }

/** How much closer than the whole place somebody has to come before finer areas are coloured. */
const CLOSER = 0.8

/**
 * The level to colour: what the place in view consists of as long as it is seen whole (at `wholeAt` or from farther),
 * and from closer what the zoom has room for.
 */
export function levelInView(zoom: number, consistsOf: ChoroplethLevel, wholeAt: number): ChoroplethLevel {
  if (zoom < wholeAt + CLOSER) return consistsOf
  const roomFor = CHOROPLETH_LEVELS.findLast((level) => zoom >= SHOWN_FROM[level]) ?? 'district'
  return CHOROPLETH_LEVELS[Math.max(CHOROPLETH_LEVELS.indexOf(roomFor), CHOROPLETH_LEVELS.indexOf(consistsOf))] ?? consistsOf
}

/** Two or three significant steps, so that bounds read 20 and 50 rather than 19 and 53. */
function rounded(value: number): number {
  if (value < 10) return Math.max(1, Math.round(value))
  const step = value < 50 ? 5 : 10 ** Math.floor(Math.log10(value)) / 2
  return Math.round(value / step) * step
}
