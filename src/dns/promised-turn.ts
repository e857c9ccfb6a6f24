// A waiter of the rate limit for those who want a promise, and leave the line by a signal.
import type { Waiter } from './turn-line.ts'

/** Where the turn is waited for. */
interface Limiter {
  leave(waiter: Waiter): void
}

export class PromisedTurn implements Waiter {
  readonly urgent: boolean
  waits = false
  readonly #limiter: Limiter
  readonly #signal: AbortSignal | undefined
  readonly #resolve: (admitted: true) => void
  readonly #reject: (reason: unknown) => void

  constructor(
    limiter: Limiter,
    urgent: boolean,
    signal: AbortSignal | undefined,
    resolve: (admitted: true) => void,
    reject: (reason: unknown) => void,
  ) {
    this.#limiter = limiter
    this.urgent = urgent
    this.#signal = signal
    this.#resolve = resolve
    this.#reject = reject
  }

  /** To be called once it waits. */
  watchSignal(): void {
    this.#signal?.addEventListener('abort', this)
  }

  admitted(): void {
    this.#signal?.removeEventListener('abort', this)
    this.#resolve(true)
  }

  /** The listener of the signal is the turn itself. */
  handleEvent(): void {
    this.#signal?.removeEventListener('abort', this)
    this.#limiter.leave(this)
    this.#reject(this.#signal?.reason)
  }
}
