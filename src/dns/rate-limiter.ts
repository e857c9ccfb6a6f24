// How fast one vantage may be asked: a token bucket with a bounded waiting line. It runs on REAL time
// (performance.now and real timers), never on the Clock: packets are real even where the demo's hours are not.

export interface RateLimit {
  /** Tokens per second, for ever. */
  readonly qps: number
  /** Tokens that a rested bucket holds. @defaultValue a tenth of a second's worth, at least 1 */
  readonly burst?: number
  /** Who would wait longer is turned away at once; milliseconds. */
  readonly maxWaitMs: number
}

interface Waiter {
  readonly admit: () => void
}

export class RateLimiter {
  readonly #tokensPerMs: number
  readonly #burst: number
  readonly #maxWaitMs: number
  /** In order of arrival; a Set so that an aborted one leaves without a search. */
  readonly #line = new Set<Waiter>()
  #tokens: number
  #refilledAtMs = performance.now()
  #lifted = false
  #timer: NodeJS.Timeout | null = null

  constructor({ qps, burst = Math.max(1, Math.ceil(qps / 10)), maxWaitMs }: RateLimit) {
    this.#tokensPerMs = qps / 1000
    this.#burst = burst
    this.#maxWaitMs = maxWaitMs
    this.#tokens = burst
  }

  /**
   * Resolves to true when it is this caller's turn, first come, first served; to false at once when the wait would be
   * longer than `maxWaitMs`. Rejects only with the reason of an aborted signal; its turn then goes to the next.
   */
  async take(signal?: AbortSignal): Promise<boolean> {
    signal?.throwIfAborted()
    if (this.#lifted) return true
    this.#refill()
    if (this.#line.size === 0 && this.#tokens >= 1) {
      this.#tokens -= 1
      return true
    }
    const waitMs = (this.#line.size + 1 - this.#tokens) / this.#tokensPerMs
    if (waitMs > this.#maxWaitMs) return false
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        admit: () => {
          signal?.removeEventListener('abort', abort)
          resolve(true)
        },
      }
      const abort = (): void => {
        signal?.removeEventListener('abort', abort)
        this.#line.delete(waiter)
        this.#schedule()
        reject(signal?.reason as Error)
      }
      signal?.addEventListener('abort', abort)
      this.#line.add(waiter)
      this.#schedule()
    })
  }

  /**
   * Books tokens that were used without asking (retries). The bucket may owe: later questions wait longer, and so the
   * rate holds over time.
   */
  charge(tokens: number): void {
    this.#refill()
    this.#tokens -= tokens
  }

  /** Ends the limit: everybody in the line and who comes later is admitted at once. For closing what it guards. */
  lift(): void {
    this.#lifted = true
    for (const waiter of this.#line) waiter.admit()
    this.#line.clear()
    this.#schedule()
  }

  #refill(): void {
    const nowMs = performance.now()
    this.#tokens = Math.min(this.#burst, this.#tokens + (nowMs - this.#refilledAtMs) * this.#tokensPerMs)
    this.#refilledAtMs = nowMs
  }

  #admitDue(): void {
    this.#timer = null
    this.#refill()
    for (const waiter of this.#line) {
      if (this.#tokens < 1) break
      this.#tokens -= 1
      this.#line.delete(waiter)
      waiter.admit()
    }
    this.#schedule()
  }

  /** One timer for the head of the line; none when nobody waits. */
  #schedule(): void {
    if (this.#line.size === 0) {
      if (this.#timer !== null) clearTimeout(this.#timer)
      this.#timer = null
    } else {
      this.#timer ??= setTimeout(() => this.#admitDue(), Math.max(1, (1 - this.#tokens) / this.#tokensPerMs))
    }
  }
}
