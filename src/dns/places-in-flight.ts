// Back-pressure of an engine: so many questions are in flight at most, and the others wait for a place, first come first
// served. Decides who is next; what is done with a place is the engine's business.
import { WaitingLine } from './waiting-line.ts'

/** What can have a place. */
export interface Placed {
  /** False when it is over. */
  readonly open: boolean
  /** Set by the places, and not taken back: it has, or has had, its place. */
  launched: boolean
}

export class PlacesInFlight<Item extends Placed> {
  readonly #max: number
  readonly #launch: (item: Item) => void
  readonly #line = new WaitingLine<Item>()
  #taken = 0
  #refilling = false
  #closed = false

  /** `launch` is called for each item as it gets its place, at once or later. */
  constructor(max: number, launch: (item: Item) => void) {
    this.#max = max
    this.#launch = launch
  }

  get taken(): number {
    return this.#taken
  }

  enter(item: Item): void {
    if (this.#taken < this.#max) this.#place(item)
    else this.#line.push(item)
  }

  /** The item is over: its place, if it had one, goes to the next. To be called once for each item. */
  leave(item: Item): void {
    if (!item.launched) return
    this.#taken -= 1
    this.#refill()
  }

  /** Nobody gets a place any more; answers those that wait. */
  close(): Item[] {
    this.#closed = true
    return this.#line.drain()
  }

  #place(item: Item): void {
    item.launched = true
    this.#taken += 1
    this.#launch(item)
  }

  /** A loop and no recursion: where ports fail as they open, each question that is launched ends within the launch. */
  #refill(): void {
    if (this.#refilling) return
    this.#refilling = true
    while (!this.#closed && this.#taken < this.#max) {
      const next = this.#line.shift()
      if (next === undefined) break
      // An aborted one stays in line until here.
      if (next.open) this.#place(next)
    }
    this.#refilling = false
  }
}
