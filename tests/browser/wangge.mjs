// The built `wangge` in front of a small demo city, for as long as the tests run. Everything goes through the command line
// and HTTP, as it would for an administrator.
import { execFileSync, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const repository = fileURLToPath(new URL('../..', import.meta.url))
export const target = process.env.CARGO_TARGET_DIR ?? `${repository}target`
const binary = `${target}/debug/wangge`

/** A test's own surroundings: nothing that would point at another database. */
function surroundings(pgDir) {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('WANGGE_') && name !== 'DATABASE_URL')
  return { ...Object.fromEntries(kept), WANGGE_PG_DIR: pgDir }
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address()
  probe.close()
  await once(probe, 'close')
  return port
}

export class Service {
  #child = null
  #said = ''

  /** Makes the database and the city where they are missing; starts nothing yet. */
  static async prepare() {
    const service = new Service()
    service.pgDir = `${target}/test-clusters/browser`
    mkdirSync(`${target}/test-clusters`, { recursive: true })
    service.run('db', 'start')
    service.run('db', 'migrate')
    // a cluster of an earlier run may hold the city of an earlier generator
    service.run('city', 'load', '--scale', 'township', '--replace')
    service.key = /wg_\S+/.exec(service.run('key', 'create', '--name', 'browser tests'))?.[0]
    if (!service.key) throw new Error('no key was printed')
    service.port = await freePort()
    service.base = `http://127.0.0.1:${service.port}`
    return service
  }

  run(...args) {
    return execFileSync(binary, args, { cwd: repository, env: surroundings(this.pgDir), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  }

  async start() {
    this.#child = spawn(binary, ['serve', '--public-wall', '--listen', `127.0.0.1:${this.port}`], {
      cwd: repository, env: surroundings(this.pgDir), stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const pipe of [this.#child.stdout, this.#child.stderr]) pipe.on('data', (text) => (this.#said += text))
    await until('the service is ready', 60_000, async () => {
      if (this.#child.exitCode !== null) throw new Error(`the service ended:\n${this.#said}`)
      const answer = await fetch(`${this.base}/readyz`).catch(() => null)
      return answer?.ok ?? false
    })
  }

  /** SIGKILL: no goodbye. */
  async kill() {
    if (!this.#child || this.#child.exitCode !== null) return
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await ended
    this.#child = null
  }

  async stop() {
    await this.kill()
    this.run('db', 'stop')
  }

  async read(path) {
    const answer = await fetch(this.base + path, { headers: { authorization: `Bearer ${this.key}` } })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return answer.json()
  }

  /** Reports something at a place of the city and gives back the incident. */
  async report({ lng, lat }) {
    const answer = await fetch(`${this.base}/v1/incidents`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.key}`, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
      body: JSON.stringify({ channel: 'app', category: '0203', description: '井盖缺失', location: { lng, lat, crs: 'wgs84' } }),
    })
    const body = await answer.json()
    if (answer.status !== 201) throw new Error(`report: ${answer.status} ${JSON.stringify(body)}`)
    return body
  }
}

/** Asks again until the answer is yes. */
export async function until(what, deadlineMs, ask) {
  const begun = Date.now()
  while (!(await ask())) {
    if (Date.now() - begun > deadlineMs) throw new Error(`not within ${deadlineMs} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
