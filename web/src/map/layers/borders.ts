// Borders of four kinds at once: a finer kind is thinner, dimmer and more broken, so that each is told from the next at
// any zoom without its colour.
import type { ExpressionSpecification, FilterSpecification, LayerSpecification } from 'maplibre-gl'
import { MAP } from '../../shared/colors.ts'

function ofLevel(level: string): FilterSpecification {
  return ['==', ['get', 'level'], level]
}

/** Grids that tile their community; the others lie over them. */
const BASIC: ExpressionSpecification = ['!=', ['get', 'kind'], 'special']

function byZoom(...stops: [zoom: number, value: number][]): ExpressionSpecification {
  return ['interpolate', ['linear'], ['zoom'], ...stops.flat()]
}

const divisions = { type: 'line', source: 'divisions', 'source-layer': 'divisions' } as const

export const borderLayers: LayerSpecification[] = [
  {
    id: 'border-grid', type: 'line', source: 'grids', 'source-layer': 'grids', minzoom: 12, filter: BASIC,
    layout: { 'line-join': 'round' },
    paint: {
      'line-color': MAP.gridBorder,
      'line-width': byZoom([12, 0.4], [14, 0.8], [16, 1.2], [19, 2]),
      'line-opacity': byZoom([12, 0], [13, 0.7], [15, 1]),
    },
  },
  {
    // a special grid lies on top of basic ones: a dotted line of its own hue, whatever is below
    id: 'border-special', type: 'line', source: 'grids', 'source-layer': 'grids', minzoom: 13, filter: ['!', BASIC],
    layout: { 'line-join': 'round' },
    paint: {
      'line-color': MAP.specialBorder,
      'line-width': byZoom([13, 0.8], [16, 1.6], [19, 2.6]),
      'line-opacity': byZoom([13, 0], [13.8, 0.9]),
      'line-dasharray': [1.5, 1.5],
    },
  },
  {
    ...divisions, id: 'border-community', filter: ofLevel('community'), minzoom: 10,
    layout: { 'line-join': 'round' },
    paint: {
      'line-color': MAP.communityBorder,
      'line-width': byZoom([10, 0.4], [12, 0.8], [14, 1.5], [16, 2.2], [19, 3.2]),
      'line-opacity': byZoom([10, 0], [11.2, 0.75], [13, 1]),
      'line-dasharray': [5, 2],
    },
  },
  {
    ...divisions, id: 'border-township', filter: ofLevel('township'), minzoom: 8,
    layout: { 'line-join': 'round' },
    paint: {
      'line-color': MAP.townshipBorder,
      'line-width': byZoom([8, 0.4], [10, 0.9], [12, 1.5], [14, 2.2], [17, 3.4]),
      'line-opacity': byZoom([8, 0], [9.2, 0.8], [11, 1]),
    },
  },
  {
    ...divisions, id: 'border-district-glow', filter: ofLevel('district'),
    layout: { 'line-join': 'round' },
    paint: {
      'line-color': '#000000',
      // tiles end 8 px beyond their edge, and so does what may be drawn along a border that was cut there
      'line-width': byZoom([7, 3], [12, 6], [16, 7]),
      'line-opacity': 0.5,
      'line-blur': byZoom([7, 2], [14, 3]),
    },
  },
  {
    ...divisions, id: 'border-district', filter: ofLevel('district'),
    layout: { 'line-join': 'round' },
    paint: {
      'line-color': MAP.districtBorder,
      'line-width': byZoom([7, 0.9], [10, 1.7], [13, 2.8], [16, 4.2]),
    },
  },
  {
    // drawn from the whole outline, because tiles would cut so wide a line
    id: 'border-city-glow', type: 'line', source: 'city',
    layout: { 'line-join': 'round' },
    paint: {
      'line-color': MAP.cityBorder,
      'line-width': byZoom([7, 8], [12, 18], [16, 26]),
      'line-opacity': 0.16,
      'line-blur': byZoom([7, 8], [12, 18]),
    },
  },
  {
    ...divisions, id: 'border-city', filter: ofLevel('city'),
    layout: { 'line-join': 'round' },
    paint: { 'line-color': MAP.cityBorder, 'line-width': byZoom([7, 1.4], [10, 2.2], [14, 3.6]) },
  },
]
