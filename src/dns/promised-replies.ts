// One question for those who want a promise and give it up by a signal.
import type { Reply } from '../core/dns/reply.ts'
import type { Pending, ReplyListener } from './pending.ts'

/**
 * Starts a question and promises its replies. Rejects with the reason of an aborted signal, at once and, when it was
 * aborted before, without a start.
 */
export function promisedReplies(
  start: (listener: ReplyListener) => Pending,
  signal: AbortSignal | undefined,
): Promise<readonly Reply[]> {
  if (signal?.aborted === true) return Promise.reject(signal.reason as Error)
  return new Promise((resolve, reject) => {
    if (signal === undefined) start(new Promised(resolve, reject))
    else new Revocable(signal, resolve, reject).follow(start)
  })
}

/** Keeps the promise. */
class Promised implements ReplyListener {
  readonly answered: (replies: readonly Reply[]) => void
  readonly rejected: (reason: unknown) => void

  constructor(resolve: (replies: readonly Reply[]) => void, reject: (reason: unknown) => void) {
    this.answered = resolve
    this.rejected = reject
  }
}

/** The same, until the signal is aborted. */
class Revocable implements ReplyListener {
  readonly #signal: AbortSignal
  readonly #resolve: (replies: readonly Reply[]) => void
  readonly #reject: (reason: unknown) => void
  #pending: Pending | null = null

  constructor(
    signal: AbortSignal,
    resolve: (replies: readonly Reply[]) => void,
    reject: (reason: unknown) => void,
  ) {
    this.#signal = signal
    this.#resolve = resolve
    this.#reject = reject
  }

  follow(start: (listener: ReplyListener) => Pending): void {
    this.#signal.addEventListener('abort', this)
    this.#pending = start(this)
  }

  answered(replies: readonly Reply[]): void {
    this.#signal.removeEventListener('abort', this)
    this.#resolve(replies)
  }

  rejected(reason: unknown): void {
    this.#signal.removeEventListener('abort', this)
    this.#reject(reason)
  }

  /** The listener of the signal is the question itself. */
  handleEvent(): void {
    this.#pending?.abandon(this.#signal.reason)
  }
}
