// Unpredictable octets for ids, name case and the choice of ports, drawn from the system's CSPRNG in blocks: a call of its
// own for every query would cost more than the query's encoding.
import { randomFillSync } from 'node:crypto'

const BLOCK_OCTETS = 8192

export class RandomOctets {
  /** Read at the offsets that reserve() gives, at once: the next call may refill it. */
  readonly block = new Uint8Array(BLOCK_OCTETS)
  #used = BLOCK_OCTETS

  /** Offset in `block` of `count` (at most 8192) octets that were never given out before. */
  reserve(count: number): number {
    let start = this.#used
    if (start + count > BLOCK_OCTETS) {
      randomFillSync(this.block)
      start = 0
    }
    this.#used = start + count
    return start
  }

  uint16(): number {
    const start = this.reserve(2)
    return (this.block[start]! << 8) | this.block[start + 1]!
  }

  /** Uniform enough below `bound` ≤ 256 for choosing among a few ports (not for keys). */
  below(bound: number): number {
    return this.uint16() % bound
  }
}

/** The one of all resolvers: what nobody can guess need not be kept apart. */
export const SHARED_RANDOM = new RandomOctets()
