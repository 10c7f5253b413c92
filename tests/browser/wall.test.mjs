// The map wall as people see it: a real browser, the built binary, the demo city at small scale.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { PATIENCE_MS, coloursInTheMap, crumbs, drillDown, figure, launch, openPage, openWall, overflowing, screenshot } from './pages.mjs'
import { Service, until } from './wangge.mjs'

let service
let browser
/** A place inside the city. */
let place

before(async () => {
  service = await Service.prepare()
  await service.start()
  browser = await launch()
  const { grids } = await service.read('/v1/grids?limit=1')
  place = grids[0].label
})

after(async () => {
  await browser?.close()
  await service?.stop()
})

async function withWall(size, act) {
  const page = await openWall(browser, service, size)
  try {
    await act(page)
    assert.deepEqual(page.errors, [])
  } finally {
    await page.context().close()
  }
}

test('the wall shows the city and asks no outside host for anything', async () => {
  await withWall({}, async (page) => {
    await until('the map shows more than a blank', PATIENCE_MS, async () => (await coloursInTheMap(page)) > 50)
    assert.deepEqual(page.outside, [])
    assert.match(await page.locator('header').innerText(), /演示|合成|虚构/, 'the screen does not say that the city is made up')
    await screenshot(page, 'wall-1920')
  })
})

test('the landing page and the API reference open without any outside host', async () => {
  for (const path of ['/', '/docs']) {
    const page = await openPage(browser, service.base)
    await page.goto(service.base + path)
    await until(`${path} says something`, PATIENCE_MS, async () => (await page.locator('body').innerText()).length > 50)
    assert.deepEqual(page.outside, [], path)
    assert.deepEqual(page.errors, [], path)
    await page.context().close()
  }
})

test('a report is on the wall within a second', async (t) => {
  await withWall({}, async (page) => {
    const waits = []
    for (let turn = 0; turn < 7; turn += 1) {
      const shown = await figure(page, 'received')
      const begun = performance.now()
      await service.report(place)
      await page.waitForFunction(
        (count) => Number(document.querySelector('[data-figure="received"]').textContent.replaceAll(/\D/g, '')) > count,
        shown,
        { timeout: 10_000, polling: 20 },
      )
      waits.push(Math.round(performance.now() - begun))
    }
    const sorted = [...waits].sort((a, b) => a - b)
    t.diagnostic(`from the request to the counter: ${waits.join(', ')} ms`)
    // The machine may pause for one of them; not for most.
    assert.ok(sorted[3] <= 1_000, `the middle one took ${sorted[3]} ms`)
    assert.match(await page.locator('[data-panel="ticker"]').innerText(), /井盖/)
  })
})

test('the counters are what the service counts', async () => {
  await withWall({}, async (page) => {
    for (const kind of ['received', 'open', 'closed', 'overdue']) {
      await until(`${kind} agrees`, PATIENCE_MS, async () => {
        const { today } = await service.read('/v1/stats/wall')
        return (await figure(page, kind)) === today[kind]
      })
    }
  })
})

test('clicks lead from the city down to a grid, and the breadcrumb leads back', async () => {
  await withWall({}, async (page) => {
    const start = await crumbs(page)
    let path = start
    while (!(await reachedGrid(page))) {
      const deeper = await drillDown(page)
      assert.deepEqual(deeper.slice(0, path.length), path, 'the way down keeps the way back')
      assert.ok(deeper.length <= 5, deeper.join(' › '))
      path = deeper
    }
    await screenshot(page, 'wall-grid')
    assert.equal(path.length, 5, path.join(' › '))
    await page.keyboard.press('Escape')
    await until('Escape leads one up', PATIENCE_MS, async () => (await crumbs(page)).length === 4)
    await page.locator('nav ol li button').first().click()
    await until('the first crumb leads to the city', PATIENCE_MS, async () => (await crumbs(page)).length === start.length)
    assert.deepEqual(await crumbs(page), start)
  })
})

async function reachedGrid(page) {
  return (await crumbs(page)).length >= 5
}

test('the language is switched and kept', async () => {
  await withWall({}, async (page) => {
    assert.equal(await page.locator('html').getAttribute('lang'), 'zh-CN')
    await page.locator('header button', { hasText: 'EN' }).click()
    await page.waitForSelector('html[lang="en"]')
    await screenshot(page, 'wall-english')
    assert.deepEqual(await overflowing(page), [])
    await page.reload()
    await page.waitForSelector('[data-phase="ready"]')
    assert.equal(await page.locator('html').getAttribute('lang'), 'en')
    await page.locator('header button', { hasText: '中文' }).click()
    await page.waitForSelector('html[lang="zh-CN"]')
  })
})

for (const size of [{ width: 1920, height: 1080 }, { width: 3840, height: 2160 }]) {
  test(`nothing overflows at ${size.width} × ${size.height}`, async () => {
    await withWall(size, async (page) => {
      await until('the map shows more than a blank', PATIENCE_MS, async () => (await coloursInTheMap(page)) > 50)
      assert.deepEqual(await overflowing(page), [])
      await screenshot(page, `wall-${size.width}x${size.height}`)
    })
  })
}

test('a wall outlives its service and goes on where it was', async () => {
  await withWall({}, async (page) => {
    const shown = await figure(page, 'received')
    await service.kill()
    await page.waitForSelector('[data-connection="lost"]')
    assert.equal(await figure(page, 'received'), shown, 'what was known stays on screen')
    await screenshot(page, 'wall-lost')
    await service.start()
    await service.report(place)
    await page.waitForSelector('[data-connection="live"]')
    await until('the missed report is counted', PATIENCE_MS, async () => (await figure(page, 'received')) === shown + 1)
  })
})
