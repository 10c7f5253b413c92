// What the geocoder answered, on the map: the grid of the chosen place and others that it may lie in, how exactly each
// place is known, and the way from a given point to what was found.
import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl'
import { INK, MEANING } from '../../shared/colors.ts'

const grids = { source: 'grids', 'source-layer': 'grids' } as const
/** No grid has this code; the page writes the codes that are meant. */
export const NO_GRID: ExpressionSpecification = ['in', ['get', 'code'], ['literal', []]] as unknown as ExpressionSpecification

const chosen: ExpressionSpecification = ['boolean', ['get', 'chosen'], false]

export const answerLayers: LayerSpecification[] = [
  { id: 'grid-also', type: 'fill', ...grids, filter: NO_GRID, paint: { 'fill-color': MEANING.amber, 'fill-opacity': 0.1, 'fill-antialias': false } },
  { id: 'grid-chosen', type: 'fill', ...grids, filter: NO_GRID, paint: { 'fill-color': MEANING.ice, 'fill-opacity': 0.16, 'fill-antialias': false } },
  {
    id: 'grid-also-edge', type: 'line', ...grids, filter: NO_GRID, layout: { 'line-join': 'round' },
    paint: { 'line-color': MEANING.amber, 'line-width': ['interpolate', ['linear'], ['zoom'], 10, 1, 16, 2], 'line-dasharray': [3, 2] },
  },
  {
    id: 'grid-chosen-edge', type: 'line', ...grids, filter: NO_GRID, layout: { 'line-join': 'round' },
    paint: { 'line-color': MEANING.ice, 'line-width': ['interpolate', ['linear'], ['zoom'], 10, 1.6, 16, 3] },
  },
  {
    id: 'accuracy', type: 'fill', source: 'accuracy',
    paint: { 'fill-color': ['case', chosen, MEANING.ice, INK.text], 'fill-opacity': ['case', chosen, 0.18, 0.07] },
  },
  {
    id: 'accuracy-edge', type: 'line', source: 'accuracy',
    paint: { 'line-color': ['case', chosen, MEANING.ice, INK.muted], 'line-width': 1.4, 'line-opacity': 0.9 },
  },
  {
    id: 'tie', type: 'line', source: 'tie', layout: { 'line-cap': 'round' },
    paint: { 'line-color': ['match', ['get', 'kind'], 'conflict', MEANING.red, MEANING.amber], 'line-width': 2, 'line-dasharray': [1.5, 2] },
  },
]
