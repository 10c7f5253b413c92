import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { GeocodeAnswer, Match, Suggestion } from '../src/api/geocode_schema.ts'
import { curl, fromFragment, geocodeRequest, quoted, readPoint, toFragment, writePoint } from '../src/geocode/request.ts'
import { INITIAL, reduce, type Answered, type DeskState } from '../src/geocode/state.ts'
import { PAUSE_MS, Suggester } from '../src/geocode/suggester.ts'
import { characters, isOnePlace, segments, slice, suggested, unsaid, withAnswer } from '../src/geocode/text.ts'
import { faultWords, metres, missingWords, percent, reasonWords } from '../src/geocode/words.ts'
import { around, circle } from '../src/map/circle.ts'

const nobody = { area: null, category: null }
const line = (element: string, span: [number, number] | null, name = '', kind = 'exact'): Match => ({ element, span, said: '', name, kind, cost: 0 })

describe('the trace on the text', () => {
  it('counts characters, not UTF-16 units', () => {
    const text = '𠮷祥路😀75号'
    const cut = segments(text, [line('road', [0, 3]), line('number', [4, 7])])
    expect(cut.map((piece) => piece.text)).toEqual(['𠮷祥路', '😀', '75号'])
    expect(cut.map((piece) => piece.matches[0]?.element)).toEqual(['road', undefined, 'number'])
    expect(slice(text, 4)).toBe('75号')
  })
  it('gives the whole text back, however the spans lie', () => {
    let seed = 7
    const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below
    for (let round = 0; round < 500; round += 1) {
      const text = Array.from({ length: random(12) }, () => ['路', '7', '𠮷', 'é', '号'][random(5)]).join('')
      const trace = Array.from({ length: random(5) }, (_, i) => line(`e${i}`, [random(14) - 1, random(14)]))
      const cut = segments(text, trace)
      expect(cut.map((piece) => piece.text).join('')).toBe(text)
      const inside = trace.filter(({ span }) => span && 0 <= span[0] && span[0] < span[1] && span[1] <= characters(text).length)
      for (const match of inside) {
        const said = cut.filter((piece) => piece.matches.includes(match)).map((piece) => piece.text).join('')
        expect(said).toBe(characters(text).slice(...(match.span ?? [0, 0])).join(''))
      }
      expect(new Set(cut.flatMap((piece) => piece.matches))).toEqual(new Set(inside))
    }
  })
  it('names what the text leaves out', () => {
    expect(unsaid([line('road', [0, 3], '酒泉路'), line('community', null, '畅家巷社区', 'omitted'), line('poi', null)]).map(({ name }) => name)).toEqual(['畅家巷社区'])
  })
})

describe('an answer to the question', () => {
  const trace = [line('compound', [2, 4]), line('building', [4, 7])]
  it('goes before the first smaller element', () => {
    expect(withAnswer('你好锦绣3号楼', trace, 'district', '城关区')).toBe('你好城关区锦绣3号楼')
    expect(withAnswer('你好锦绣3号楼', trace, 'unit', '2单元')).toBe('你好锦绣3号楼2单元')
  })
  it('takes the place of what the text says for the same element', () => {
    expect(withAnswer('你好锦绣3号楼', trace, 'compound', '锦绣家园')).toBe('你好锦绣家园3号楼')
    expect(withAnswer('𠮷𠮷锦绣3号楼', trace, 'compound', '锦绣家园')).toBe('𠮷𠮷锦绣家园3号楼')
  })
  it('that stands there already changes nothing', () => {
    expect(withAnswer('城关区锦绣', [line('compound', [3, 5])], 'district', '城关区')).toBe('城关区锦绣')
  })
})

