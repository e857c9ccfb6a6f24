// A hash that is the same on every machine and in every version: sketches, cache fingerprints and jitter rest on it.
// It is no defence against somebody who picks names to collide; nothing here needs one.

/** FNV-1a over UTF-16 code units, finished with MurmurHash3's mixer. An unsigned 32-bit integer. */
export function stableHash(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** A number in 0…1 (1 excluded) that depends on the text alone. */
export function stableFraction(text: string): number {
  return stableHash(text) / 2 ** 32
}
