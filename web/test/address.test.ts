import { describe, expect, it } from 'vitest'
import { addressed, pathTo } from '../src/wall/address.ts'
import { AreaTree, type GridShelf } from '../src/wall/areas.ts'
import { area } from './incidents.ts'

const CITY = area('6201', 'city', null)
const CENTRE = area('620102', 'district', '6201')
const LANE = area('620102001001', 'community', '620102')
const GRID = area('620102001001003', 'grid', LANE.code, { grid_id: 3 })
const tree = new AreaTree([CITY, CENTRE, LANE])
const shelf = { grid: (code: string) => (code === GRID.code ? Promise.resolve(GRID) : Promise.reject(new Error('none'))) } as unknown as GridShelf

describe('the address of a wall', () => {
  it('names a place, beside other things', () => {
    expect(addressed('#at=620102')).toBe('620102')
    expect(addressed('#key=wg_x')).toBeNull()
  })
  it('leads to divisions and to grids, and nowhere for a code that is not there', async () => {
    expect((await pathTo('620102', tree, shelf))?.map(({ code }) => code)).toEqual(['6201', '620102'])
    expect((await pathTo(GRID.code, tree, shelf))?.map(({ code }) => code)).toEqual(['6201', '620102', LANE.code, GRID.code])
    expect(await pathTo('999', tree, shelf)).toBeNull()
  })
})
