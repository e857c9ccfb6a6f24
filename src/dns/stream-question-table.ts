// The questions of one connection by their ids. Not a Map: a Map that is filled and emptied all the time copies itself every
// few hundred entries, and each dead copy keeps the next one, and so every question, alive until a full collection
// (measured: half of all that was allocated survived, a quarter of the time went into it).
import type { RandomOctets } from './random-octets.ts'
import type { StreamQuestion } from './stream-question.ts'

const FIRST_SLOTS = 256

/**
 * An id is drawn at random until its lower bits name a free slot, so a look-up is one index and one comparison. The table
 * is at most half full: two draws on average. It grows, and never shrinks: it lives as long as its connection.
 */
export class StreamQuestionTable {
  #slots: (StreamQuestion | null)[] = Array.from({ length: FIRST_SLOTS }, () => null)
  #ids = new Uint16Array(FIRST_SLOTS)
  size = 0

  /** Registers the question (at most 32,768 of them) under an id that nothing else has; the id. */
  add(question: StreamQuestion, random: RandomOctets): number {
    if (this.size * 2 >= this.#slots.length) this.#grow()
    const mask = this.#slots.length - 1
    let id = random.uint16()
    while (this.#slots[id & mask] !== null) id = random.uint16()
    this.#slots[id & mask] = question
    this.#ids[id & mask] = id
    this.size += 1
    return id
  }

  get(id: number): StreamQuestion | null {
    const slot = id & (this.#slots.length - 1)
    return this.#ids[slot] === id ? (this.#slots[slot] ?? null) : null
  }

  delete(id: number): void {
    if (this.get(id) === null) return
    this.#slots[id & (this.#slots.length - 1)] = null
    this.size -= 1
  }

  /** Empties the table; what was in it, in no order. */
  drain(): StreamQuestion[] {
    const questions = this.#slots.filter((question) => question !== null)
    this.#slots.fill(null)
    this.size = 0
    return questions
  }

  /** Ids that differ in some lower bits differ in more of them, too. */
  #grow(): void {
    const slots = this.#slots
    const ids = this.#ids
    const length = slots.length * 2
    this.#slots = Array.from({ length }, () => null)
    this.#ids = new Uint16Array(length)
    for (const [from, question] of slots.entries()) {
      const id = ids[from]!
      if (question === null) continue
      this.#slots[id & (length - 1)] = question
      this.#ids[id & (length - 1)] = id
    }
  }
}