describe('the request', () => {
  it('names the system of a point only where it has its own', () => {
    expect(geocodeRequest({ ...nobody, text: ' 酒泉路 ', crs: 'gcj02', pin: null })).toEqual({ crs: 'gcj02', text: '酒泉路' })
    expect(geocodeRequest({ ...nobody, text: 'x', crs: 'gcj02', pin: { lng: 1, lat: 2, crs: 'gcj02' } }).point).toEqual({ lng: 1, lat: 2 })
    expect(geocodeRequest({ ...nobody, text: 'x', crs: 'gcj02', pin: { lng: 1, lat: 2, crs: 'wgs84' } }).point).toEqual({ lng: 1, lat: 2, crs: 'wgs84' })
  })
  it('reads points as people write them, and nothing else', () => {
    for (const text of ['103.8236, 36.058', '103.8236 36.058', '１０３．８２３６，３６．０５８', ' 103.8236、36.058 ']) expect(readPoint(text)).toEqual({ lng: 103.8236, lat: 36.058 })
    for (const text of ['', '103.8', '103.8,', '36.058, 103.8236', '1 2 3', 'a b', '181 0']) expect(readPoint(text), text).toBeNull()
    expect(readPoint(writePoint({ lng: 103.8236, lat: 36.058 }))).toEqual({ lng: 103.8236, lat: 36.058 })
  })
  it('is a command whose words no shell takes apart', () => {
    expect(quoted("a'b")).toBe(`'a'\\''b'`)
    const command = curl('http://localhost:8080', '/v1/geocode', { crs: 'gcj02', text: "酒泉路 $(id) 'x'" })
    expect(command).toContain(`'http://localhost:8080/v1/geocode'`)
    expect(command).toContain(`-d '{"crs":"gcj02","text":"酒泉路 $(id) '\\''x'\\''"}'`)
    expect(command).not.toContain('wg_')
  })
  it('survives the address of the page', () => {
    const asked = { ...nobody, text: '酒泉路75号 & #3', crs: 'bd09', pin: { lng: 103.8, lat: 36.1, crs: 'bd09' } } as const
    expect({ ...nobody, ...fromFragment(toFragment(asked)) }).toEqual(asked)
    expect(fromFragment('#crs=mars&at=nowhere')).toEqual({})
  })
})

describe('the state of the page', () => {
  const answered = (features: number): Answered => ({
    asked: { ...nobody, text: 'x', crs: 'wgs84', pin: null }, drawn: [], pin: null, tookMs: 1,
    answer: { features: Array.from({ length: features }, () => ({})) } as unknown as GeocodeAnswer,
  })
  const after = (...events: Parameters<typeof reduce>[1][]): DeskState => events.reduce(reduce, INITIAL)
  const problem = { title: 'no', status: 500 }

  it('takes only the answer that was asked for last', () => {
    const state = after({ kind: 'asked', turn: 1 }, { kind: 'asked', turn: 2 }, { kind: 'answered', turn: 1, answered: answered(1) }, { kind: 'failed', turn: 1, problem })
    expect(state.phase).toBe('asking')
    expect(state.answered).toBeNull()
    expect(reduce(state, { kind: 'answered', turn: 2, answered: answered(2) })).toMatchObject({ phase: 'answered', chosen: 0 })
  })
  it('keeps the last answer on screen while the next is under way, and not after a failure', () => {
    const asking = after({ kind: 'asked', turn: 1 }, { kind: 'answered', turn: 1, answered: answered(1) }, { kind: 'asked', turn: 2 })
    expect(asking.answered).not.toBeNull()
    expect(reduce(asking, { kind: 'failed', turn: 2, problem })).toMatchObject({ phase: 'failed', answered: null, problem })
  })
  it('chooses among what is there', () => {
    const state = after({ kind: 'asked', turn: 1 }, { kind: 'answered', turn: 1, answered: answered(3) })
    expect(reduce(state, { kind: 'chosen', index: 2 }).chosen).toBe(2)
    expect(reduce(state, { kind: 'chosen', index: 9 }).chosen).toBe(2)
    expect(reduce(state, { kind: 'chosen', index: -1 }).chosen).toBe(0)
  })
  it('gives up a question for a click, and a click for a question', () => {
    const at = { lng: 1, lat: 2 }
    const clicked = after({ kind: 'asked', turn: 1 }, { kind: 'clicked', turn: 2, at }, { kind: 'answered', turn: 1, answered: answered(1) })
    expect(clicked).toMatchObject({ phase: 'empty', answered: null, clicked: at })
    expect(reduce(clicked, { kind: 'asked', turn: 3 })).toMatchObject({ phase: 'asking', clicked: null })
  })
})

