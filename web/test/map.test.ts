import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec'
import type { StyleSpecification } from 'maplibre-gl'
import { describe, expect, it } from 'vitest'
import { mapFonts } from '../build/fonts.ts'
import { classBounds, classOf, legend, levelInView, shadeOf } from '../src/map/classes.ts'
import { fitToScreen, withOrigin } from '../src/map/fit.ts'
import { outsideOf } from '../src/map/outside.ts'
import { difference } from '../src/map/points.ts'
import { geocodeStyle, TILE_LAYERS, wallStyle } from '../src/map/style.ts'
import { inDrawingOrder, ZORDER, zorder } from '../src/map/zorder.ts'

const style = wallStyle(mapFonts())
const styles = { wall: style, geocode: geocodeStyle(mapFonts()) }

describe('the drawing order', () => {
  it('refuses a layer that nobody gave a place', () => {
    expect(() => zorder('new-layer')).toThrow('new-layer')
    expect(() => inDrawingOrder([{ id: 'land' }, { id: 'new-layer' }])).toThrow()
  })
  it('lists exactly the layers of the styles, in their order', () => {
    for (const { layers } of Object.values(styles)) {
      const ids = layers.map(({ id }) => id)
      expect(ids).toEqual(ZORDER.filter((id) => ids.includes(id)))
    }
    const drawn = new Set(Object.values(styles).flatMap(({ layers }) => layers.map(({ id }) => id)))
    expect([...ZORDER].filter((id) => !drawn.has(id))).toEqual([])
  })
})

describe.each(Object.entries(styles))('the map style of the page %s', (_, style) => {
  it('is valid by the style specification, as built and on a screen of four times the pixels', () => {
    const absolute = withOrigin(style, 'http://wall.test')
    expect(validateStyleMin(absolute as Parameters<typeof validateStyleMin>[0])).toEqual([])
    expect(validateStyleMin(fitToScreen(absolute, 2) as Parameters<typeof validateStyleMin>[0])).toEqual([])
  })
  it('names no host', () => {
    expect(JSON.stringify(style)).not.toMatch(/https?:/)
  })
  it('draws each tile layer from the source of its name', () => {
    for (const layer of style.layers) {
      if (!('source-layer' in layer) || layer['source-layer'] === undefined) continue
      expect(layer['source-layer']).toBe(layer.source)
      expect(TILE_LAYERS).toContain(layer.source)
    }
  })
  it('has files for each font that it names', () => {
    const named = style.layers.flatMap((layer) => (layer.type === 'symbol' ? (layer.layout?.['text-font'] as string[]) : []))
    for (const font of named) expect(style['font-faces']).toHaveProperty([font])
  })
  it('has a file for every character of the city’s names', () => {
    const ranges = Object.values(mapFonts()).flat().flatMap((file) => file['unicode-range'].map((range) => range.slice(2).split('-').map((hex) => parseInt(hex, 16))))
    const covered = (code: number): boolean => ranges.some(([from = 0, to = from]) => from <= code && code <= to)
    for (const char of '兰州市城关区酒泉路街道畅家巷社区网格黄河哈岘乡 1,234·第3网格') expect(covered(char.codePointAt(0) ?? 0), char).toBe(true)
  })
})

describe('a style on a larger screen', () => {
  const line = (width: unknown): StyleSpecification => ({
    version: 8, sources: {}, layers: [{ id: 'x', type: 'line', source: 's', minzoom: 10, paint: { 'line-width': width, 'line-opacity': ['interpolate', ['linear'], ['zoom'], 5, 0, 6, 1] } } as never],
  })
  it('has thicker lines, and each zoom threshold moved so that the picture is the same', () => {
    const [layer] = fitToScreen(line(['interpolate', ['linear'], ['zoom'], 8, 1, 12, 3]), 2).layers
    expect(layer).toMatchObject({
      minzoom: 11,
      paint: { 'line-width': ['interpolate', ['linear'], ['zoom'], 9, 2, 13, 6], 'line-opacity': ['interpolate', ['linear'], ['zoom'], 6, 0, 7, 1] },
    })
  })
  it('of the design’s own size is the same style', () => {
    expect(fitToScreen(style, 1)).toEqual(style)
  })
  it('refuses a width that it could not scale', () => {
    expect(() => fitToScreen(line(['get', 'width']), 2)).toThrow('get')
  })
})

