// The cached copies that a view remembers, as bytes: each as the difference to one that is near.
import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import { DELAY_CEILING_MS } from './cache-memory.ts'
import type { CachedCopy } from './cache-memory.ts'

export function isSameCopy(a: CachedCopy, b: CachedCopy): boolean {
  return (
    a.expiresAt === b.expiresAt &&
    a.delayMs === b.delayMs &&
    a.set === b.set &&
    a.firstSeenAt === b.firstSeenAt &&
    a.lastSeenAt === b.lastSeenAt
  )
}

/**
 * `expected`: what the reader knows to be near to the first. `others`: the copies of a view that the reader knows; where there are as many,
 * each is near to one of them, else to the one before. How many there are the reader knows.
 */
export function writeCopies(
  to: ByteWriter,
  copies: readonly CachedCopy[],
  expected: CachedCopy,
  others: readonly CachedCopy[],
): void {
  let before = expected
  for (let index = 0; index < copies.length; index += 1) {
    const copy = copies[index]!
    const near = index > 0 && others.length === copies.length ? others[index]! : before
    const { expiresAt, delayMs, set, firstSeenAt, lastSeenAt } = copy
    to.row([
      firstSeenAt - near.firstSeenAt,
      lastSeenAt - firstSeenAt - spanOf(near),
      expiresAt - firstSeenAt - (near.expiresAt - near.firstSeenAt),
      delayMs - delayAt(near, firstSeenAt),
      set === near.set ? 0 : 1,
    ])
    if (set !== near.set) to.word(set)
    before = copy
  }
}

export function readCopies(
  from: ByteReader,
  size: number,
  expected: CachedCopy,
  others: readonly CachedCopy[],
): readonly CachedCopy[] {
  const copies: CachedCopy[] = []
  let before = expected
  for (let index = 0; index < size; index += 1) {
    const near = index > 0 && others.length === size ? others[index]! : before
    const mask = from.count()
    const firstSeenAt = near.firstSeenAt + from.rest(mask, 0)
    const lastSeenAt = firstSeenAt + spanOf(near) + from.rest(mask, 1)
    const expiresAt = firstSeenAt + near.expiresAt - near.firstSeenAt + from.rest(mask, 2)
    const delayMs = delayAt(near, firstSeenAt) + from.rest(mask, 3)
    const set = from.rest(mask, 4) === 0 ? near.set : from.word()
    copies.push((before = { expiresAt, delayMs, set, firstSeenAt, lastSeenAt }))
  }
  return copies
}

function spanOf({ firstSeenAt, lastSeenAt }: CachedCopy): number {
  return lastSeenAt - firstSeenAt
}

/** What a copy that was first seen at a time must have taken, if it was first seen in the round of the other. */
function delayAt({ delayMs, firstSeenAt }: CachedCopy, at: number): number {
  const later = at - firstSeenAt
  return Math.abs(later) < DELAY_CEILING_MS ? Math.max(0, delayMs + later) : delayMs
}

/** Times in whole ms, as they are stored. */
export function copiesInWholeMs(copies: readonly CachedCopy[]): readonly CachedCopy[] {
  if (copies.every(isWhole)) return copies
  return copies.map(({ expiresAt, delayMs, set, firstSeenAt, lastSeenAt }) => ({
    expiresAt: Math.round(expiresAt),
    delayMs: Math.round(delayMs),
    set,
    firstSeenAt: Math.round(firstSeenAt),
    lastSeenAt: Math.round(lastSeenAt),
  }))
}

function isWhole({ expiresAt, delayMs, firstSeenAt, lastSeenAt }: CachedCopy): boolean {
  return (
    Number.isInteger(expiresAt) &&
    Number.isInteger(delayMs) &&
    Number.isInteger(firstSeenAt) &&
    Number.isInteger(lastSeenAt)
  )
}
