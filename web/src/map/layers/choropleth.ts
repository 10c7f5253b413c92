// Open cases per area, coloured by feature-state `shade`: 0 is none, 1 to 5 few to many. One layer per level; the wall
// shows one at a time. The colour carries its own transparency, so that showing a level is a fade of one number and
// never a new layout of its tiles.
import type { ExpressionSpecification, FilterSpecification, LayerSpecification } from 'maplibre-gl'
import { INK, MAP, MEANING, NO_CASES_SHADE, OPEN_CASES, OPEN_CASES_SHADE } from '../../shared/colors.ts'

export const CHOROPLETH_LEVELS = ['district', 'township', 'community', 'grid'] as const
export type ChoroplethLevel = (typeof CHOROPLETH_LEVELS)[number]

const shade: ExpressionSpecification = ['coalesce', ['feature-state', 'shade'], 0]
const hovered: ExpressionSpecification = ['boolean', ['feature-state', 'hover'], false]

function byShade(colors: readonly string[], none: string): ExpressionSpecification {
  return ['match', shade, ...colors.flatMap((color, i) => [i + 1, color]), none] as unknown as ExpressionSpecification
}

function source(level: ChoroplethLevel): { source: string; 'source-layer': string; filter?: FilterSpecification } {
  return level === 'grid'
    ? { source: 'grids', 'source-layer': 'grids', filter: ['!=', ['get', 'kind'], 'special'] }
    : { source: 'divisions', 'source-layer': 'divisions', filter: ['==', ['get', 'level'], level] }
}

/** Opacity of the level on show: close up, streets and houses matter more. `shift` moves its zooms, see fit.ts. */
export function shownOpacity(shift: number): ExpressionSpecification {
  return ['interpolate', ['linear'], ['zoom'], 14.5 + shift, 1, 16.5 + shift, 0.6]
}

export const choroplethLayers: LayerSpecification[] = [
  ...CHOROPLETH_LEVELS.map((level): LayerSpecification => ({
    id: `open-${level}`, type: 'fill', ...source(level),
    // borders are drawn over the edges, so they need no smoothing of their own
    paint: {
      'fill-color': ['case', hovered, byShade(OPEN_CASES, INK.faint), byShade(OPEN_CASES_SHADE, NO_CASES_SHADE)],
      'fill-opacity': 0, 'fill-antialias': false,
    },
  })),
  {
    // everything outside the place that was drilled into steps back, its names and points too
    id: 'outside', type: 'fill', source: 'outside',
    paint: { 'fill-color': MAP.halo, 'fill-opacity': 0.6, 'fill-antialias': false },
  },
  {
    id: 'place-glow', type: 'line', source: 'place',
    layout: { 'line-join': 'round' },
    paint: {
      'line-color': MEANING.ice, 'line-opacity': 0.35,
      'line-width': ['interpolate', ['linear'], ['zoom'], 9, 8, 15, 16],
      'line-blur': ['interpolate', ['linear'], ['zoom'], 9, 6, 15, 12],
    },
  },
  {
    id: 'place-edge', type: 'line', source: 'place',
    layout: { 'line-join': 'round' },
    paint: {
      'line-color': MEANING.ice,
      'line-width': ['interpolate', ['linear'], ['zoom'], 9, 2, 15, 3.2],
      // close up it lies inside the place, beside the street that is the border and its name
      'line-offset': ['interpolate', ['linear'], ['zoom'], 13.5, 0, 15, 9, 18, 14],
    },
  },
]
