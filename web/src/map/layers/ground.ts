// What the city stands on: land, water, buildings.
import type { LayerSpecification } from 'maplibre-gl'
import { MAP } from '../../shared/colors.ts'

export const groundLayers: LayerSpecification[] = [
  { id: 'land', type: 'background', paint: { 'background-color': MAP.land } },
  {
    id: 'water', type: 'fill', source: 'water', 'source-layer': 'water',
    paint: { 'fill-color': MAP.water, 'fill-antialias': true },
  },
  {
    id: 'water-shore', type: 'line', source: 'water', 'source-layer': 'water',
    layout: { 'line-join': 'round' },
    paint: {
      'line-color': MAP.shore,
      'line-width': ['interpolate', ['linear'], ['zoom'], 9, 0.5, 13, 1, 17, 2],
      'line-opacity': 0.9,
    },
  },
  {
    id: 'building', type: 'fill', source: 'buildings', 'source-layer': 'buildings', minzoom: 14,
    paint: {
      'fill-color': MAP.building,
      'fill-opacity': ['interpolate', ['linear'], ['zoom'], 14, 0, 14.6, 0.85],
    },
  },
  {
    id: 'building-edge', type: 'line', source: 'buildings', 'source-layer': 'buildings', minzoom: 14.5,
    paint: {
      'line-color': MAP.buildingEdge,
      'line-width': ['interpolate', ['linear'], ['zoom'], 14.5, 0.4, 18, 1.2],
      'line-opacity': ['interpolate', ['linear'], ['zoom'], 14.5, 0, 15.2, 1],
    },
  },
]
