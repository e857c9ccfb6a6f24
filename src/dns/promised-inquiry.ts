// An inquiry for those who want a promise, give it up by a signal, and count the packets themselves.
import { Inquiry, type Exchanged, type PacketTally } from './exchange.ts'

/** Keeps the promise of one attempt, and counts its packets with those of the attempts before. */
export class PromisedInquiry extends Inquiry {
  readonly #tally: PacketTally
  readonly #resolve: (exchanged: Exchanged) => void
  readonly #reject: (reason: unknown) => void
  readonly #signal: AbortSignal | undefined

  constructor(
    tally: PacketTally,
    resolve: (exchanged: Exchanged) => void,
    reject: (reason: unknown) => void,
    signal?: AbortSignal,
  ) {
    super()
    this.#tally = tally
    this.#resolve = resolve
    this.#reject = reject
    this.#signal = signal
    signal?.addEventListener('abort', this)
  }

  override sent(atMs?: number): void {
    this.#tally.sent(atMs)
  }

  override settled(exchanged: Exchanged): void {
    this.#signal?.removeEventListener('abort', this)
    this.#resolve(exchanged)
  }

  override rejected(reason: unknown): void {
    this.#signal?.removeEventListener('abort', this)
    this.#reject(reason)
  }

  /** The listener of the signal is the inquiry itself. */
  handleEvent(): void {
    this.carrier?.abandon(this.#signal?.reason)
  }
}
