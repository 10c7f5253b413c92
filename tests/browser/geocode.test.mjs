// The geocoder's page as an operator uses it: a real browser, the built binary, the demo city at small scale. What the page
// says is held against what other routes of the service answer.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { PATIENCE_MS, launch, openPage, screenshot } from './pages.mjs'
import { Service, until } from './wangge.mjs'

let service
let browser
/** Places of the register, with a text for each as people write it. */
let places

before(async () => {
  service = await Service.prepare()
  await service.start()
  browser = await launch()
  await until('the gazetteer is ready', 60_000, async () => (await ask('/v1/geocode', { crs: 'wgs84', text: '路' })).status !== 503)
  const { grids } = await service.read('/v1/grids?limit=40')
  const found = await Promise.all(grids.map(async ({ label }) => (await answer('/v1/reverse', { ...label, crs: 'wgs84', within_m: 2_000, limit: 5 })).features))
  // The nearest of each grid first: they lie apart.
  const inTurn = [0, 1, 2, 3, 4].flatMap((turn) => found.map((features) => features[turn]))
  places = inTurn.filter((feature) => feature?.properties.elements?.room || feature?.properties.elements?.building).map((feature) => ({ feature, text: textOf(feature) }))
  assert.ok(places.length >= 10, `only ${places.length} places to ask for`)
})

after(async () => {
  await browser?.close()
  await service?.stop()
})

function ask(path, body) {
  return fetch(service.base + path, {
    method: 'POST', headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/json' }, body: JSON.stringify(body),
  })
}

/** Reads what the page offers. */
async function listed(path) {
  const told = await fetch(service.base + path, { headers: { authorization: `Bearer ${service.key}` } })
  return told.json()
}

async function answer(path, body) {
  const told = await ask(path, body)
  if (!told.ok) throw new Error(`${path}: ${told.status} ${await told.text()}`)
  return told.json()
}

function textOf({ properties: { elements } }) {
  return ['district', 'road', 'number', 'compound', 'building', 'unit', 'room'].map((part) => elements[part] ?? '').join('')
}

async function withPage(size, act, fragment = `key=${service.key}`) {
  const page = await openPage(browser, service.base, size)
  try {
    await page.goto(`${service.base}/geocode#${fragment}`)
    await page.waitForSelector('#address')
    await act(page)
    assert.deepEqual(page.outside, [])
    assert.deepEqual(page.errors, [])
  } finally {
    await page.context().close()
  }
}

/** Types a text and asks for it by the keyboard. */
async function find(page, text) {
  await page.locator('#address').fill(text)
  await page.keyboard.press('Enter')
  await page.waitForSelector('[data-phase="answered"]')
}

test('a text becomes candidates, a trace on the text, a mark on the map, a grid and somebody who is responsible', async () => {
  await withPage({}, async (page) => {
    const { text } = places[0]
    await find(page, text)
    assert.equal(await page.locator('[data-verdict]').getAttribute('data-verdict'), (await answer('/v1/geocode', { crs: 'wgs84', text })).geocoding.verdict)
    const said = await page.locator('[data-panel="trace"] .trace__said').allInnerTexts()
    assert.equal(said.join(''), text, 'the trace is the text')
    assert.ok((await page.locator('[data-panel="trace"] [data-kind="exact"]').count()) >= 2)
    await page.waitForSelector('.mark-place[aria-pressed="true"]')
    assert.equal(await page.locator('.mark-place').count(), await page.locator('[data-panel="candidates"] ol > li').count())
    const [lng, lat] = (await page.locator('[data-fact="coordinate"]').innerText()).split(', ').map(Number)
    const { grid } = await answer('/v1/locate', { lng, lat, crs: 'wgs84' })
    assert.match(await page.locator('[data-fact="grid"]').innerText(), new RegExp(grid.code))
    // the reason is said in the language of the page, not in the service's own
    const responsible = await page.locator('[data-fact="responsible"]').innerText()
    assert.match(responsible, /在班至 \d\d:\d\d|指挥中心/)
    assert.doesNotMatch(responsible, /worker|desk|nobody/)
    assert.match(await page.locator('[data-fact="curl"]').textContent(), /\/v1\/geocode/)
    assert.doesNotMatch(await page.content(), new RegExp(service.key), 'the key is nowhere on the page')
    assert.doesNotMatch(page.url(), /key=/)
    await screenshot(page, 'geocode-1920')
  })
})

