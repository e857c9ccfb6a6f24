// Unpredictable octets for ids and name case, drawn from the system's CSPRNG in blocks: a call of its own for every
// query would cost more than the query's encoding.
import { randomFillSync } from 'node:crypto'

const BLOCK_OCTETS = 4096

export class RandomOctets {
  readonly #block = new Uint8Array(BLOCK_OCTETS)
  #used = BLOCK_OCTETS

  /** `count` (at most 4096) octets that were never given out before; a copy of its own. */
  take(count: number): Uint8Array {
    if (this.#used + count > BLOCK_OCTETS) {
      randomFillSync(this.#block)
      this.#used = 0
    }
    const start = this.#used
    this.#used = start + count
    return this.#block.slice(start, this.#used)
  }

  uint16(): number {
    const [high = 0, low = 0] = this.take(2)
    return (high << 8) | low
  }

  /** Uniform enough below `bound` ≤ 256 for choosing among a few ports (not for keys). */
  below(bound: number): number {
    return this.uint16() % bound
  }
}
