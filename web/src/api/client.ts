// Asks the service. One place for the key, the time limit and the way a refusal becomes an error.
import type { Problem } from './schema.ts'

/** An answer that is not the one asked for: the service's own problem, or none at all (`status` 0). */
export class ServiceError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title)
    this.name = 'ServiceError'
    this.problem = problem
  }
}

export interface Service {
  /** Address of the service without a trailing slash; empty for the page's own. */
  readonly origin: string
  readonly key: string | null
}

const TIME_LIMIT_MS = 15_000

export function requestHeaders(service: Service, more: Record<string, string> = {}): Record<string, string> {
  return service.key ? { ...more, authorization: `Bearer ${service.key}` } : more
}

/** Reads a resource. Rejects with a `ServiceError`, whatever went wrong; with an `AbortError` once `signal` says so. */
export function read<T>(service: Service, path: string, signal?: AbortSignal): Promise<T> {
  return ask<T>(service, path, { headers: requestHeaders(service, { accept: 'application/json' }), ...(signal && { signal }) })
}

/** Posts a question that changes nothing, as `POST /v1/locate`. */
export function post<T>(service: Service, path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  const headers = requestHeaders(service, { accept: 'application/json', 'content-type': 'application/json' })
  return ask<T>(service, path, { method: 'POST', headers, body: JSON.stringify(body), ...(signal && { signal }) })
}

/** Sends anything else and gives the answer as it came; a refusal rejects, as everywhere. */
export function request(service: Service, path: string, init: RequestInit, limitMs = TIME_LIMIT_MS): Promise<Response> {
  return send(service, path, { ...init, headers: requestHeaders(service, init.headers as Record<string, string>) }, limitMs)
}

/** Reads all pages of a list, following `Link: rel="next"`, at most `pages` of them. */
export async function readAll<T>(service: Service, path: string, rows: (body: unknown) => T[], pages = 50): Promise<T[]> {
  const all: T[] = []
  let next: string | null = path
  for (let page = 0; next !== null && page < pages; page += 1) {
    const response: Response = await send(service, next, { headers: requestHeaders(service, { accept: 'application/json' }) })
    all.push(...rows(await response.json()))
    next = nextLink(response.headers.get('link'))
  }
  return all
}

/** The path of the next page in an RFC 8288 header. */
export function nextLink(header: string | null): string | null {
  const link = header?.split(/,(?=\s*<)/).find((part) => /;\s*rel="?next"?/.test(part))
  const target = link?.match(/<([^>]+)>/)?.[1]
  if (!target) return null
  return target.startsWith('/') ? target : target.replace(/^[a-z]+:\/\/[^/]+/i, '')
}

/** Turns whatever was thrown into a problem that can be shown. */
export function asProblem(error: unknown): Problem {
  if (error instanceof ServiceError) return error.problem
  return { title: error instanceof Error ? error.message : String(error), status: 0 }
}

export async function problemOf(response: Response): Promise<Problem> {
  const fallback = { title: response.statusText || `status ${response.status}`, status: response.status }
  if (!response.headers.get('content-type')?.includes('json')) return fallback
  try {
    return { ...fallback, ...((await response.json()) as Partial<Problem>) }
  } catch {
    return fallback
  }
}

async function ask<T>(service: Service, path: string, init: RequestInit): Promise<T> {
  const response = await send(service, path, init)
  return (await response.json()) as T
}

async function send(service: Service, path: string, init: RequestInit, limitMs = TIME_LIMIT_MS): Promise<Response> {
  let response: Response
  const limit = AbortSignal.timeout(limitMs)
  try {
    response = await fetch(service.origin + path, { ...init, signal: init.signal ? AbortSignal.any([limit, init.signal]) : limit })
  } catch (error) {
    if (init.signal?.aborted) throw error
    throw new ServiceError({ title: error instanceof Error ? error.message : 'no answer', status: 0 })
  }
  if (!response.ok) throw new ServiceError(await problemOf(response))
  return response
}
