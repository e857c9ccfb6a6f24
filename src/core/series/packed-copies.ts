// The cached copies that a view remembers, as bytes: each as the difference to the copy before.
import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
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

/** `near`: what the reader knows to be near to the first. How many there are the reader knows. */
export function writeCopies(to: ByteWriter, copies: readonly CachedCopy[], near: CachedCopy): void {
  let before = near
  for (const copy of copies) {
    to.row([
      copy.expiresAt - before.expiresAt,
      copy.delayMs - before.delayMs,
      copy.firstSeenAt - before.firstSeenAt,
      copy.lastSeenAt - copy.firstSeenAt - (before.lastSeenAt - before.firstSeenAt),
      copy.set === before.set ? 0 : 1,
    ])
    if (copy.set !== before.set) to.word(copy.set)
    before = copy
  }
}

export function readCopies(from: ByteReader, size: number, near: CachedCopy): readonly CachedCopy[] {
  const copies: CachedCopy[] = []
  let before = near
  for (let index = 0; index < size; index += 1) {
    const mask = from.count()
    const expiresAt = before.expiresAt + from.rest(mask, 0)
    const delayMs = before.delayMs + from.rest(mask, 1)
    const firstSeenAt = before.firstSeenAt + from.rest(mask, 2)
    const span = before.lastSeenAt - before.firstSeenAt + from.rest(mask, 3)
    const set = from.rest(mask, 4) === 0 ? before.set : from.word()
    copies.push((before = { expiresAt, delayMs, set, firstSeenAt, lastSeenAt: firstSeenAt + span }))
  }
  return copies
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
