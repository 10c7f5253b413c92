// Fails when something in dist would be fetched from another host. Addresses that only name things are allowed: XML
// namespaces, and what stands in licences and comments.
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const TEXT = new Set(['.html', '.js', '.mjs', '.css', '.json', '.svg', '.csv', '.map', '.webmanifest'])
/** Names, not places: nothing is ever fetched from them. */
const NAMES = [
  // a host that can exist nowhere (RFC 2606), the base of MapLibre's relative addresses
  /^https?:\/\/[\w-]+\.invalid\//,
  /^https?:\/\/www\.w3\.org\/(1998\/Math\/MathML|1999\/(xhtml|xlink)|2000\/(svg|xmlns\/?)|XML\/1998\/namespace)$/,
  // documentation that MapLibre and Vue quote in messages and licence banners
  /^https?:\/\/(github\.com\/maplibre\/|maplibre\.org\/|wiki\.openstreetmap\.org\/|vuejs\.org\/error-reference\/|crbug\.com\/|bugs\.|github\.com\/mapbox\/)/,
]

/** Addresses of other hosts in a text, with the comments of script and style taken out. */
export function foreignAddresses(text, extension) {
  const code = extension === '.js' || extension === '.mjs' || extension === '.css' ? text.replace(/\/\*[\s\S]*?\*\//g, '') : text
  const found = code.match(/(?:https?:)?\/\/(?=[a-z0-9-]+\.[a-z])[^\s"'`<>()\\,;]+/gi) ?? []
  return found.filter((address) => /^https?:/i.test(address) && !NAMES.some((name) => name.test(address)))
}

function* files(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* files(path)
    else yield path
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const dist = fileURLToPath(new URL('../dist', import.meta.url))
  let checked = 0
  const foreign = []
  for (const path of files(dist)) {
    if (!TEXT.has(extname(path)) || relative(dist, path).startsWith('licenses')) continue
    checked += 1
    for (const address of foreignAddresses(readFileSync(path, 'utf8'), extname(path))) foreign.push(`${relative(dist, path)}: ${address}`)
  }
  if (foreign.length > 0) {
    process.stderr.write(`dist names other hosts:\n${[...new Set(foreign)].join('\n')}\n`)
    process.exit(1)
  }
  process.stdout.write(`offline: ${checked} files, no foreign address\n`)
}
