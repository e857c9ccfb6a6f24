// Places in the lists of networks and of their members: a time, then an id or a name, so that the order of the texts is the order
// of the times and never changes. Pages go by place, not by count: what comes or goes meanwhile shifts nothing.
import { FluxError } from '../core/errors.ts'
import type { LiveRedis } from './redis.ts'

/** Digits of a time in ms until the year 5138. */
const DIGITS = 14

export function placeOf(atMs: number, name: string): string {
  return `${String(Math.max(0, Math.round(atMs))).padStart(DIGITS, '0')}:${name}`
}

export function readPlace(place: string): { readonly atMs: number; readonly name: string } {
  return { atMs: Number(place.slice(0, DIGITS)), name: place.slice(DIGITS + 1) }
}

export type PlaceOrder = 'oldest first' | 'newest first'

/** Places of one page and the cursor of the next; throws `FLUX_INVALID` on a cursor that was not made here. */
export async function pageOfPlaces(
  redis: LiveRedis,
  key: string,
  order: PlaceOrder,
  query: { readonly cursor: string | null; readonly limit: number },
): Promise<{ readonly places: readonly string[]; readonly next: string | null }> {
  const from = query.cursor === null ? null : `(${readCursor(query.cursor)}`
  const found =
    order === 'oldest first'
      ? await redis.zrangebylex(key, from ?? '-', '+', 'LIMIT', 0, query.limit + 1)
      : await redis.zrevrangebylex(key, from ?? '+', '-', 'LIMIT', 0, query.limit + 1)
  const places = found.slice(0, query.limit)
  const last = places.at(-1)
  return { places, next: found.length > query.limit && last !== undefined ? cursorOf(last) : null }
}

function cursorOf(place: string): string {
  return Buffer.from(`p1:${place}`).toString('base64url')
}

function readCursor(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString('utf8')
  // Made anew, since base64url has other spellings that were never handed out.
  if (/^p1:\d{14}:[^\s]{1,300}$/u.test(text) && cursorOf(text.slice(3)) === cursor) return text.slice(3)
  const detail = '`cursor` must be the `next` of an earlier page, unchanged'
  throw new FluxError('FLUX_INVALID', 'The `cursor` was not made by this list', [
    { pointer: '/cursor', code: 'bad_cursor', detail },
  ])
}
