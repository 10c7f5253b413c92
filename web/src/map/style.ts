// The pages' map styles, built from their layers. The build writes them to /styles/*.json with addresses relative to the
// service; a page makes them absolute and sizes the style to its screen before MapLibre sees it.
import type { LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl'
import { answerLayers } from './layers/answer.ts'
import { borderLayers } from './layers/borders.ts'
import { choroplethLayers } from './layers/choropleth.ts'
import { groundLayers } from './layers/ground.ts'
import { incidentLayers } from './layers/incidents.ts'
import { labelLayers } from './layers/labels.ts'
import { roadLayers } from './layers/roads.ts'
import { inDrawingOrder } from './zorder.ts'

/** Tile layers of the service that the style draws from; the source has the name of its layer. */
export const TILE_LAYERS = ['divisions', 'division_labels', 'grids', 'grid_labels', 'buildings', 'building_labels', 'roads', 'water'] as const

/** A font file and the codepoints it covers, as `U+4E00-4EFF`. */
export interface FontFile { url: string; 'unicode-range': string[] }

function tileSources(): Record<string, SourceSpecification> {
  const sources: Record<string, SourceSpecification> = {}
  for (const layer of TILE_LAYERS) sources[layer] = { type: 'vector', url: `/tiles/${layer}` }
  // a division's state is kept by its code, which the statistics name; a grid's by its integer id
  sources['divisions'] = { type: 'vector', url: '/tiles/divisions', promoteId: 'code' }
  return sources
}

/** A source that the wall fills; `buffer` is as wide as its lines glow. */
function liveSource(buffer = 64): SourceSpecification {
  return { type: 'geojson', data: { type: 'FeatureCollection', features: [] }, buffer }
}

function style(
  name: string, fonts: Record<string, FontFile[]>, live: Record<string, SourceSpecification>, layers: LayerSpecification[],
): StyleSpecification {
  return {
    version: 8,
    name,
    glyphs: '/fonts/{fontstack}/{range}.pbf',
    'font-faces': fonts,
    transition: { duration: 400, delay: 0 },
    sources: { ...tileSources(), ...live },
    layers: inDrawingOrder(layers),
  }
}

/** The style of the wall; `fonts` are the files that its text is drawn with, by font name. */
export function wallStyle(fonts: Record<string, FontFile[]>): StyleSpecification {
  const live = {
    incidents: liveSource(),
    arrivals: liveSource(),
    area_counts: liveSource(),
    outside: liveSource(),
    place: liveSource(512),
    city: liveSource(512),
  }
  return style('wangge wall', fonts, live, [
    ...groundLayers, ...choroplethLayers, ...roadLayers, ...borderLayers, ...incidentLayers, ...labelLayers,
  ])
}

/** The style of the geocoder's page: the same ground, and the answer on it. */
export function geocodeStyle(fonts: Record<string, FontFile[]>): StyleSpecification {
  const drawn = [...groundLayers, ...roadLayers, ...borderLayers, ...labelLayers].filter(isOfTiles)
  return style('wangge geocode', fonts, { accuracy: liveSource(), tie: liveSource() }, [...drawn, ...answerLayers])
}

/** Layers that need nothing but tiles. */
function isOfTiles(layer: LayerSpecification): boolean {
  return !('source' in layer) || TILE_LAYERS.some((each) => each === layer.source)
}
