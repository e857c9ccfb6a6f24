// Streams what is kept in pages, a page in memory at a time. An NDJSON stream says how it ended: `{"end":true}` in its
// last line, or `{"end":false}` with the problem and the cursor to go on from. A stream without such a line was cut. A CSV
// stream that is complete says so in a trailer.
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Page } from '../../core/model/watch.ts'
import type { CsvTable } from '../presenters/csv.ts'
import { logFailure, problemOf } from '../problems/problem.ts'
import { toFluxError } from '../problems/problem-mapping.ts'

/** `first` is read already, so that an error of the first page is still an HTTP status. */
export interface Pages<T> {
  readonly first: Page<T>
  readonly after: (cursor: string) => Promise<Page<T>>
}

/** One line an item, and the line that ends it. */
export function ndjsonStream<T>(
  pages: Pages<T>,
  present: (item: T) => unknown,
  request: FastifyRequest,
  publicUrl: string,
): Readable {
  return Readable.from(ndjsonLines(pages, present, request, publicUrl), { objectMode: false })
}

async function* ndjsonLines<T>(
  pages: Pages<T>,
  present: (item: T) => unknown,
  request: FastifyRequest,
  publicUrl: string,
): AsyncGenerator<string> {
  let page = pages.first
  for (;;) {
    const lines = page.items.map((item) => `${JSON.stringify(present(item))}\n`).join('')
    if (lines !== '') yield lines
    if (page.next === null) break
    const cursor: string = page.next
    try {
      page = await pages.after(cursor)
    } catch (cause) {
      const error = toFluxError(cause)
      logFailure(error, request)
      yield `${JSON.stringify({ end: false, next: cursor, error: problemOf(error, request.id, publicUrl) })}\n`
      return
    }
  }
  yield `${JSON.stringify({ end: true, next: null })}\n`
}

/**
 * The trailer field that a complete CSV ends with: CSV has no place for an end line. When a page fails the connection is cut
 * before the last chunk instead, so that also a client that reads no trailers sees that it does not have everything.
 */
export const END_TRAILER = 'x-stream-end'

/** Before a stream of `csvStream` is sent. HTTP/1.0 has no chunks, and so no trailers. */
export function announceEnd(request: FastifyRequest, reply: FastifyReply): void {
  if (request.raw.httpVersion === '1.0') return
  reply.trailer(END_TRAILER, (_reply, _payload, done) => done(null, 'complete'))
}

/** The header line, and the lines of every item. */
export function csvStream<T>(pages: Pages<T>, table: CsvTable<T>): Readable {
  return Readable.from(csvLines(pages, table), { objectMode: false })
}

async function* csvLines<T>(pages: Pages<T>, { header, linesOf }: CsvTable<T>): AsyncGenerator<string> {
  yield header
  for (let page = pages.first; ; page = await pages.after(page.next)) {
    const text = page.items.map(linesOf).join('')
    if (text !== '') yield text
    if (page.next === null) return
  }
}
