// The opaque cursor of a page of history: which question it belongs to, and the place in its order where the next page begins.
// A place names keys, never a count, so rows that arrive or are pruned shift no page. Every implementation uses this one form.
import { FluxError } from '../../core/errors.ts'

export type CursorKind = 'observations' | 'records' | 'pivot' | 'changes' | 'new-addresses' | 'statistics'

/** What a place is made of, in its order; which values they are is the implementation's business. */
export type PlaceShape = readonly ('number' | 'string')[]

type PlaceOf<Shape extends PlaceShape> = {
  [Index in keyof Shape]: Shape[Index] extends 'number' ? number : string
}

/** base64url of `[kind, ...place]` in JSON. */
export function encodeCursor(kind: CursorKind, place: readonly (number | string)[]): string {
  return Buffer.from(JSON.stringify([kind, ...place])).toString('base64url')
}

/**
 * The place in a cursor of `encodeCursor`. Throws `FLUX_INVALID`, naming `cursor`, for everything that was not made there, or
 * for another kind of question.
 */
export function decodeCursor<const Shape extends PlaceShape>(
  kind: CursorKind,
  cursor: string,
  shape: Shape,
): PlaceOf<Shape> {
  const place = readPlace(kind, cursor, shape)
  if (place !== null && encodeCursor(kind, place) === cursor) return place as PlaceOf<Shape>
  throw new FluxError('FLUX_INVALID', 'The `cursor` was not made by this history for this question', [
    {
      pointer: '/cursor',
      code: 'bad_cursor',
      detail: '`cursor` must be the `next` of an earlier page of the same question, unchanged',
    },
  ])
}

function readPlace(kind: CursorKind, cursor: string, shape: PlaceShape): (number | string)[] | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (!Array.isArray(value) || value.length !== shape.length + 1 || value[0] !== kind) return null
    const place: unknown[] = value.slice(1)
    return place.every((part, index) => typeof part === shape[index]) ? (place as (number | string)[]) : null
  } catch {
    return null
  }
}
