import { describe, expect, it } from 'vitest'
import { AreaTree } from '../src/wall/areas.ts'
import { openInView } from '../src/wall/open_in_view.ts'
import { INITIAL } from '../src/wall/state.ts'
import { area } from './incidents.ts'

const CITY = area('6201', 'city', null)
const CENTRE = area('620102', 'district', '6201')
const WEST = area('620104', 'district', '6201')
const ROAD = area('620102001', 'township', '620102')
const LANE = area('620102001001', 'community', '620102001')
const tree = new AreaTree([LANE, ROAD, CITY, CENTRE, WEST])

describe('the tree of areas', () => {
  it('leads from the city to any of its places', () => {
    expect(tree.pathTo(LANE).map(({ code }) => code)).toEqual(['6201', '620102', '620102001', '620102001001'])
    expect(tree.root).toBe(CITY)
  })
  it('lists what lies inside a place, not the place', () => {
    expect(tree.within(CENTRE, 'community')).toEqual([LANE])
    expect(tree.within(WEST, 'township')).toEqual([])
    expect(tree.within(CITY, 'district')).toEqual([CENTRE, WEST])
    expect(tree.within(ROAD, 'township')).toEqual([])
  })
  it('passes over levels with a single member', () => {
    expect(tree.consistsOf(CITY)).toBe('district')
    expect(new AreaTree([CITY, CENTRE, ROAD, area('620102002', 'township', '620102')]).consistsOf(CITY)).toBe('township')
    expect(tree.consistsOf(LANE)).toBe('grid')
  })
  it('puts a city above districts that have none', () => {
    const orphans = new AreaTree([area('a', 'district', null, { bbox: [1, 2, 3, 4] }), area('b', 'district', 'gone', { bbox: [2, 1, 5, 3] })])
    expect(orphans.root.bbox).toEqual([1, 1, 5, 4])
    expect(orphans.children(orphans.root.code)).toHaveLength(2)
    expect(orphans.pathTo(orphans.get('b') ?? CITY).map(({ code }) => code)).toEqual(['', 'b'])
  })
})

describe('open cases in view', () => {
  const NONE = { of: null, list: [] }
  const state = { ...INITIAL, grids: 3, path: [CITY], openByDivision: new Map([['620102', 5], ['620102001', 5]]), openByGrid: new Map([[7, 2]]) }
  it('are those of the level, with the areas that have none', () => {
    const open = openInView(state, tree, CITY, 'district', NONE)
    expect(open.ranked).toEqual([5, 0])
    expect([...open.counts]).toEqual([['620102', 5]])
  })
  it('give the same list of areas as long as the place is the same', () => {
    expect(openInView(state, tree, CITY, 'district', NONE).named).toBe(openInView(state, tree, CITY, 'district', NONE).named)
  })
  it('of grids that are not listed are counted from the total', () => {
    expect(openInView(state, tree, CITY, 'grid', NONE).ranked).toEqual([2, 0, 0])
  })
  it('of the grids of a place are those of its list', () => {
    const list = [area('a', 'grid', LANE.code, { grid_id: 8 }), area('b', 'grid', LANE.code, { grid_id: 7 })]
    expect(openInView(state, tree, LANE, 'grid', { of: LANE, list })).toMatchObject({ ranked: [0, 2], named: list, namedWithin: LANE })
  })
})