describe('suggestions', () => {
  const one: Suggestion = { label: '酒泉路', text: '酒泉路', element: 'road', completes: [0, 1] }
  let asked: { text: string; signal: AbortSignal; answer: (suggestions: Suggestion[]) => void }[]
  let shown: [string, number][]
  let suggester: Suggester
  beforeEach(() => {
    vi.useFakeTimers()
    asked = []
    shown = []
    suggester = new Suggester({
      ask: (text, signal) => new Promise((answer) => asked.push({ text, signal, answer })),
      show: (text, suggestions) => shown.push([text, suggestions.length]),
      failed: () => shown.push(['failed', 0]),
    })
  })
  afterEach(() => void vi.useRealTimers())
  const pause = (): Promise<unknown> => vi.advanceTimersByTimeAsync(PAUSE_MS)

  it('are asked for once after a burst of keys, for the last text', async () => {
    for (const text of ['j', 'jq', 'jql']) suggester.typed(text)
    await pause()
    expect(asked.map(({ text }) => text)).toEqual(['jql'])
  })
  it('that come late are dropped, and their request is cancelled', async () => {
    suggester.typed('j')
    await pause()
    suggester.typed('jq')
    expect(asked[0]?.signal.aborted).toBe(true)
    await pause()
    asked[1]?.answer([one, one])
    asked[0]?.answer([one])
    await pause()
    expect(shown).toEqual([['jq', 2]])
  })
  it('are not asked for while an input method composes', async () => {
    suggester.typed('酒')
    suggester.compositionStarted()
    suggester.typed('酒q')
    suggester.typed('酒qu')
    await pause()
    expect(asked).toEqual([])
    suggester.compositionEnded('酒泉')
    await pause()
    expect(asked.map(({ text }) => text)).toEqual(['酒泉'])
  })
  it('go away with the text, without a request', async () => {
    suggester.typed('酒')
    await pause()
    asked[0]?.answer([one])
    await pause()
    suggester.typed(' ')
    await pause()
    expect(shown).toEqual([['酒', 1], [' ', 0]])
    expect(asked).toHaveLength(1)
  })
})

describe('a suggestion', () => {
  const of = (label: string, text: string, completes: [number, number]): Suggestion => ({ label, text, element: 'road', completes })
  it('tells apart what it puts into the box', () => {
    expect(suggested('jqlu', of('城关区酒泉路', '酒泉路', [0, 4]))).toEqual({ before: '城关区', added: '酒泉路', after: '' })
    expect(suggested('𠮷区jq', of('𠮷区酒泉路', '𠮷区酒泉路', [2, 4]))).toEqual({ before: '𠮷区', added: '酒泉路', after: '' })
    expect(suggested('酒泉路7号楼', of('城关区酒泉路75号', '酒泉路75号号楼', [3, 4]))).toEqual({ before: '城关区酒泉路', added: '75号', after: '' })
  })
  it('that is worded otherwise is shown as a whole', () => {
    expect(suggested('x', of('城关区酒泉路', 'y', [0, 1]))).toEqual({ before: '', added: '城关区酒泉路', after: '' })
  })
  it('is gone on with until it is one place', () => {
    const one = (element: string, count?: number): boolean => isOnePlace({ ...of('', '', [0, 0]), element, ...(count !== undefined && { count }) })
    expect([one('road', 300), one('building', 24), one('building', 1), one('room'), one('poi')]).toEqual([false, false, true, true, true])
  })
})

