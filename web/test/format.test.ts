import { describe, expect, it } from 'vitest'
import { categoryColor, OPEN_CASES } from '../src/shared/colors.ts'
import { calendarDate, categoryCount, cityHour, clockTime, count, people, roundUp, share } from '../src/shared/format.ts'
import { categoryMark, categoryName, say, sayCode } from '../src/shared/terms.ts'
import { categoryBars, channelBars, levelBars } from '../src/wall/bars.ts'
import { designFactor } from '../src/wall/screen.ts'
import { INITIAL } from '../src/wall/state.ts'

describe('times', () => {
  it('are the city’s, wherever the browser is', () => {
    const at = new Date('2026-05-04T16:05:09Z')
    expect(clockTime(at)).toBe('00:05:09')
    expect(cityHour(at)).toBe(0)
    expect(calendarDate(at, 'zh')).toBe('2026年5月5日星期二')
  })
})

describe('numbers', () => {
  it('are grouped, people are told in the reader’s own thousands', () => {
    expect(count(1_234_567)).toBe('1,234,567')
    expect(people(4_578_000, 'zh')).toBe('457.8 万')
    expect(people(4_578_000, 'en')).toBe('4.58 M')
    expect(people(9_999, 'zh')).toBe('9,999')
  })
  it('of disputes under three are hidden, others never', () => {
    expect(['0501', '0501', '0501', '0501', '0201'].map((code, i) => categoryCount(code, [0, 1, 2, 3, 1][i] ?? 0))).toEqual(['0', '<3', '<3', '3', '1'])
  })
  it('give axes a round top at or above them', () => {
    for (let n = 1; n < 5_000; n += 7) expect(roundUp(n)).toBeGreaterThanOrEqual(n)
    expect([3, 17, 240, 384].map(roundUp)).toEqual([4, 20, 300, 400])
    for (let n = 0; n < 500; n += 1) expect(roundUp(n) % 2).toBe(0)
  })
  it('make bars that are seen when there is something and absent when there is nothing', () => {
    expect(share(0, 10)).toBe(0)
    expect(share(1, 100_000)).toBeGreaterThan(1)
    expect(share(5, 5)).toBe(100)
  })
})

describe('terms', () => {
  it('fill their places', () => {
    expect(say('zh', 'age', { s: 4 })).toBe('数据 4 秒前')
  })
  it('show a code that they do not know as it is', () => {
    expect(sayCode('en', 'channel', 'pigeon')).toBe('pigeon')
    expect(categoryName('en', '7777', '新类别')).toBe('新类别')
  })
  it('mark every major category with a character of its own, so that colour is not the only mark', () => {
    const majors = ['01', '02', '03', '04', '05', '06', '07', '09']
    for (const language of ['zh', 'en'] as const) expect(new Set(majors.map((code) => categoryMark(language, code))).size).toBe(majors.length)
    expect(new Set(majors.map(categoryColor)).size).toBe(majors.length)
  })
})

describe('bars', () => {
  it('do not tell by their length what their number hides', () => {
    const state = { ...INITIAL, byCategory: [{ code: '0501', name: '邻里纠纷', count: 2 }, { code: '0201', name: '道路破损', count: 4 }] }
    expect(categoryBars(state, 'zh').find(({ key }) => key === '0501')).toMatchObject({ value: '<3', share: 0 })
  })
  it('keep the order of levels, and show channels that the table does not know', () => {
    expect(levelBars(INITIAL, 'en').map(({ key }) => key)).toEqual(['grid', 'community', 'township', 'district', 'city'])
    expect(channelBars({ ...INITIAL, byChannel: { pigeon: 1 } }, 'en').at(-1)).toMatchObject({ label: 'pigeon', value: '1', share: 100 })
  })
})

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((i) => {
    const c = parseInt(hex.slice(i, i + 2), 16) / 255
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

describe('colours', () => {
  it('of open cases get brighter step by step, so that they are read without hue', () => {
    const steps = OPEN_CASES.map(luminance)
    steps.forEach((step, i) => i > 0 && expect(step / (steps[i - 1] ?? 1)).toBeGreaterThan(1.3))
  })
})

describe('the screen', () => {
  it('is measured so that the design fits whole, and wider walls get more map', () => {
    expect([designFactor(1920, 1080), designFactor(3840, 2160), designFactor(3840, 1080)]).toEqual([1, 2, 1])
  })
})
