// What has left from one source port, as far as a reply must match it: ids and question sections, copied into blocks of
// their own. The queries' objects would live as long as the port, seconds longer than their questions, and cost a collector
// more than the copy does.
import { QUESTION_START, type EncodedQuery } from './wire/query-encoder.ts'
import { matchQuestion, type QueryMatch } from './wire/query-match.ts'

/** Room for each question section at first: most names are short. */
const USUAL_OCTETS = 48

export class SentQueries {
  readonly #ids: Uint16Array
  /** Where the question section of each slot ends; it begins where the one before ends. */
  readonly #ends: Uint32Array
  #octets: Uint8Array
  count = 0

  /** `most`: queries that are added at most. */
  constructor(most: number) {
    this.#ids = new Uint16Array(most)
    this.#ends = new Uint32Array(most)
    this.#octets = new Uint8Array(most * USUAL_OCTETS)
  }

  /** Its slot: 0, 1, … */
  add(id: number, { bytes, questionEnd }: EncodedQuery): number {
    const slot = this.count
    const start = this.#startOf(slot)
    const end = start + questionEnd - QUESTION_START
    if (end > this.#octets.length) this.#grow(end)
    for (let at = start, from = QUESTION_START; at < end; at++, from++) this.#octets[at] = bytes[from]!
    this.#ids[slot] = id
    this.#ends[slot] = end
    this.count = slot + 1
    return slot
  }

  /** The slot of the query with the id; -1 when there is none. */
  slotOf(id: number): number {
    for (let slot = 0; slot < this.count; slot++) if (this.#ids[slot] === id) return slot
    return -1
  }

  /** Whether a message is the reply to the query of a slot; as matchReply. */
  match(slot: number, reply: Uint8Array): QueryMatch {
    return matchQuestion(this.#ids[slot]!, this.#octets, this.#startOf(slot), this.#ends[slot]!, reply)
  }

  #startOf(slot: number): number {
    return slot === 0 ? 0 : this.#ends[slot - 1]!
  }

  #grow(atLeast: number): void {
    const octets = new Uint8Array(Math.max(atLeast, 2 * this.#octets.length))
    octets.set(this.#octets)
    this.#octets = octets
  }
}
