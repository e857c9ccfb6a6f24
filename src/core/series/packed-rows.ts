// The rows that versions 2 and 3 of a packed series were made of: sketches, names and cached copies. Times in them are relative to a
// base. Names are packed so to this day.
import type { BottomK } from './bottom-k.ts'
import type { CachedCopy } from './cache-memory.ts'
import type { SeenName } from './seen-name.ts'

export interface PackedSketch<Row> {
  readonly l: number
  readonly d: 0 | 1
  readonly e: readonly Row[]
}

export type NameRow = readonly [key: string, first: number, last: number, count: number]
export type CopyRow = readonly [
  expiresAt: number,
  delayMs: number,
  set: number,
  firstSeenAt: number,
  lastSeenAt: number,
]

export function pack<T extends { readonly key: string }, Row>(
  sketch: BottomK<T>,
  row: (entry: T) => Row,
): PackedSketch<Row> {
  return { l: sketch.limit, d: sketch.dropped ? 1 : 0, e: sketch.entries.map(row) }
}

export function unpack<T extends { readonly key: string }, Row>(
  packed: PackedSketch<Row>,
  read: (row: Row) => T,
): BottomK<T> {
  return { limit: packed.l, dropped: packed.d === 1, entries: packed.e.map(read) }
}

export function packNames(sketch: BottomK<SeenName>, base: number): PackedSketch<NameRow> {
  return pack(sketch, (seen) => [seen.key, seen.first - base, seen.last - base, seen.count])
}

export function unpackNames(packed: PackedSketch<NameRow>, base: number): BottomK<SeenName> {
  return unpack(packed, ([key, first, last, count]) => ({
    key,
    first: first + base,
    last: last + base,
    count,
  }))
}

export function unpackCopies(rows: readonly CopyRow[], base: number): readonly CachedCopy[] {
  return rows.map(([expiresAt, delayMs, set, firstSeenAt, lastSeenAt]) => ({
    expiresAt: expiresAt + base,
    delayMs,
    set,
    firstSeenAt: firstSeenAt + base,
    lastSeenAt: lastSeenAt + base,
  }))
}
