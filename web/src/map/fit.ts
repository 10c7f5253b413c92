// Fits the style to where it is shown: the service's address and the size of the screen. MapLibre sizes everything in
// pixels, so on a screen of twice the pixels widths and text double and every zoom threshold moves up by one: the picture
// is the same, only finer.
import type { LayerSpecification, StyleSpecification } from 'maplibre-gl'

/** Properties in pixels. Ratios (`text-letter-spacing`, `text-max-width`, dashes) scale by themselves. */
const IN_PIXELS = new Set([
  'line-width', 'line-blur', 'line-offset', 'circle-radius', 'circle-stroke-width', 'text-size', 'text-halo-width', 'text-halo-blur',
  'text-padding', 'symbol-spacing', 'heatmap-radius',
])

type Json = unknown

/** Multiplies the outputs of an expression and moves its zoom stops. */
function fitValue(value: Json, factor: number, shift: number): Json {
  if (typeof value === 'number') return value * factor
  if (!Array.isArray(value)) return value
  const [operator, ...rest] = value as [string, ...Json[]]
  switch (operator) {
    case 'interpolate': {
      const [curve, input, ...stops] = rest
      return [operator, curve, input, ...fitStops(stops, isZoom(input) ? shift : 0, factor, shift)]
    }
    case 'step': {
      const [input, first, ...stops] = rest
      return [operator, input, fitValue(first, factor, shift), ...fitStops(stops, isZoom(input) ? shift : 0, factor, shift)]
    }
    default:
      if (factor !== 1) throw new Error(`cannot scale expression "${operator}": write the size as a number, step or interpolate`)
      return [operator, ...rest.map((part) => moveZooms(part, shift))]
  }
}

function fitStops(stops: Json[], by: number, factor: number, shift: number): Json[] {
  return stops.map((stop, i) => (i % 2 === 0 ? Number(stop) + by : fitValue(stop, factor, shift)))
}

/** Moves the zoom stops of a value that is not in pixels. */
function moveZooms(value: Json, shift: number): Json {
  if (!Array.isArray(value) || value[0] === 'literal') return value
  const [operator, ...rest] = value as [string, ...Json[]]
  if (operator === 'interpolate' && isZoom(rest[1])) {
    return [operator, rest[0], rest[1], ...rest.slice(2).map((stop, i) => (i % 2 === 0 ? Number(stop) + shift : stop))]
  }
  if (operator === '>=' && isZoom(rest[0])) return [operator, rest[0], Number(rest[1]) + shift]
  return [operator, ...rest.map((part) => moveZooms(part, shift))]
}

function isZoom(input: Json): boolean {
  return Array.isArray(input) && input.length === 1 && input[0] === 'zoom'
}

function fitProperties(properties: Record<string, Json>, factor: number, shift: number): Record<string, Json> {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) =>
    [name, IN_PIXELS.has(name) ? fitValue(value, factor, shift) : moveZooms(value, shift)]))
}

function fitLayer(layer: LayerSpecification, factor: number, shift: number): LayerSpecification {
  const fitted: Record<string, Json> = { ...layer }
  for (const part of ['paint', 'layout'] as const) {
    const properties = layer[part] as Record<string, Json> | undefined
    if (properties) fitted[part] = fitProperties(properties, factor, shift)
  }
  if (layer.minzoom !== undefined) fitted['minzoom'] = layer.minzoom + shift
  if (layer.maxzoom !== undefined) fitted['maxzoom'] = layer.maxzoom + shift
  if ('filter' in layer && layer.filter) fitted['filter'] = moveZooms(layer.filter, shift)
  return fitted as unknown as LayerSpecification
}

/** How far zoom thresholds move on a screen of `factor` times the design's pixels. */
export function zoomShift(factor: number): number {
  return Math.log2(factor)
}

/** The style for a screen with `factor` times the pixels of the 1920 design. */
export function fitToScreen(style: StyleSpecification, factor: number): StyleSpecification {
  const shift = zoomShift(factor)
  return { ...style, layers: style.layers.map((layer) => fitLayer(layer, factor, shift)) }
}

/** Makes the style's addresses absolute, as MapLibre's workers need them. */
export function withOrigin(style: StyleSpecification, origin: string): StyleSpecification {
  const absolute = (address: string): string => (address.startsWith('/') ? origin + address : address)
  const sources = Object.fromEntries(Object.entries(style.sources).map(([id, source]) =>
    [id, 'url' in source && source.url ? { ...source, url: absolute(source.url) } : source]))
  const fonts = Object.fromEntries(Object.entries(style['font-faces'] ?? {}).map(([name, files]) =>
    [name, typeof files === 'string' ? absolute(files) : files.map((file) => ({ ...file, url: absolute(file.url) }))]))
  return {
    ...style,
    sources,
    'font-faces': fonts,
    ...(style.glyphs ? { glyphs: absolute(style.glyphs) } : {}),
  }
}
