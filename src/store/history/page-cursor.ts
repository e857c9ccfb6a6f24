// The opaque cursor of a page of observations: the place (at, id) of its last row. It names a row, not a count, so
// rows that arrive or are pruned never shift the next page. Every history implementation uses this one form.
import { FluxError } from '../../core/errors.ts'

export interface RowPlace {
  readonly at: number
  readonly id: string
}

/** base64url of `[at,id]` in JSON. */
export function encodeCursor(place: RowPlace): string {
  return Buffer.from(JSON.stringify([place.at, place.id])).toString('base64url')
}

/** Inverse of `encodeCursor`; throws `FLUX_INVALID`, naming `cursor`, for everything that it did not make. */
export function decodeCursor(cursor: string): RowPlace {
  const place = readPlace(cursor)
  if (place !== null && encodeCursor(place) === cursor) return place
  throw new FluxError('FLUX_INVALID', 'The `cursor` was not made by this history', [
    {
      pointer: '/cursor',
      code: 'bad_cursor',
      detail: '`cursor` must be the `next` of an earlier page, unchanged',
    },
  ])
}

function readPlace(cursor: string): RowPlace | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (!Array.isArray(value) || value.length !== 2) return null
    const [at, id] = value as unknown[]
    return typeof at === 'number' && typeof id === 'string' ? { at, id } : null
  } catch {
    return null
  }
}
