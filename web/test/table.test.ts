import { afterEach, describe, expect, it, vi } from 'vitest'
import { followJob, isAtRest, tableType } from '../src/api/csv_jobs.ts'
import type { Job, JobProgress } from '../src/api/geocode_schema.ts'
import { mappingFault, mappingOf, rolesOf, statusCounts, textOf, withRole, type Roles } from '../src/geocode/batch/mapping.ts'

const COLUMNS = ['编号', '地址', '备注', 'x', 'y']

describe('the columns of a table', () => {
  it('hold one thing each, and only a text stands in several', () => {
    let roles: Roles = {}
    roles = withRole(roles, '编号', 'id')
    roles = withRole(roles, '地址', 'id')
    expect(roles).toEqual({ 地址: 'id' })
    roles = withRole(withRole(roles, '地址', 'text'), '备注', 'text')
    expect(roles).toEqual({ 地址: 'text', 备注: 'text' })
    expect(withRole(roles, '备注', null)).toEqual({ 地址: 'text' })
  })
  it('become a mapping and come back from it', () => {
    const roles: Roles = { 编号: 'id', 备注: 'text', 地址: 'text', x: 'lng', y: 'lat' }
    const mapping = mappingOf(roles, COLUMNS, 'gcj02')
    expect(mapping).toEqual({ id: '编号', text: ['地址', '备注'], elements: {}, lng: 'x', lat: 'y', point_crs: 'gcj02' })
    expect(rolesOf(mapping)).toEqual(roles)
    expect(rolesOf(mappingOf({ 地址: 'road', 备注: 'room' }, COLUMNS, null))).toEqual({ 地址: 'road', 备注: 'room' })
  })
  it('have to say enough, once, and in which system', () => {
    const fault = (roles: Roles, crs: 'wgs84' | null = null): string | null => mappingFault(mappingOf(roles, COLUMNS, crs))
    expect(fault({})).toBe('nothing')
    expect(fault({ 编号: 'id' })).toBe('nothing')
    expect(fault({ 地址: 'text' })).toBeNull()
    expect(fault({ 地址: 'text', 备注: 'road' })).toBe('both')
    expect(fault({ x: 'lng' })).toBe('half_point')
    expect(fault({ x: 'lng', y: 'lat' })).toBe('system')
    expect(fault({ x: 'lng', y: 'lat' }, 'wgs84')).toBeNull()
  })
  it('make the text of a row, from words or from parts', () => {
    const words = mappingOf({ 地址: 'text', 备注: 'text' }, COLUMNS, null)
    expect(textOf({ columns: COLUMNS, mapping: words }, { cells: ['1', ' 酒泉路75号 ', '三楼'] })).toBe('酒泉路75号 三楼')
    const parts = mappingOf({ x: 'number', 地址: 'road' }, COLUMNS, null)
    expect(textOf({ columns: COLUMNS, mapping: parts }, { cells: ['1', '酒泉路', '', '75号'] })).toBe('酒泉路75号')
    expect(textOf({ columns: COLUMNS, mapping: null }, { cells: [] })).toBe('')
  })
})

describe('counts of a table', () => {
  it('stand in a fixed order, without empty ones, unknown ones last', () => {
    const counts = statusCounts({ strange: 1, not_found: 2, accepted: 9, ambiguous: 3, doubtful: 0 })
    expect(counts.map(({ status }) => status)).toEqual(['accepted', 'ambiguous', 'not_found', 'strange'])
    expect(counts.filter(({ needsLook }) => needsLook).map(({ status }) => status)).toEqual(['ambiguous', 'not_found', 'strange'])
  })
})

describe('a file', () => {
  it('is told by its ending, as the service takes it', () => {
    expect(tableType('a.CSV')).toBe('text/csv')
    expect(tableType('a.b.xlsx')).toContain('spreadsheetml')
    for (const name of ['a.xls', 'csv', 'a.csv.exe', '']) expect(tableType(name), name).toBeNull()
  })
})

describe('following a table', () => {
  afterEach(() => void vi.unstubAllGlobals())
  const progress = (done: number, state: JobProgress['state']): JobProgress => ({ state, run: 1, rows: 4, done, outcomes: {}, changed: 0 })
  const stream = (...told: JobProgress[]): Response =>
    new Response(told.map((each) => `event: progress\ndata: ${JSON.stringify(each)}\n\n`).join(''), { headers: { 'content-type': 'text/event-stream' } })
  const json = (body: unknown, status = 200): Response => new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })

  it('goes on over a break of the line until the job is at rest', async () => {
    vi.useFakeTimers()
    const answers = [stream(progress(1, 'running')), json(progress(1, 'running')), () => Promise.reject(new TypeError('network')), stream(progress(4, 'done')), json(progress(4, 'done'))]
    vi.stubGlobal('fetch', vi.fn(() => {
      const answer = answers.shift()
      return typeof answer === 'function' ? answer() : Promise.resolve(answer)
    }))
    const seen: number[] = []
    const followed = followJob({ origin: '', key: 'k' }, '7', ({ done }) => seen.push(done), new AbortController().signal)
    await vi.runAllTimersAsync()
    await followed
    vi.useRealTimers()
    expect(seen).toEqual([1, 1, 4, 4])
    expect(answers).toEqual([])
  })
  it('ends with the reason where the job is not there', async () => {
    vi.stubGlobal('fetch', vi.fn(() => Promise.resolve(json({ title: 'not there', status: 404 }, 404))))
    await expect(followJob({ origin: '', key: null }, '7', () => undefined, new AbortController().signal)).rejects.toThrow('not there')
  })
  it('is over for what is done, stopped or deleted, and for what was never begun', () => {
    const states: Job['state'][] = ['uploaded', 'waiting', 'running', 'done', 'cancelled', 'deleted']
    expect(states.filter((state) => !isAtRest({ state }))).toEqual(['waiting', 'running'])
  })
})
