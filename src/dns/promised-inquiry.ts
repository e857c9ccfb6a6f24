// An inquiry for those who want a promise, and count the packets themselves.
import { Inquiry, type Exchanged, type PacketTally } from './exchange.ts'

/** Keeps the promise of one attempt, and counts its packets with those of the attempts before. */
export class PromisedInquiry extends Inquiry {
  readonly #tally: PacketTally
  readonly settled: (exchanged: Exchanged) => void
  readonly rejected: (reason: unknown) => void

  constructor(
    tally: PacketTally,
    settled: (exchanged: Exchanged) => void,
    rejected: (reason: unknown) => void,
  ) {
    super()
    this.#tally = tally
    this.settled = settled
    this.rejected = rejected
  }

  override sent(atMs?: number): void {
    this.#tally.sent(atMs)
  }
}
