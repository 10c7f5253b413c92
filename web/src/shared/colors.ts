// Every colour of the product, each scale with its source. Nothing here is the only mark of anything: a class has its
// number, a category its character, an overdue figure its word.

/** The ground of the wall: blue-black inks of one hue (own work, steps of about 4 % lightness in OKLCH at hue 250). */
export const INK = {
  night: '#070c13',
  deep: '#0b121c',
  panel: '#0e1723',
  raised: '#142031',
  line: '#1f3147',
  faint: '#34495f',
  muted: '#7f95ab',
  text: '#c4d3e2',
  bright: '#f2f7fc',
} as const

/** Meaning. Red is kept for what is late or lost, green for what is done, ice for what is alive. */
export const MEANING = {
  ice: '#7fd4ff',
  amber: '#ffb547',
  red: '#ff6b5e',
  green: '#58cf9b',
} as const

/**
 * Open cases per area, few to many. ColorBrewer "YlOrBr" (Cynthia Brewer, colorbrewer2.org, colour-blind safe), reversed
 * so that on a dark ground more cases are brighter, without its palest three steps.
 */
export const OPEN_CASES = ['#662506', '#993404', '#cc4c02', '#ec7014', '#fec44f'] as const

/** The same as they lie on the map: the fewer, the more of the ground shows through. */
export const OPEN_CASES_SHADE = OPEN_CASES.map((color, i) => color + (['8c', 'a6', 'b4', 'be', 'd2'][i] ?? 'ff'))
export const NO_CASES_SHADE = `${INK.raised}80`

/**
 * The major categories. Paul Tol's "light" qualitative scheme (SRON technical note SRON/EPS/TN/09-002), made for
 * filled marks and safe for the colour-blind.
 */
const MAJOR_CATEGORY: Readonly<Record<string, string>> = {
  '01': '#77aadd',
  '02': '#eedd88',
  '03': '#99ddff',
  '04': '#44bb99',
  '05': '#dddddd',
  '06': '#ee8866',
  '07': '#bbcc33',
  '09': '#ffaabb',
}

/** Colour of a category by its major; foreign lists share the neutral one. */
export function categoryColor(code: string): string {
  return MAJOR_CATEGORY[code.slice(0, 2)] ?? '#bbbbbb'
}

/** Map ground: the same inks, with water a step towards teal so that it is told from land by hue and by lightness. */
export const MAP = {
  land: '#0a111a',
  water: '#0f2a3d',
  shore: '#2b6283',
  waterLabel: '#6fb0d3',
  building: '#1b2a3b',
  buildingEdge: '#2e4359',
  roadCasing: '#060b12',
  roadMajor: '#5d7690',
  roadMiddle: '#42586f',
  roadMinor: '#2c3f53',
  railway: '#918fa8',
  roadLabel: '#a9bdd1',
  cityBorder: '#e3f1ff',
  districtBorder: '#b9d4ec',
  townshipBorder: '#86a9c8',
  communityBorder: '#5f83a5',
  gridBorder: '#4a6b8a',
  specialBorder: '#d9c6ff',
  label: '#eaf2fa',
  labelSoft: '#b4c6d8',
  halo: '#05090f',
} as const

/**
 * How an element of a text stands to the place that was found. Paul Tol's "light" scheme again, with green, amber and
 * red as elsewhere. Each kind has its own stroke and its word beside it, so that none is told by its colour alone.
 */
export const MATCH = {
  exact: '#58cf9b',
  alias: '#7fd4ff',
  short_form: '#77aadd',
  homophone: '#ffb547',
  dialect: '#eedd88',
  shape: '#ee8866',
  misspelt: '#ffaabb',
  omitted: '#7f95ab',
  not_found: '#ff6b5e',
  contradicted: '#ff6b5e',
  ambiguous: '#d9c6ff',
} as const

export function matchColor(kind: string): string {
  return kind in MATCH ? MATCH[kind as keyof typeof MATCH] : INK.text
}
