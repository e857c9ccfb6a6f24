// The rows of JSON that versions 2 to 4 of a stored series were made of: sketches, names and cached copies. Times in them are relative
// to a base. Nothing writes them any more.
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

export function unpack<T extends { readonly key: string }, Row>(
  packed: PackedSketch<Row>,
  read: (row: Row) => T,
): BottomK<T> {
  return { limit: packed.l, dropped: packed.d === 1, entries: packed.e.map(read) }
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
