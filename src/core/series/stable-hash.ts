// A hash that is the same on every machine and in every version: sketches, cache fingerprints and jitter rest on it.
// It is no defence against somebody who picks names to collide; nothing here needs one.

const PRIME = 0x01000193
const ZERO = 48

/** FNV-1a over UTF-16 code units, finished with MurmurHash3's mixer. An unsigned 32-bit integer. */
export function stableHash(text: string): number {
  return finishHash(hashOn(HASH_BEGIN, text))
}

/** The hash of no text yet, for `hashOn`. */
export const HASH_BEGIN = 0x811c9dc5

/** What a hash that is not finished becomes with more text: a text that others share the beginning of is hashed from there on. */
export function hashOn(unfinished: number, text: string): number {
  let hash = unfinished
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), PRIME)
  }
  return hash
}

/** As `hashOn` with the decimal digits of a number; whole ones from 0 on make no text. */
export function hashNumberOn(unfinished: number, value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) return hashOn(unfinished, `${value}`)
  let scale = 1
  while (scale * 10 <= value) scale *= 10
  let hash = unfinished
  let rest = value
  for (; scale >= 1; scale /= 10) {
    const digit = Math.floor(rest / scale)
    hash = Math.imul(hash ^ (ZERO + digit), PRIME)
    rest -= digit * scale
  }
  return hash
}

/** What `stableHash` gives for all the text. */
export function finishHash(unfinished: number): number {
  let hash = Math.imul(unfinished ^ (unfinished >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** A number in 0…1 (1 excluded) that depends on the text alone. */
export function stableFraction(text: string): number {
  return stableHash(text) / 2 ** 32
}