describe('words', () => {
  it('never round a chance to certainty', () => {
    expect([0, 0.001, 0.006, 0.5, 0.9949, 0.9996, 1].map(percent)).toEqual(['0 %', '<1 %', '1 %', '50 %', '99 %', '>99 %', '100 %'])
  })
  it('give distances no more digits than they have', () => {
    expect([0.2, 9.4, 84.6, 994, 1_234, 12_345].map(metres)).toEqual(['1 m', '9 m', '85 m', '994 m', '1.2 km', '12 km'])
  })
  it('say a fault, also one that is put together, and show a strange one as it is', () => {
    const say = (fault: string): string => faultWords('zh', { fault, penalty: 1 })
    expect(say('name.homophone')).toBe('名称有同音字')
    expect(say('district.contradicted')).toBe('区县与文字矛盾')
    expect(say('moon.phase')).toBe('moon.phase')
  })
  it('say what is not there and what is', () => {
    expect(missingWords('zh', { road: '酒泉路', asked: '123号', lowest: 1, highest: 98, nearest: 97 })).toBe('酒泉路在，123号不在，最近 97号')
  })
})

describe('a circle on the ground', () => {
  it('is as wide as it says, by the haversine, in Lanzhou and elsewhere', () => {
    for (const at of [{ lng: 103.8, lat: 36.06 }, { lng: 120, lat: 0 }, { lng: 116, lat: -53 }]) {
      for (const [lng = 0, lat = 0] of circle(at, 250).coordinates[0] ?? []) expect(Math.abs(haversine(at, { lng, lat }) - 250)).toBeLessThan(2.5)
    }
  })
  it('closes, and lies in the box around it', () => {
    const at = { lng: 103.8, lat: 36.06 }
    const ring = circle(at, 80).coordinates[0] ?? []
    expect(ring[0]).toEqual(ring.at(-1))
    const [west, south, east, north] = around([{ at, radiusM: 80 }]) ?? [0, 0, 0, 0]
    for (const [lng = 0, lat = 0] of ring) expect(west <= lng + 1e-12 && lng <= east + 1e-12 && south <= lat + 1e-12 && lat <= north + 1e-12).toBe(true)
    expect(around([])).toBeNull()
  })
})

function haversine(a: { lng: number; lat: number }, b: { lng: number; lat: number }): number {
  const rad = (degrees: number): number => (degrees * Math.PI) / 180
  const h = Math.sin(rad(b.lat - a.lat) / 2) ** 2 + Math.cos(rad(a.lat)) * Math.cos(rad(b.lat)) * Math.sin(rad(b.lng - a.lng) / 2) ** 2
  return 2 * 6_371_008.8 * Math.asin(Math.sqrt(h))
}

describe('why somebody is responsible', () => {
  const duty = { on_shift_until: '2026-07-26T10:00:00Z', open_cases: 2 }
  it('is said in the language on screen, by the clock of the city', () => {
    const worker = { code: 'grid_worker', grid: '620102001001003', role: 'primary', ...duty, passed: [] }
    expect(reasonWords('zh', worker)).toBe('网格 620102001001003 的主网格员，在班至 18:00，在办 2 件')
    expect(reasonWords('en', worker)).toBe('primary worker of grid 620102001001003, on shift until 18:00, 2 open')
  })
  it('tells who was passed over', () => {
    const passed = [{ code: 'off_shift', grid: 'G' }, { code: 'nobody_near', within_m: 3_000 }, { code: 'other', detail: 'x' }]
    expect(reasonWords('zh', { code: 'desk', level: 'township', passed })).toBe('街道乡镇指挥中心（网格 G 无人在班，3 公里内无人在班，x）')
    expect(reasonWords('en', { code: 'nearest_worker', distance_m: 812, ...duty, passed: [] })).toContain('812 m away')
  })
  it('is left to the service where the table has no words for it', () => {
    expect(reasonWords('zh', { code: 'by_lot', passed: [] })).toBeNull()
  })
})

describe('who asks', () => {
  it('goes into the request and the address of the page, and comes back', () => {
    const asked = { text: '酒泉路', crs: 'gcj02' as const, pin: null, area: '620102001', category: '0203' }
    expect(geocodeRequest(asked)).toEqual({ crs: 'gcj02', text: '酒泉路', area: '620102001', category: '0203' })
    expect(fromFragment(toFragment(asked))).toEqual({ text: '酒泉路', crs: 'gcj02', area: '620102001', category: '0203' })
    expect(fromFragment('#area=%3Cscript%3E')).toEqual({})
  })
})
