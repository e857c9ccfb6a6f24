// How many DoH requests are under way at the same time, and who is next: as many as we may, fewer once the server refuses
// streams, and slowly more again. Knows nothing of what a request is.
import { WaitingLine } from './waiting-line.ts'

/** So many answers without a refusal before one more request is dared. Hand-set. */
const ANSWERS_BEFORE_MORE = 100

interface Waiting {
  readonly go: () => void
  gone: boolean
}

export class DohPlaces {
  readonly #most: number
  readonly #line = new WaitingLine<Waiting>()
  #limit: number
  #answers = 0
  /** Places that are taken. */
  busy = 0
  /** Which limit holds: whoever was refused under an earlier one tells nothing new. */
  era = 0

  constructor(most: number) {
    this.#most = most
    this.#limit = most
  }

  /** Resolves with a place, in the order of the calls. Rejects with the reason of an aborted signal, without one. */
  async take(signal?: AbortSignal): Promise<void> {
    if (this.busy < this.#limit) {
      this.busy += 1
      return
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const waiting: Waiting = { go: resolve, gone: false }
    const leave = (): void => {
      waiting.gone = true
      reject(signal?.reason as Error)
    }
    signal?.addEventListener('abort', leave)
    this.#line.push(waiting)
    await promise.finally(() => signal?.removeEventListener('abort', leave))
  }

  /** Gives a place back. */
  give(): void {
    this.busy -= 1
    while (this.busy < this.#limit) {
      const next = this.#line.shift()
      if (next === undefined) return
      if (next.gone) continue
      this.busy += 1
      next.go()
    }
  }

  /** Changes a place for a later one. Rejects as take(), and the place is kept then. */
  async takeTurn(signal?: AbortSignal): Promise<void> {
    this.give()
    try {
      await this.take(signal)
    } catch (error) {
      this.busy += 1
      throw error
    }
  }

  /** The server refused a stream that was opened in `era`: half as many from now on. */
  refused(era: number): void {
    this.#answers = 0
    if (era !== this.era) return
    this.era += 1
    this.#limit = Math.max(1, Math.min(this.#limit, this.busy) >> 1)
  }

  answered(): void {
    if (this.#limit === this.#most) return
    this.#answers += 1
    if (this.#answers < ANSWERS_BEFORE_MORE) return
    this.#answers = 0
    this.#limit += 1
  }
}
