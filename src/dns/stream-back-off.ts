// How long to wait before the next connection when the last ones failed: doubling, capped, and jittered, so that many
// probers do not come back in step. Time is an argument.
import type { RandomOctets } from './random-octets.ts'

/** Wait after the first failure and at most; milliseconds. Hand-set. */
const FIRST_MS = 100
const LONGEST_MS = 10_000

export class StreamBackOff {
  readonly #random: RandomOctets
  #failures = 0
  #notBeforeMs = 0

  constructor(random: RandomOctets) {
    this.#random = random
  }

  /** A connection failed, or went away before it had brought a single reply. */
  failed(nowMs: number): void {
    const wholeMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(this.#failures, 30))
    this.#failures += 1
    this.#notBeforeMs = nowMs + wholeMs * (0.5 + this.#random.uint16() / 0x2_0000)
  }

  /** A reply came. */
  succeeded(): void {
    this.#failures = 0
    this.#notBeforeMs = 0
  }

  /** Whether no reply has come since the last failure. */
  get inDoubt(): boolean {
    return this.#failures > 0
  }

  /** Milliseconds until a connection may be opened; 0 when it may be now. */
  waitMs(nowMs: number): number {
    return this.#failures === 0 ? 0 : Math.max(0, this.#notBeforeMs - nowMs)
  }
}