test('the area and the matter of the caller are chosen on the page and go with the question', async () => {
  await withPage({}, async (page) => {
    await find(page, places[0].text)
    await page.locator('[data-open="asker"]').click()
    const { divisions: [district] } = await listed('/v1/divisions?level=district')
    const { divisions: [township] } = await listed(`/v1/divisions?parent=${district.code}`)
    const asked = () => page.waitForRequest((request) => request.url().endsWith('/v1/geocode'))
    const bodies = []
    for (const [field, code] of [['district', district.code], ['township', township.code], ['category', '0203']]) {
      await page.locator(`[data-field="${field}"] option[value="${code}"]`).waitFor({ state: 'attached' })
      const under = asked()
      await page.locator(`[data-field="${field}"]`).selectOption(code)
      bodies.push((await under).postDataJSON())
    }
    assert.deepEqual(bodies.map(({ area, category }) => [area, category]), [[district.code, undefined], [township.code, undefined], [township.code, '0203']])
    await page.waitForSelector('[data-phase="answered"]')
    assert.match(page.url(), new RegExp(`area=${township.code}&category=0203`))
    await screenshot(page, 'geocode-asker')
  })
})

test('the same place is told in the system that is chosen, and stands at the same spot of the map', async () => {
  await withPage({}, async (page) => {
    await find(page, places[0].text)
    const fact = page.locator('[data-fact="coordinate"]')
    const before = await fact.innerText()
    const mark = async () => page.locator('.mark-place[aria-pressed="true"]').boundingBox()
    // the map has come to rest
    let last = await mark()
    await until('the map rests', PATIENCE_MS, async () => {
      await page.waitForTimeout(400)
      const now = await mark()
      const rests = Math.hypot(now.x - last.x, now.y - last.y) < 0.5
      last = now
      return rests
    })
    await page.locator('header select').selectOption('gcj02')
    await until('the coordinate changes', PATIENCE_MS, async () => (await fact.innerText()) !== before)
    const [lng, lat] = before.split(', ').map(Number)
    const { points } = await answer('/v1/crs', { from: 'wgs84', to: 'gcj02', points: [{ lng, lat }] })
    const shown = (await fact.innerText()).split(', ').map(Number)
    assert.ok(Math.abs(shown[0] - points[0].lng) < 2e-7 && Math.abs(shown[1] - points[0].lat) < 2e-7, `${shown} for ${JSON.stringify(points[0])}`)
    const now = await mark()
    assert.ok(Math.hypot(now.x - last.x, now.y - last.y) < 3, 'the mark has moved')
  })
})

test('suggestions come per key, are chosen by arrows, and leave input methods alone', async () => {
  await withPage({}, async (page) => {
    const asked = []
    page.on('request', (request) => {
      const url = new URL(request.url())
      if (url.pathname === '/v1/suggest') asked.push(url.searchParams.get('q'))
    })
    const road = places.map(({ feature }) => feature.properties.elements.road).find((name) => name?.length >= 3)
    const box = page.locator('#address')
    await box.click()
    const input = await page.context().newCDPSession(page)
    await input.send('Input.imeSetComposition', { text: 'lu', selectionStart: 2, selectionEnd: 2 })
    await page.waitForTimeout(600)
    assert.deepEqual(asked, [], 'nothing is asked while an input method composes')
    await input.send('Input.insertText', { text: road.slice(0, 2) })
    await page.waitForSelector('#suggestions li')
    assert.deepEqual(asked, [road.slice(0, 2)])
    const labels = await page.locator('#suggestions li').allInnerTexts()
    assert.ok(labels.some((label) => label.includes(road.slice(0, 2))), labels.join(' | '))
    await page.keyboard.press('ArrowDown')
    assert.equal(await box.getAttribute('aria-activedescendant'), 'suggestion-0')
    await page.keyboard.press('ArrowUp')
    assert.equal(await box.getAttribute('aria-activedescendant'), null)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await until('the box takes the suggestion', PATIENCE_MS, async () => (await box.inputValue()).length > 2)
    await page.keyboard.press('Escape')
    assert.equal(await page.locator('#suggestions').isVisible(), false)
  })
})

