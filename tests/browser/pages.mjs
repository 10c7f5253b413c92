// Chromium with every outside host blocked, and what a person does in front of the wall.
import { existsSync, mkdirSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { target, until } from './wangge.mjs'

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path))
/** Software rendering on two busy cores: slow to draw, but it draws. */
export const PATIENCE_MS = 45_000
const SCREENS = `${target}/screens`

export async function launch() {
  if (!CHROMIUM) throw new Error('no Chromium on this machine: scripts/setup.sh test')
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist', '--disable-dev-shm-usage'],
  })
}

/** A page that reaches `base` and nothing else; what it asked for outside, and what went wrong in it, is kept. */
export async function openPage(browser, base, { width = 1920, height = 1080 } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, serviceWorkers: 'block', locale: 'zh-CN' })
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  page.outside = []
  page.errors = []
  page.tiles = 0
  await context.route('**/*', (route) => {
    const { origin } = new URL(route.request().url())
    if (origin === new URL(base).origin || origin === 'null') return route.continue()
    page.outside.push(route.request().url())
    return route.abort()
  })
  page.on('pageerror', (error) => page.errors.push(String(error)))
  page.on('response', (answer) => {
    if (/\/tiles\/\w+\/\d+\/\d+\/\d+\/\d+/.test(answer.url()) && answer.ok()) page.tiles += 1
  })
  return page
}

export async function openWall(browser, service, size) {
  const page = await openPage(browser, service.base, size)
  await page.goto(`${service.base}/wall`)
  await page.waitForSelector('[data-phase="ready"]')
  await page.waitForSelector('[data-connection="live"]')
  await page.waitForSelector('.maplibregl-canvas')
  await until('map tiles arrive', PATIENCE_MS, () => page.tiles > 0)
  return page
}

export const crumbs = (page) => page.locator('nav ol li').allInnerTexts()

export async function figure(page, kind) {
  const text = await page.locator(`[data-figure="${kind}"]`).innerText()
  return Number(text.replaceAll(/\D/g, ''))
}

/** Where the map is covered by no panel, tried from the middle outwards. */
async function freePlaces(page) {
  const { width, height } = page.viewportSize()
  const rem = 16 * Math.min(width / 1920, height / 1080)
  const [left, right, top, bottom] = [25.5 * rem, width - 26.5 * rem, 9.25 * rem, height - 15 * rem]
  const middle = { x: (left + right) / 2, y: (top + bottom) / 2 }
  const steps = [[0, 0], [0.12, 0.1], [-0.12, 0.1], [0.12, -0.1], [-0.12, -0.1], [0.25, 0], [-0.25, 0], [0, 0.25], [0, -0.25]]
  return steps.map(([dx, dy]) => ({ x: middle.x + dx * (right - left), y: middle.y + dy * (bottom - top) }))
}

/** Clicks into the map until the path is one step longer or more. */
export async function drillDown(page) {
  const before = (await crumbs(page)).length
  const places = await freePlaces(page)
  const begun = Date.now()
  for (let turn = 0; Date.now() - begun < PATIENCE_MS; turn += 1) {
    const place = places[turn % places.length]
    await page.mouse.click(place.x, place.y)
    const deeper = await page
      .waitForFunction((count) => document.querySelectorAll('nav ol li').length > count, before, { timeout: 3_000 })
      .catch(() => null)
    if (deeper) {
      // the map flies there; a click meanwhile would hit what is under way
      await page.waitForTimeout(1_300)
      return crumbs(page)
    }
  }
  throw new Error(`no click led deeper than ${(await crumbs(page)).join(' › ')}`)
}

/** Everything on screen whose content is wider or higher than itself, or that reaches beyond the screen. */
export async function overflowing(page) {
  return page.evaluate(() => {
    const name = (element) => `${element.tagName.toLowerCase()}.${element.className} “${element.textContent.trim().slice(0, 30)}”`
    const seen = []
    const { documentElement: root } = document
    if (root.scrollWidth > root.clientWidth || root.scrollHeight > root.clientHeight) seen.push(`the page scrolls: ${root.scrollWidth}×${root.scrollHeight}`)
    const panels = document.querySelectorAll('.panel, header, header *, .panel__title, dl, dd, dt, nav, nav *')
    for (const element of panels) {
      const box = element.getBoundingClientRect()
      if (box.width === 0 || element.tagName === 'I') continue
      if (box.left < -1 || box.top < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1) seen.push(`off screen: ${name(element)}`)
      const inline = getComputedStyle(element).display === 'inline'
      if (!inline && element.scrollWidth > element.clientWidth + 1) seen.push(`too wide by ${element.scrollWidth - element.clientWidth} px: ${name(element)}`)
    }
    return seen
  })
}

export async function screenshot(page, name) {
  mkdirSync(SCREENS, { recursive: true })
  await page.screenshot({ path: `${SCREENS}/${name}.png` })
}

/** How many different colours the middle of the map shows: a blank map has one. */
export async function coloursInTheMap(page) {
  const { width, height } = page.viewportSize()
  const shot = await page.screenshot({ clip: { x: width * 0.35, y: height * 0.3, width: width * 0.3, height: height * 0.35 } })
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
    const context = canvas.getContext('2d')
    context.drawImage(bitmap, 0, 0)
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height)
    const colours = new Set()
    for (let i = 0; i < data.length; i += 4) colours.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2])
    return colours.size
  }, shot.toString('base64'))
}
