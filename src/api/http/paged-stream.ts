// Streams what is kept in pages, a page in memory at a time. An NDJSON stream says how it ended: `{"end":true}` in its
// last line, or `{"end":false}` with the problem and the cursor to go on from. A stream without such a line was cut.
import { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import type { Page } from '../../core/model/watch.ts'
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

/** Rows without an end line (CSV has no place for one): when a page fails the connection is cut instead. */
export function rowStream<T>(pages: Pages<T>, header: string, rowsOf: (item: T) => string): Readable {
  return Readable.from(rows(pages, header, rowsOf), { objectMode: false })
}

async function* rows<T>(
  pages: Pages<T>,
  header: string,
  rowsOf: (item: T) => string,
): AsyncGenerator<string> {
  yield header
  for (let page = pages.first; ; page = await pages.after(page.next)) {
    const text = page.items.map(rowsOf).join('')
    if (text !== '') yield text
    if (page.next === null) return
  }
}