describe('classes of open cases', () => {
  it('are single counts while counts are small', () => {
    expect(classBounds([0, 1, 1, 3])).toEqual([1, 2, 3])
  })
  it('rise strictly from one and hold every count', () => {
    let seed = 1
    const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
    for (let round = 0; round < 300; round += 1) {
      const counts = Array.from({ length: 1 + Math.floor(random() * 200) }, () => Math.floor(random() ** 3 * 10 ** (1 + random() * 3)))
      const bounds = classBounds(counts)
      if (Math.max(...counts) > 0) expect(bounds[0]).toBe(1)
      bounds.forEach((bound, i) => i > 0 && expect(bound).toBeGreaterThan(bounds[i - 1] ?? 0))
      expect(bounds.length).toBeLessThanOrEqual(5)
      for (const n of counts) expect(classOf(n, bounds)).toBeGreaterThanOrEqual(n > 0 ? 1 : 0)
      const rows = legend(counts, bounds)
      if (Math.max(...counts) > 5) expect(rows.every((row) => row.areas > 0), `${counts} ${bounds}`).toBe(true)
      expect(rows.reduce((sum, row) => sum + row.areas, 0)).toBe(counts.filter((n) => n > 0).length)
    }
  })
  it('are drawn the brighter the more, the most brightest', () => {
    for (const bounds of [[1, 4, 9], [1, 2, 3, 4], [1, 20, 30, 40, 50]]) {
      const shades = [0, ...bounds].map((n) => shadeOf(n, bounds))
      expect(shades).toEqual([...new Set(shades)].sort((a, b) => a - b))
      expect([shades[0], shades.at(-1)]).toEqual([0, 5])
    }
  })
  it('of a city without open cases are none', () => {
    expect(classBounds([0, 0])).toEqual([])
    expect(classOf(0, [])).toBe(0)
  })
})

describe('the level in view', () => {
  it('is what the place consists of while it is seen whole, however close that is', () => {
    expect(levelInView(14.5, 'community', 14.2)).toBe('community')
    expect(levelInView(6, 'community', 14.2)).toBe('community')
  })
  it('gets finer as the map comes closer, and never coarser than the place’s own', () => {
    expect([9, 10.2, 12.5, 14].map((zoom) => levelInView(zoom, 'district', 8))).toEqual(['district', 'township', 'community', 'grid'])
    expect(levelInView(10.2, 'grid', 8)).toBe('grid')
  })
})

describe('points', () => {
  const point = (id: string) => ({ id, lng: 1, lat: 2, categoryCode: '0101' })
  it('are told to the map by what changed', () => {
    const drawn = new Map([['1', point('1')], ['2', point('2')]])
    const wanted = new Map([['2', point('2')], ['3', point('3')]])
    const { add, remove } = difference(drawn, wanted)
    expect([add.map(({ id }) => id), remove.map(({ id }) => id)]).toEqual([['3'], ['1']])
  })
})

describe('the outside of a place', () => {
  const ring = (from: number, to: number): GeoJSON.Position[] => [[from, from], [to, from], [to, to], [from, to], [from, from]]
  it('is the world without the place, and what lies in the place’s holes', () => {
    const [feature] = outsideOf({ type: 'Polygon', coordinates: [ring(0, 9), ring(4, 5)] }).features
    const { coordinates } = feature?.geometry as GeoJSON.MultiPolygon
    expect(coordinates.map((polygon) => polygon.length)).toEqual([2, 1])
    expect(coordinates[0]?.[1]).toEqual(ring(0, 9))
  })
  it('of something without area is nothing', () => {
    expect(outsideOf({ type: 'Point', coordinates: [0, 0] }).features).toEqual([])
  })
})
