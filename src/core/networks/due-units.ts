// What has to be grouped anew, and when: at once where a name hangs in the air, a little later where something merely grew.
import type { Unit } from './region.ts'

/** A network that grew is grouped anew after so long: until then it has grown some more. Hand-set. */
const LATER_MS = 600_000

export class DueUnits {
  readonly #soon = new Set<Unit>()
  /** Unit → when; in order of that, since time goes on. */
  readonly #later = new Map<Unit, number>()

  soon(unit: Unit): void {
    this.#soon.add(unit)
  }

  later(unit: Unit, now: number): void {
    if (!this.#later.has(unit)) this.#later.set(unit, now + LATER_MS)
  }

  done(unit: Unit): void {
    this.#soon.delete(unit)
    this.#later.delete(unit)
  }

  next(now: number): Unit | null {
    for (const unit of this.#soon) return unit
    for (const [unit, at] of this.#later) return at <= now ? unit : null
    return null
  }
}
