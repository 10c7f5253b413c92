// Roads in three ranks, each with a casing that parts it from whatever lies beneath; bridges over everything wet.
import type { ExpressionSpecification, FilterSpecification, LayerSpecification } from 'maplibre-gl'
import { MAP } from '../../shared/colors.ts'

type Rank = 'major' | 'middle' | 'minor'

const CLASSES: Record<Rank, string[]> = {
  major: ['expressway', 'arterial'],
  middle: ['collector'],
  minor: ['local', 'lane'],
}
/** Pixels of the road itself, by zoom. */
const WIDTH: Record<Rank, [zoom: number, px: number][]> = {
  major: [[8, 0.5], [11, 1.3], [13, 2.4], [15, 5], [17, 12], [19, 28]],
  middle: [[10.5, 0.4], [13, 1.3], [15, 3.2], [17, 8.5], [19, 22]],
  minor: [[12.5, 0.3], [14, 0.8], [15, 1.6], [17, 5.5], [19, 15]],
}
const MINZOOM: Record<Rank, number> = { major: 8, middle: 10.5, minor: 12.5 }
const COLOR: Record<Rank, string> = { major: MAP.roadMajor, middle: MAP.roadMiddle, minor: MAP.roadMinor }
const RANKS: Rank[] = ['minor', 'middle', 'major']

function byZoom(stops: [number, number][], extra: (px: number) => number): ExpressionSpecification {
  return ['interpolate', ['exponential', 1.4], ['zoom'], ...stops.flatMap(([zoom, px]) => [zoom, extra(px)])]
}

function ofClass(rank: Rank): FilterSpecification {
  return ['in', ['get', 'class'], ['literal', CLASSES[rank]]]
}

const isBridge: FilterSpecification = ['==', ['get', 'class'], 'bridge']

function road(rank: Rank): LayerSpecification {
  return {
    id: `road-${rank}`, type: 'line', source: 'roads', 'source-layer': 'roads', minzoom: MINZOOM[rank],
    filter: ofClass(rank),
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: {
      'line-color': COLOR[rank],
      'line-width': byZoom(WIDTH[rank], (px) => px),
      'line-opacity': rank === 'minor' ? ['interpolate', ['linear'], ['zoom'], 12.5, 0, 13.5, 0.9] : 0.95,
    },
  }
}

function casing(rank: Rank): LayerSpecification {
  return {
    id: `road-${rank}-casing`, type: 'line', source: 'roads', 'source-layer': 'roads',
    minzoom: Math.max(MINZOOM[rank], 11), filter: ofClass(rank),
    layout: { 'line-cap': 'butt', 'line-join': 'round' },
    paint: {
      'line-color': MAP.roadCasing,
      'line-width': byZoom(WIDTH[rank], (px) => px + 1.2 + px * 0.12),
      'line-opacity': ['interpolate', ['linear'], ['zoom'], 11, 0.2, 14, 0.8],
    },
  }
}

const bridges: LayerSpecification[] = [
  {
    id: 'bridge-casing', type: 'line', source: 'roads', 'source-layer': 'roads', minzoom: 10, filter: isBridge,
    layout: { 'line-cap': 'butt', 'line-join': 'round' },
    paint: { 'line-color': MAP.roadCasing, 'line-width': byZoom(WIDTH.major, (px) => px * 1.3 + 2) },
  },
  {
    id: 'bridge', type: 'line', source: 'roads', 'source-layer': 'roads', minzoom: 10, filter: isBridge,
    layout: { 'line-cap': 'butt', 'line-join': 'round' },
    paint: { 'line-color': MAP.roadMajor, 'line-width': byZoom(WIDTH.major, (px) => px) },
  },
]

const isRailway: FilterSpecification = ['==', ['get', 'class'], 'railway']
const RAIL: [zoom: number, px: number][] = [[8, 0.6], [11, 1], [14, 2], [17, 4.5]]

/** A dark line with light ties, as on printed maps. */
const railways: LayerSpecification[] = [
  {
    id: 'railway', type: 'line', source: 'roads', 'source-layer': 'roads', minzoom: 8, filter: isRailway,
    layout: { 'line-join': 'round' },
    paint: { 'line-color': MAP.railway, 'line-width': byZoom(RAIL, (px) => px), 'line-opacity': 0.9 },
  },
  {
    id: 'railway-ties', type: 'line', source: 'roads', 'source-layer': 'roads', minzoom: 11, filter: isRailway,
    layout: { 'line-join': 'round' },
    paint: { 'line-color': MAP.railway, 'line-width': byZoom(RAIL, (px) => px * 3.4), 'line-dasharray': [0.25, 2.4], 'line-opacity': 0.75 },
  },
]

export const roadLayers: LayerSpecification[] = [...RANKS.map(casing), ...railways, ...RANKS.map(road), ...bridges]
