// The fonts that the product ships, so that it needs no font of the machine or of the network: Barlow for letters and
// digits, Noto Sans SC for Chinese, cut by its publisher into a hundred files that are fetched as their characters occur.
import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Plugin } from 'vite'
import { MAP_FONT, MAP_FONT_STRONG } from '../src/map/layers/labels.ts'
import type { FontFile } from '../src/map/style.ts'

const require = createRequire(import.meta.url)
const BARLOW = dirname(require.resolve('@fontsource/barlow/package.json'))
const BARLOW_TTF = dirname(require.resolve('@expo-google-fonts/barlow/package.json'))
const NOTO = dirname(require.resolve('@fontsource/noto-sans-sc/package.json'))

function version(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version
}

/** Weights of Chinese, on the pages and on the map. */
const WEIGHTS = [500, 700] as const
const BARLOW_WEIGHTS = [400, 500, 600, 700] as const
/** Fonts that the service makes glyphs of for the map, named `Barlow Medium` and `Barlow SemiBold` there. */
const GLYPH_FONTS = { 'Barlow-Medium.ttf': '500Medium/Barlow_500Medium.ttf', 'Barlow-SemiBold.ttf': '600SemiBold/Barlow_600SemiBold.ttf' }
/** The service lets browsers keep what is under assets/ for ever, so the folder is named after what is in it. */
const FOLDER = `assets/fonts-${version(NOTO)}-${version(BARLOW)}`

interface Shipped { fileName: string; path: string }

/** Noto's files by number; its Latin, Cyrillic and Vietnamese cuts are left out, Barlow has the letters. */
function notoCuts(): [cut: string, ranges: string][] {
  const unicode = JSON.parse(readFileSync(join(NOTO, 'unicode.json'), 'utf8')) as Record<string, string>
  return Object.entries(unicode).filter(([cut]) => /^\[\d+\]$/.test(cut)).map(([cut, ranges]) => [cut.slice(1, -1), ranges])
}

function notoFile(cut: string, weight: number): string {
  return `${FOLDER}/noto-sans-sc-${cut}-${weight}.woff2`
}

/** Codepoints of Barlow's Latin cut, as its publisher states them. */
function barlowRanges(): string[] {
  const unicode = JSON.parse(readFileSync(join(BARLOW, 'unicode.json'), 'utf8')) as { latin: string }
  return unicode.latin.split(',')
}

/**
 * Files that the map draws its text with, by the name in `text-font`. MapLibre loads a file before it draws a character of
 * it, so no label is ever drawn in a font of the machine. What no file covers comes from the service's own glyphs.
 */
export function mapFonts(): Record<string, FontFile[]> {
  const files = (latin: number, chinese: number): FontFile[] => [
    { url: `/${FOLDER}/barlow-${latin}.woff2`, 'unicode-range': barlowRanges() },
    ...notoCuts().map(([cut, ranges]) => ({ url: `/${notoFile(cut, chinese)}`, 'unicode-range': ranges.split(',') })),
  ]
  return { [MAP_FONT]: files(500, 500), [MAP_FONT_STRONG]: files(600, 700) }
}

function styleSheet(): string {
  const face = (family: string, weight: number, file: string, ranges?: string): string =>
    `@font-face{font-family:'${family}';font-style:normal;font-weight:${weight};font-display:swap;` +
    `src:url(/${file}) format('woff2')${ranges ? `;unicode-range:${ranges}` : ''}}`
  return [
    ...BARLOW_WEIGHTS.map((weight) => face('Barlow', weight, `${FOLDER}/barlow-${weight}.woff2`)),
    ...WEIGHTS.flatMap((weight) => notoCuts().map(([cut, ranges]) => face('Noto Sans SC', weight, notoFile(cut, weight), ranges))),
  ].join('\n')
}

function shippedFiles(): Shipped[] {
  return [
    ...BARLOW_WEIGHTS.map((weight) => ({
      fileName: `${FOLDER}/barlow-${weight}.woff2`, path: join(BARLOW, `files/barlow-latin-${weight}-normal.woff2`),
    })),
    ...WEIGHTS.flatMap((weight) => notoCuts().map(([cut]) => ({
      fileName: notoFile(cut, weight), path: join(NOTO, `files/noto-sans-sc-${cut}-${weight}-normal.woff2`),
    }))),
    ...Object.entries(GLYPH_FONTS).map(([name, path]) => ({ fileName: `fonts/${name}`, path: join(BARLOW_TTF, path) })),
    { fileName: 'licenses/Barlow-OFL.txt', path: join(BARLOW_TTF, 'LICENSE_FONT') },
    { fileName: 'licenses/NotoSansSC-OFL.txt', path: join(NOTO, 'LICENSE') },
    ...packageLicences(),
  ]
}

/** Licences of the code that ends in the pages. */
function packageLicences(): Shipped[] {
  return ['maplibre-gl', 'vue'].map((name) => {
    const folder = dirname(require.resolve(`${name}/package.json`))
    const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each))
    if (!file) throw new Error(`package ${name} has no licence file`)
    return { fileName: `licenses/${name}.txt`, path: join(folder, file) }
  })
}

export function fonts(): Plugin {
  return {
    name: 'wangge-fonts',
    transformIndexHtml: () => [{ tag: 'link', attrs: { rel: 'stylesheet', href: `/${FOLDER}/fonts.css` }, injectTo: 'head' }],
    generateBundle() {
      for (const { fileName, path } of shippedFiles()) this.emitFile({ type: 'asset', fileName, source: readFileSync(path) })
      this.emitFile({ type: 'asset', fileName: `${FOLDER}/fonts.css`, source: styleSheet() })
    },
    configureServer(server) {
      const byUrl = new Map(shippedFiles().map(({ fileName, path }) => [`/${fileName}`, path]))
      server.middlewares.use((request, response, next) => {
        const path = byUrl.get(request.url ?? '')
        if (path) response.end(readFileSync(path))
        else if (request.url === `/${FOLDER}/fonts.css`) response.setHeader('content-type', 'text/css').end(styleSheet())
        else next()
      })
    },
  }
}