test('a click on the map says what is there, and checks it against the text', async () => {
  await withPage({}, async (page) => {
    await find(page, places[0].text)
    const canvas = await page.locator('.map__canvas').boundingBox()
    await page.waitForTimeout(1_500)
    await page.mouse.click(canvas.x + canvas.width * 0.4, canvas.y + canvas.height * 0.6)
    await page.waitForSelector('[data-panel="near"] dl')
    const [lng, lat] = (await page.locator('[data-panel="near"] dd .number').first().innerText()).split(', ').map(Number)
    const { grid } = await answer('/v1/locate', { lng, lat, crs: 'wgs84' })
    assert.match(await page.locator('[data-panel="near"] [data-fact="grid"]').innerText(), grid ? new RegExp(grid.code) : /不在任何网格/)
    await page.locator('[data-panel="near"]').getByText('与文字核对').click()
    await page.waitForSelector('[data-phase="answered"]')
    await page.waitForSelector('.mark-pin')
    await page.waitForSelector('[data-panel="point"]')
  })
})

test('a table is mapped, located, looked through and downloaded, and is there after a reload', async () => {
  await withPage({}, async (page) => {
    await page.locator('#tab-table').click()
    const rows = [...places.map(({ text }) => text), '这里没有地址', '']
    const csv = ['编号,地址', ...rows.map((text, i) => `A${i + 1},${text}`)].join('\n')
    await page.locator('input[type="file"]').setInputFiles({ name: '工单.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
    await page.waitForSelector('[data-panel="mapping"]')
    assert.equal(await page.locator('[data-panel="mapping"] select[aria-label="地址"]').inputValue(), 'text', 'the column of addresses is recognised')
    await page.locator('[data-panel="mapping"]').getByText('开始定位').click()
    await page.waitForSelector('[data-panel="job"][data-state="done"]')
    const counts = await page.locator('[data-panel="rows"] [data-status] b').allInnerTexts()
    assert.equal(counts.reduce((sum, count) => sum + Number(count), 0), rows.length, 'every row has a status')
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('下载结果 CSV').click()])
    const lines = (await readFile(await download.path(), 'utf8')).replace(/^\uFEFF/, '').trim().split(/\r?\n/)
    assert.equal(lines.length, rows.length + 1)
    assert.match(lines[0], /^编号,地址,wg_/)
    await page.reload()
    await page.locator('#tab-table').click()
    await page.waitForSelector('[data-panel="job"][data-state="done"]')
    await page.getByText('全部表格').click()
    await page.waitForSelector('[data-panel="jobs"] li')
  })
})

test('without a key the page asks for one, and goes on with it', async () => {
  await withPage({}, async (page) => {
    await page.locator('#address').fill(places[0].text)
    await page.keyboard.press('Enter')
    await page.waitForSelector('[data-panel="trouble"][data-status="401"]')
    await page.locator('[data-panel="trouble"] input').fill(service.key)
    await page.keyboard.press('Enter')
    await page.waitForSelector('[data-phase="answered"]')
  }, '')
})

for (const size of [{ width: 1920, height: 1080 }, { width: 3840, height: 2160 }, { width: 1280, height: 720 }, { width: 390, height: 844 }]) {
  test(`the page holds its words at ${size.width} × ${size.height}, in both languages`, async () => {
    await withPage(size, async (page) => {
      await find(page, places[0].text)
      assert.deepEqual(await tooWide(page), [])
      await page.locator('header button', { hasText: 'EN' }).click()
      await page.waitForSelector('html[lang="en"]')
      assert.deepEqual(await tooWide(page), [])
      await screenshot(page, `geocode-${size.width}`)
    })
  })
}

/** What is wider than itself or reaches beyond the screen; a list may scroll down, nothing scrolls sideways. */
function tooWide(page) {
  return page.evaluate(() => {
    const wrong = []
    const { documentElement: root } = document
    if (root.scrollWidth > root.clientWidth) wrong.push(`the page is ${root.scrollWidth} wide`)
    for (const element of document.querySelectorAll('.desk *:not(input, select, svg, svg *, .unseen)')) {
      const box = element.getBoundingClientRect()
      if (box.width === 0 || element.closest('.map__canvas, .unseen, pre')) continue
      const name = `${element.tagName}.${element.className} “${element.textContent.trim().slice(0, 30)}”`
      if (box.left < -1 || box.right > innerWidth + 1) wrong.push(`off screen: ${name}`)
      if (getComputedStyle(element).display !== 'inline' && element.scrollWidth > element.clientWidth + 1) wrong.push(`too wide: ${name}`)
    }
    return wrong
  })
}
