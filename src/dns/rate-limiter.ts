// How fast one vantage, or one authority, may be asked: a token bucket with a bounded waiting line. Turns are given in
// ticks, not one timer a question: at 20,000 a second a timer comes far too late for one, and questions that leave together
// cost less than a trickle. Who is next is turn-line.ts's part.
import { PromisedTurn } from './promised-turn.ts'
import { realTime, type TimeSource } from './time-source.ts'
import { TurnLine, type Waiter } from './turn-line.ts'

export interface RateLimit {
  /** Tokens per second, for ever. */
  readonly qps: number
  /** Tokens that a rested bucket holds. @defaultValue a tenth of a second's worth, at least 1 */
  readonly burst?: number
  /** Who would wait longer is turned away at once; milliseconds. */
  readonly maxWaitMs: number
  /** @defaultValue realTime */
  readonly time?: TimeSource
}

/** Hand-set: nobody notices it beside a round trip, and at 2,000 a second ten questions leave together. */
const TICK_MS = 5
/** How much of the rate one late tick (a busy event loop) may make up for at once; seconds. */
const CATCH_UP_SECONDS = 0.1

export class RateLimiter {
  readonly #time: TimeSource
  readonly #tokensPerMs: number
  readonly #burst: number
  readonly #catchUp: number
  readonly #maxWaitMs: number
  readonly #line = new TurnLine()
  #tokens: number
  #refilledAtMs: number
  #lifted = false
  #cancelTick: (() => void) | null = null

  constructor({ qps, burst = Math.max(1, Math.ceil(qps / 10)), maxWaitMs, time = realTime }: RateLimit) {
    this.#time = time
    this.#tokensPerMs = qps / 1000
    this.#burst = burst
    this.#catchUp = Math.max(burst, qps * CATCH_UP_SECONDS)
    this.#maxWaitMs = maxWaitMs
    this.#tokens = burst
    this.#refilledAtMs = time.now()
  }

  /** When the limiter looked at the time last: for who has just been admitted, now. By its TimeSource; milliseconds. */
  get lookedAtMs(): number {
    return this.#refilledAtMs
  }

  /** True when a turn was free at once and is taken: nobody waits and the bucket holds a token. */
  takeNow(): boolean {
    if (this.#lifted) return true
    if (this.#line.length > 0) return false
    this.#refill()
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }

  /**
   * Takes a turn only where the bucket is full and nobody waits, that is, where the limit has been idle. For what must
   * never hold up anybody: it delays the next question by one turn at most.
   */
  takeSpare(): boolean {
    this.#refill()
    return this.#tokens >= this.#burst && this.takeNow()
  }

  /**
   * Puts a waiter into the line, for whom takeNow() had no turn; it is told when it is admitted. False, and it is not, when
   * the wait would be longer than `maxWaitMs`. Urgent ones that come later pass before an ordinary one, and may make it
   * wait longer than that.
   */
  wait(waiter: Waiter): boolean {
    this.#refill()
    if (this.#waitMs(this.#line.turnsBefore(waiter.urgent)) > this.#maxWaitMs) return false
    this.#line.enter(waiter)
    this.#schedule()
    return true
  }

  /** A waiter leaves the line, and its turn goes to the next. Nothing happens to one that is not in it any more. */
  leave(waiter: Waiter): void {
    if (this.#line.leave(waiter)) this.#schedule()
  }

  /**
   * Resolves to true when it is this caller's turn: first come, first served, but for `urgent` ones; to false at once when
   * the wait would be longer than `maxWaitMs`. Rejects only with the reason of an aborted signal; its turn then goes to
   * the next.
   */
  take(signal?: AbortSignal, urgent = false): Promise<boolean> {
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error)
    if (this.takeNow()) return Promise.resolve(true)
    return new Promise((resolve, reject) => {
      const turn = new PromisedTurn(this, urgent, signal, resolve, reject)
      if (this.wait(turn)) turn.watchSignal()
      else resolve(false)
    })
  }

  /** How long an ordinary question that comes now waits for its turn, if no urgent one comes after it; milliseconds. */
  backlogMs(): number {
    if (this.#lifted) return 0
    this.#refill()
    return this.#waitMs(this.#line.turnsBefore(false))
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
    for (let waiter = this.#line.next(); waiter !== null; waiter = this.#line.next()) waiter.admitted()
    this.#schedule()
  }

  /** How long it takes until there is a token for who comes after so many turns. */
  #waitMs(turnsBefore: number): number {
    return Math.max(0, turnsBefore + 1 - this.#tokens) / this.#tokensPerMs
  }

  /**
   * A rested bucket holds the burst. While somebody waits, more may gather: turns that were due and that only a late tick
   * has not given yet.
   */
  #refill(): void {
    const nowMs = this.#time.now()
    const most = this.#line.length > 0 ? this.#catchUp : this.#burst
    this.#tokens = Math.min(most, this.#tokens + (nowMs - this.#refilledAtMs) * this.#tokensPerMs)
    this.#refilledAtMs = nowMs
  }

  #tick(): void {
    this.#cancelTick = null
    this.#refill()
    while (this.#tokens >= 1) {
      const waiter = this.#line.next()
      if (waiter === null) break
      this.#tokens -= 1
      waiter.admitted()
    }
    this.#schedule()
  }

  /** One timer for the whole line; none when nobody waits. */
  #schedule(): void {
    if (this.#line.length === 0) {
      this.#cancelTick?.()
      this.#cancelTick = null
    } else {
      const dueMs = (1 - this.#tokens) / this.#tokensPerMs
      this.#cancelTick ??= this.#time.after(Math.max(TICK_MS, dueMs), () => this.#tick())
    }
  }
}
