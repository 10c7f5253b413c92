// Names, in Chinese, coarse before fine: where two collide the one of the larger area stays. A level's names fade in when
// its areas are large enough to hold them and leave when they no longer fit on a screen.
import type { ExpressionSpecification, FilterSpecification, LayerSpecification } from 'maplibre-gl'
import { MAP } from '../../shared/colors.ts'

/** Names of fonts, in the style's `font-faces` and in the service's glyphs alike. Chinese goes by the same names. */
export const MAP_FONT = 'Barlow Medium'
export const MAP_FONT_STRONG = 'Barlow SemiBold'

function ofLevel(level: string): FilterSpecification {
  return ['==', ['get', 'level'], level]
}

function size(...stops: [zoom: number, px: number][]): ExpressionSpecification {
  return ['interpolate', ['linear'], ['zoom'], ...stops.flat()]
}

const halo = { 'text-halo-color': MAP.halo, 'text-halo-width': 1.6, 'text-halo-blur': 0.4 } as const
const names = { type: 'symbol', source: 'division_labels', 'source-layer': 'division_labels' } as const

export const labelLayers: LayerSpecification[] = [
  {
    id: 'water-name', type: 'symbol', source: 'water', 'source-layer': 'water', minzoom: 10,
    layout: {
      'text-field': ['get', 'name'], 'text-font': [MAP_FONT], 'text-size': size([10, 13], [15, 19]),
      'text-letter-spacing': 0.6, 'symbol-placement': 'point', 'text-max-width': 20, 'text-padding': 60,
    },
    paint: { 'text-color': MAP.waterLabel, 'text-halo-color': MAP.water, 'text-halo-width': 1.4 },
  },
  {
    id: 'road-name', type: 'symbol', source: 'roads', 'source-layer': 'roads', minzoom: 13,
    filter: ['any', ['in', ['get', 'class'], ['literal', ['expressway', 'arterial', 'bridge']]], ['>=', ['zoom'], 15]],
    layout: {
      'symbol-placement': 'line', 'text-field': ['get', 'name'], 'text-font': [MAP_FONT],
      'text-size': size([13, 11], [16, 14], [18, 16]), 'text-letter-spacing': 0.18,
      'symbol-spacing': 420, 'text-max-angle': 35, 'text-padding': 6,
    },
    paint: { 'text-color': MAP.roadLabel, 'text-halo-color': MAP.halo, 'text-halo-width': 1.6 },
  },
  {
    id: 'building-name', type: 'symbol', source: 'building_labels', 'source-layer': 'building_labels', minzoom: 16.5,
    layout: {
      'text-field': ['get', 'name'], 'text-font': [MAP_FONT], 'text-size': size([16.5, 10], [19, 14]),
      'text-max-width': 6, 'text-padding': 4,
    },
    paint: { 'text-color': MAP.labelSoft, ...halo },
  },
  {
    id: 'grid-name', type: 'symbol', source: 'grid_labels', 'source-layer': 'grid_labels', minzoom: 14.8,
    layout: {
      'text-field': ['get', 'name'], 'text-font': [MAP_FONT], 'text-size': size([14.8, 12], [17, 15]),
      'text-max-width': 7, 'text-padding': 4,
    },
    paint: {
      'text-color': MAP.label, ...halo,
      'text-opacity': ['interpolate', ['linear'], ['zoom'], 14.8, 0, 15, 1],
    },
  },
  {
    ...names, id: 'community-name', filter: ofLevel('community'), minzoom: 12, maxzoom: 17,
    layout: {
      'text-field': ['get', 'name'], 'text-font': [MAP_FONT], 'text-size': size([12, 11], [14, 13.5], [16, 17]),
      'text-max-width': 7, 'text-padding': 4, 'symbol-sort-key': ['-', 0, ['coalesce', ['get', 'people'], 0]],
    },
    paint: { 'text-color': MAP.label, ...halo },
  },
  {
    ...names, id: 'township-name', filter: ofLevel('township'), minzoom: 9.4, maxzoom: 15,
    layout: {
      'text-field': ['get', 'name'], 'text-font': [MAP_FONT_STRONG], 'text-size': size([9.4, 11.5], [12, 15], [14, 19]),
      'text-max-width': 8, 'text-padding': 6, 'text-letter-spacing': 0.05,
      'symbol-sort-key': ['-', 0, ['coalesce', ['get', 'people'], 0]],
    },
    paint: { 'text-color': MAP.label, ...halo },
  },
  {
    ...names, id: 'district-name', filter: ofLevel('district'), minzoom: 6, maxzoom: 12,
    layout: {
      'text-field': ['get', 'name'], 'text-font': [MAP_FONT_STRONG], 'text-size': size([6, 13], [9, 18], [11, 24]),
      'text-letter-spacing': 0.14, 'text-max-width': 8, 'text-padding': 8,
    },
    paint: { 'text-color': '#ffffff', ...halo, 'text-halo-width': 2 },
  },
  {
    // the areas of the level on show, with their open cases where there are any: written by the wall
    id: 'area-count', type: 'symbol', source: 'area_counts',
    layout: {
      'text-field': ['format',
        ['get', 'name'], { 'font-scale': 0.82, 'text-color': ['case', ['==', ['get', 'open'], ''], MAP.labelSoft, MAP.label] },
        ['get', 'open'], { 'font-scale': 1.12, 'text-color': '#ffffff' }],
      'text-font': [MAP_FONT_STRONG],
      'text-size': size([8, 14], [10, 15], [12, 16], [14, 18], [16, 20]),
      'text-line-height': 1.15, 'text-max-width': 12, 'text-padding': 3,
      'symbol-sort-key': ['-', 0, ['get', 'rank']],
    },
    paint: { 'text-color': MAP.label, 'text-halo-color': MAP.halo, 'text-halo-width': 1.8, 'text-halo-blur': 0.3 },
  },
]
