// Fetches one file over HTTP as a stream and says how far it is. Knows nothing of databases.
import { request } from 'undici'
import type { Dispatcher } from 'undici'

export interface Download {
  readonly body: AsyncIterable<Buffer>
  /** Null when the server does not say. */
  readonly totalBytes: number | null
}

/** Told after each step of progress: bytes so far and, when it is known, of how many. */
export type Progress = (bytes: number, totalBytes: number | null) => void

const MOST_REDIRECTS = 5
const TIMEOUTS = { headersTimeout: 30_000, bodyTimeout: 60_000 } as const
/** Progress is told once a tenth, or once every two MiB when the size is not known. */
const PROGRESS_SHARE = 10
const PROGRESS_BYTES = 2 * 1024 * 1024

/**
 * Opens a download; null when the server says 404. Rejects with a sentence for any other status, and when the server cannot be reached.
 * Follows redirects, without the headers as soon as they lead to another origin (a licence key stays with its maker), and
 * never from https to http. URLs in messages are without their query: redirects carry signatures there.
 */
export async function openDownload(
  url: string,
  headers: Readonly<Record<string, string>>,
  progress: Progress,
): Promise<Download | null> {
  let place = new URL(url)
  let sent: Readonly<Record<string, string>> = headers
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const response = await get(place, sent)
    const { statusCode, body } = response
    if (statusCode === 200) {
      const totalBytes = contentLength(response.headers['content-length'])
      return { totalBytes, body: withProgress(body, totalBytes, progress) }
    }
    await body.dump()
    if (statusCode === 404) return null
    const location = response.headers['location']
    if (statusCode < 300 || statusCode > 399 || typeof location !== 'string') {
      throw new Error(statusSentence(statusCode, place))
    }
    const next = URL.canParse(location, place.href) ? new URL(location, place) : null
    if (next === null || (next.protocol !== 'https:' && next.protocol !== place.protocol)) {
      throw new Error(`${nameOf(place)} redirects to where nothing may be fetched from`)
    }
    if (next.origin !== place.origin) sent = {}
    place = next
  }
  throw new Error(`${nameOf(new URL(url))} redirects more than ${MOST_REDIRECTS} times`)
}

async function get(place: URL, headers: Readonly<Record<string, string>>): Promise<Dispatcher.ResponseData> {
  try {
    return await request(place, { ...TIMEOUTS, headers: { ...headers, 'user-agent': 'fluxwatch' } })
  } catch (error) {
    throw new Error(`${nameOf(place)} cannot be reached: ${(error as Error).message}`, { cause: error })
  }
}

async function* withProgress(
  body: AsyncIterable<Buffer>,
  totalBytes: number | null,
  progress: Progress,
): AsyncGenerator<Buffer> {
  const step = totalBytes === null ? PROGRESS_BYTES : Math.max(1, totalBytes / PROGRESS_SHARE)
  let bytes = 0
  let told = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (Math.floor(bytes / step) > told) {
      told = Math.floor(bytes / step)
      progress(bytes, totalBytes)
    }
    yield chunk
  }
}

function statusSentence(status: number, place: URL): string {
  if (status === 401 || status === 403) {
    return `${nameOf(place)} answers ${status}: it does not accept the account id and licence key`
  }
  if (status === 429) return `${nameOf(place)} answers 429: too many downloads today, try again later`
  return `${nameOf(place)} answers ${status}`
}

function nameOf(place: URL): string {
  return `${place.origin}${place.pathname}`
}

function contentLength(value: string | string[] | undefined): number | null {
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : null
}
