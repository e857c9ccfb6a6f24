// The window of a question about the latest time. Where the client leaves an end of it open, the clock closes it, and the cursor
// carries it from page to page: else each page would answer another question.
import type { Page } from '../../core/model/watch.ts'
import { invalid } from '../problems/problem-error.ts'
import { checkOrder, windowOf } from './query-moments.ts'

const DAY_MS = 86_400_000

export interface RecentWindow {
  /** Inclusive and exclusive; ms since the epoch. */
  readonly from: number
  readonly to: number
}

interface Asked {
  readonly from?: string
  readonly to?: string
  readonly cursor?: string
}

/**
 * Without `to` it ends now, without `from` it begins 24 h before its end; on a later page it is that of the first. Throws
 * FLUX_INVALID for a window that is none, and for a cursor that is none or of another window.
 */
export function recentWindow(query: Asked, now: number): RecentWindow {
  const asked = windowOf(query)
  if (query.cursor === undefined) {
    const to = asked.to ?? now
    const from = asked.from ?? to - DAY_MS
    checkOrder(from, to)
    return { from, to }
  }
  const { from, to } = readCursor(query.cursor)
  if ((asked.from ?? from) !== from || (asked.to ?? to) !== to) throw badCursor()
  return { from, to }
}

/** `read` with cursors that carry the window. */
export function pagesInWindow<Item>(
  { from, to }: RecentWindow,
  read: (cursor: string | null) => Promise<Page<Item>>,
): (cursor: string | null) => Promise<Page<Item>> {
  return async (cursor) => {
    const { items, next } = await read(cursor === null ? null : readCursor(cursor).rest)
    return { items, next: next === null ? null : `${from}.${to}.${next}` }
  }
}

function readCursor(cursor: string): RecentWindow & { readonly rest: string } {
  const match = /^(-?\d{1,15})\.(-?\d{1,15})\.(.+)$/su.exec(cursor)
  if (!match) throw badCursor()
  return { from: Number(match[1]), to: Number(match[2]), rest: match[3]! }
}

function badCursor(): Error {
  return invalid(
    '/query/cursor',
    'bad_cursor',
    '`cursor` must be the `next` of an earlier page of this window.',
  )
}
