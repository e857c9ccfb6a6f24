// Who is next at a rate limit: urgent ones first, each class in the order of arrival, and nobody waits for ever. Knows
// nothing of tokens and times.
import { WaitingLine } from './waiting-line.ts'

/** Somebody who waits for a turn: in one line, and once. */
export interface Waiter {
  readonly urgent: boolean
  /** The line's: true from when it enters to when it is admitted or leaves. */
  waits: boolean
  /** It is its turn, which is taken. */
  admitted(): void
}

/** After so many urgent turns in a row an ordinary waiter has one: a rush must not stop the rounds. Hand-set. */
const URGENT_IN_A_ROW = 3

export class TurnLine {
  readonly #urgent = new ClassLine()
  readonly #ordinary = new ClassLine()
  #urgentInARow = 0

  get length(): number {
    return this.#urgent.length + this.#ordinary.length
  }

  enter(waiter: Waiter): void {
    this.#lineOf(waiter.urgent).enter(waiter)
  }

  /** False when it does not wait. */
  leave(waiter: Waiter): boolean {
    if (!waiter.waits) return false
    this.#lineOf(waiter.urgent).leave(waiter)
    return true
  }

  /** Takes the next one out of the line; null when nobody waits. */
  next(): Waiter | null {
    const hasOrdinaryTurn = this.#urgentInARow >= URGENT_IN_A_ROW && this.#ordinary.length > 0
    const urgent = this.#urgent.length > 0 && !hasOrdinaryTurn
    this.#urgentInARow = urgent ? this.#urgentInARow + 1 : 0
    return this.#lineOf(urgent).next()
  }

  /** Of those who wait now, how many have their turn before one who would enter. */
  turnsBefore(urgent: boolean): number {
    if (!urgent) return this.length
    const before = this.#urgent.length
    const between = Math.floor((Math.min(this.#urgentInARow, URGENT_IN_A_ROW) + before) / URGENT_IN_A_ROW)
    return before + Math.min(between, this.#ordinary.length)
  }

  #lineOf(urgent: boolean): ClassLine {
    return urgent ? this.#urgent : this.#ordinary
  }
}

/** First come, first served. Who leaves is passed over when it would be its turn: so leaving needs no search. */
class ClassLine {
  readonly #line = new WaitingLine<Waiter>()
  length = 0

  enter(waiter: Waiter): void {
    waiter.waits = true
    this.length += 1
    this.#line.push(waiter)
  }

  leave(waiter: Waiter): void {
    waiter.waits = false
    this.length -= 1
    if (this.length === 0) this.#line.drain()
  }

  next(): Waiter | null {
    for (let waiter = this.#line.shift(); waiter !== undefined; waiter = this.#line.shift()) {
      if (!waiter.waits) continue
      waiter.waits = false
      this.length -= 1
      return waiter
    }
    return null
  }
}
