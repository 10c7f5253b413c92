// Open incidents as points, and the rings of those that have just arrived. All by WebGL: a wall keeps twenty thousand.
import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl'
import { categoryColor, INK, MAP, MEANING } from '../../shared/colors.ts'
import { MAP_FONT } from './labels.ts'

const MAJORS = ['01', '02', '03', '04', '06', '07', '09']

const pointColor: ExpressionSpecification = [
  'match', ['get', 'major'], ...MAJORS.flatMap((major) => [major, categoryColor(major)]), categoryColor(''),
] as unknown as ExpressionSpecification

/** Age of an arrival, 0 new to 1 gone: the wall writes it each frame while a ring is alive. */
const age: ExpressionSpecification = ['coalesce', ['feature-state', 'age'], 0]

export const incidentLayers: LayerSpecification[] = [
  {
    id: 'incident-glow', type: 'circle', source: 'incidents', minzoom: 13,
    paint: {
      'circle-color': pointColor,
      'circle-radius': ['interpolate', ['linear'], ['zoom'], 13, 5, 16, 15],
      'circle-opacity': 0.22, 'circle-blur': 1,
    },
  },
  {
    id: 'incident', type: 'circle', source: 'incidents',
    paint: {
      'circle-color': pointColor,
      'circle-radius': ['interpolate', ['linear'], ['zoom'], 8, 0.8, 11, 1.4, 13, 2.6, 15, 5, 16, 9, 18, 11],
      'circle-opacity': ['interpolate', ['linear'], ['zoom'], 8, 0.45, 11, 0.7, 13, 0.95],
      'circle-stroke-color': MAP.halo,
      'circle-stroke-width': ['interpolate', ['linear'], ['zoom'], 11, 0, 13, 0.8, 16, 1.5],
      'circle-stroke-opacity': 0.9,
    },
  },
  {
    id: 'incident-mark', type: 'symbol', source: 'incidents', minzoom: 15.6,
    layout: {
      'text-field': ['get', 'mark'], 'text-font': [MAP_FONT],
      'text-size': ['interpolate', ['linear'], ['zoom'], 15.6, 11, 18, 14],
      'text-allow-overlap': true, 'text-ignore-placement': true,
    },
    paint: { 'text-color': INK.night },
  },
  {
    id: 'arrival-ring', type: 'circle', source: 'arrivals',
    paint: {
      'circle-radius': ['interpolate', ['linear'], age, 0, 5, 1, 46],
      'circle-color': 'rgba(0, 0, 0, 0)',
      'circle-stroke-color': MEANING.ice,
      'circle-stroke-width': ['interpolate', ['linear'], age, 0, 4, 1, 0.8],
      'circle-stroke-opacity': ['interpolate', ['linear'], age, 0, 1, 0.6, 0.6, 1, 0],
    },
  },
  {
    id: 'arrival-core', type: 'circle', source: 'arrivals',
    paint: {
      'circle-radius': 4.5, 'circle-color': INK.bright,
      'circle-stroke-color': MEANING.ice, 'circle-stroke-width': 2,
      'circle-opacity': ['interpolate', ['linear'], age, 0, 1, 0.85, 1, 1, 0],
      'circle-stroke-opacity': ['interpolate', ['linear'], age, 0, 1, 0.85, 1, 1, 0],
    },
  },
]
