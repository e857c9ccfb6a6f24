// When to look for datagrams again. A wake-up costs more than a datagram does, so where replies trickle in faster than one
// in a quarter of a millisecond the engine stops being woken by each and looks once a millisecond; with fewer, or with so
// many that each look finds a batch anyway, it is woken. Network cards moderate their interrupts in the same way.

/** How long replies wait at most for the next look when nobody is woken for them. */
export const LOOK_INTERVAL_MS = 1

/** Looks that follow each other faster than this, each for a few datagrams only, are too many. */
const CLOSE_MS = 0.25
const FEW_DATAGRAMS = 4
/** A look that finds more shows that batches come about by themselves. */
const MANY_DATAGRAMS = 64
/** How much of the running mean of datagrams per look the latest look makes up. */
const LATEST_SHARE = 1 / 8

export class LookPacing {
  #meanDatagrams = FEW_DATAGRAMS
  #lastLookMs = Number.NEGATIVE_INFINITY
  #timed = false

  /** True while the next look comes by the clock; false while the system wakes us for it. */
  get timed(): boolean {
    return this.#timed
  }

  /** Takes note of a look and of how many datagrams it found, and decides about the next. */
  looked(datagrams: number, nowMs: number): void {
    this.#meanDatagrams += (datagrams - this.#meanDatagrams) * LATEST_SHARE
    const close = nowMs - this.#lastLookMs < CLOSE_MS
    this.#lastLookMs = nowMs
    if (!this.#timed) this.#timed = close && this.#meanDatagrams < FEW_DATAGRAMS
    else if (datagrams === 0 || datagrams >= MANY_DATAGRAMS) {
      this.#timed = false
      this.#meanDatagrams = FEW_DATAGRAMS
    }
  }
}
