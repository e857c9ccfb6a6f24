// Holds each question back for a random time, so that what is due together does not leave in lock-step: the questions of a
// round reach one authority through several vantages at different moments, and targets of one batch change their order.
import { realTime, type TimeSource } from './time-source.ts'

export interface JitterOptions {
  /** Nobody is held longer, but for the rest of a slot and a late timer; milliseconds, above 0. */
  readonly maxMs: number
  /** @defaultValue realTime */
  readonly time?: TimeSource
  /** 0 to below 1. Not a secret, so no CSPRNG is needed. @defaultValue Math.random */
  readonly random?: () => number
}

/** Questions whose time comes within the same slot leave together: they share a timer and a send. */
const SLOT_MS = 5

/** Who is held back. */
export interface Held {
  /** Its time has come. Who must not go on any more (an abort) looks for that himself. */
  released(): void
}

export class Jitter {
  readonly #maxMs: number
  readonly #time: TimeSource
  readonly #random: () => number
  /** By number of the slot; at most maxMs / SLOT_MS of them. */
  readonly #slots = new Map<number, Held[]>()
  #lifted = false
  #timer: { readonly slot: number; readonly cancel: () => void } | null = null

  constructor({ maxMs, time = realTime, random = Math.random }: JitterOptions) {
    this.#maxMs = maxMs
    this.#time = time
    this.#random = random
  }

  /** Releases it after a random time; once the jitter is lifted, at once. */
  hold(held: Held): void {
    if (this.#lifted) return held.released()
    const number = Math.floor((this.#time.now() + this.#random() * this.#maxMs) / SLOT_MS)
    const slot = this.#slots.get(number)
    if (slot !== undefined) slot.push(held)
    else {
      this.#slots.set(number, [held])
      this.#schedule(number)
    }
  }

  /** Releases everybody, now and from now on. For closing what comes behind. */
  lift(): void {
    this.#lifted = true
    this.#releaseUpTo(Number.POSITIVE_INFINITY)
  }

  #releaseUpTo(last: number): void {
    this.#stopTimer()
    const due = [...this.#slots.keys()].filter((number) => number <= last).toSorted((a, b) => a - b)
    for (const number of due) {
      const slot = this.#slots.get(number)!
      this.#slots.delete(number)
      for (const held of slot) held.released()
    }
    if (this.#slots.size > 0) this.#schedule(Math.min(...this.#slots.keys()))
  }

  /** One timer, for the first slot that is waited for. */
  #schedule(slot: number): void {
    if (this.#timer !== null && this.#timer.slot <= slot) return
    this.#stopTimer()
    const waitMs = Math.max(0, (slot + 1) * SLOT_MS - this.#time.now())
    const cancel = this.#time.after(waitMs, () => {
      this.#timer = null
      // Never less than this slot: the timers of the system may come a little early.
      this.#releaseUpTo(Math.max(slot, Math.floor(this.#time.now() / SLOT_MS) - 1))
    })
    this.#timer = { slot, cancel }
  }

  #stopTimer(): void {
    this.#timer?.cancel()
    this.#timer = null
  }
}
