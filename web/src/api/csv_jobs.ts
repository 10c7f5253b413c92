// Tables that the service geocodes in the background.
import { EventReader } from './sse.ts'
import { problemOf, read, request, post, ServiceError, type Service } from './client.ts'
import type { Crs, Job, JobProgress, JobRow, Mapping, Uploaded } from './geocode_schema.ts'

const JOBS = '/v1/geocode/csv'
/** A table of many megabytes over a slow line, and what is made of it. */
const UPLOAD_LIMIT_MS = 600_000
const DOWNLOAD_LIMIT_MS = 600_000
/** The stream speaks at least this often; after a longer silence it is opened anew. */
const SILENCE_MS = 40_000
const RETRY_MS = 1_500
const ROWS = 50

const TYPES: Record<string, string> = {
  csv: 'text/csv', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

/** The media type of a file that the service takes; `null` for any other. */
export function tableType(fileName: string): string | null {
  return TYPES[/\.(csv|xlsx)$/i.exec(fileName)?.[1]?.toLowerCase() ?? ''] ?? null
}

export async function uploadTable(service: Service, file: File, crs: Crs): Promise<Uploaded> {
  const asked = new URLSearchParams({ crs, file_name: file.name })
  const headers = { accept: 'application/json', 'content-type': tableType(file.name) ?? 'application/octet-stream' }
  const answer = await request(service, `${JOBS}?${asked}`, { method: 'POST', headers, body: file }, UPLOAD_LIMIT_MS)
  return (await answer.json()) as Uploaded
}

export async function listJobs(service: Service): Promise<Job[]> {
  return (await read<{ jobs: Job[] }>(service, JOBS)).jobs
}

export function readJob(service: Service, id: string): Promise<Job> {
  return read<Job>(service, pathOf(id))
}

export function startJob(service: Service, id: string, mapping: Mapping): Promise<Job> {
  return post<Job>(service, `${pathOf(id)}/start`, { mapping })
}

export async function rerunJob(service: Service, id: string): Promise<Job> {
  return (await (await request(service, `${pathOf(id)}/rerun`, { method: 'POST' })).json()) as Job
}

export async function cancelJob(service: Service, id: string): Promise<Job> {
  return (await (await request(service, pathOf(id), { method: 'DELETE' })).json()) as Job
}

export interface RowPage { rows: JobRow[]; next_cursor?: string | null }

/** Rows of a status, or of any; a page of them. */
export function readRows(service: Service, id: string, status: string, cursor: string | null): Promise<RowPage> {
  const asked = new URLSearchParams({ limit: String(ROWS), ...(status !== '' && { status }), ...(cursor !== null && { cursor }) })
  return read<RowPage>(service, `${pathOf(id)}/rows?${asked}`)
}

export async function downloadResult(service: Service, id: string, format: 'csv' | 'xlsx'): Promise<Blob> {
  const answer = await request(service, `${pathOf(id)}/result?format=${format}`, {}, DOWNLOAD_LIMIT_MS)
  return answer.blob()
}

/** Whether nothing more happens to a job by itself. */
export function isAtRest({ state }: Pick<Job, 'state'>): boolean {
  return state !== 'waiting' && state !== 'running'
}

function pathOf(id: string): string {
  return `${JOBS}/${encodeURIComponent(id)}`
}

/** Follows a job until it is at rest or `signal` says so, over any break of the line. */
export async function followJob(service: Service, id: string, told: (progress: JobProgress) => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await listen(service, id, told, signal)
      const job = await readJob(service, id)
      if (signal.aborted) return
      told(job)
      if (isAtRest(job)) return
    } catch (error) {
      if (signal.aborted) return
      // a job that is not there, or a key that may not see it, does not come back
      if (error instanceof ServiceError && error.problem.status >= 400 && error.problem.status < 500) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
  }
}

async function listen(service: Service, id: string, told: (progress: JobProgress) => void, signal: AbortSignal): Promise<void> {
  const silence = new AbortController()
  let watchdog = setTimeout(() => silence.abort(), SILENCE_MS)
  const headers: Record<string, string> = { accept: 'text/event-stream', ...(service.key !== null && { authorization: `Bearer ${service.key}` }) }
  try {
    const answer = await fetch(`${service.origin}${pathOf(id)}/events`, {
      headers, cache: 'no-store', signal: AbortSignal.any([silence.signal, signal]),
    })
    if (!answer.ok) throw new ServiceError(await problemOf(answer))
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
    const events = new EventReader()
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
      if (done) return
      clearTimeout(watchdog)
      watchdog = setTimeout(() => silence.abort(), SILENCE_MS)
      for (const { data } of events.feed(value)) told(JSON.parse(data) as JobProgress)
    }
  } finally {
    clearTimeout(watchdog)
  }
}
