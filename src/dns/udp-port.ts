// One source port of the UDP engine: knows which queries left from it, and pairs what comes back with them. It decides
// nothing about retries, and nothing about the system (datagram-port.ts does).
import type { DatagramPort, DatagramPortEvents } from './datagram-port.ts'
import type { RandomOctets } from './random-octets.ts'
import { SentQueries } from './sent-queries.ts'
import type { QuestionPort, UdpQuestion } from './udp-question.ts'
import { u16 } from './wire/octets.ts'
import type { EncodedQuery } from './wire/query-encoder.ts'
import type { QueryMatch } from './wire/query-match.ts'

/** After so many questions a port is not used again: a guess at it then is worth nothing any more. */
export const QUERIES_PER_PORT = 64

const NO_QUESTIONS: readonly (UdpQuestion | null)[] = Array.from({ length: QUERIES_PER_PORT }, () => null)

export interface UdpPortOwner {
  /**
   * Something that is not `other` came for a question that is open; `present`: to its latest attempt. `bytes` are valid
   * only during the call.
   */
  replied(
    question: UdpQuestion,
    present: boolean,
    match: Exclude<QueryMatch, 'other'>,
    bytes: Uint8Array,
  ): void
  /** A reply matches a question that is over. */
  late(): void
  /** A packet that replies to nothing. */
  mismatched(): void
  /** Nothing waits for a reply any more. */
  idle(port: UdpPort): void
  /** The port is of no use any more; what waited for it is handed over, and knows it no more. */
  lost(port: UdpPort, waiting: readonly UdpQuestion[]): void
}

export class UdpPort implements DatagramPortEvents, QuestionPort {
  readonly #owner: UdpPortOwner
  readonly openedAtMs: number
  #socket: DatagramPort | null = null
  /** By slot, from the first query of the port on; an id is used once. */
  readonly #sent = new SentQueries(QUERIES_PER_PORT)
  /** By slot; null where the question is over. All of it from the start: what an array leaves behind as it grows lives on. */
  readonly #questions: (UdpQuestion | null)[] = NO_QUESTIONS.slice()
  #waiting = 0
  #lost = false
  /** Takes no more questions. */
  retired = false
  /** When it became idle, retired; decides how long it stays for late replies. */
  idleSinceMs = 0

  constructor(owner: UdpPortOwner, openedAtMs: number) {
    this.#owner = owner
    this.openedAtMs = openedAtMs
  }

  /** The socket's events are the port's own methods, hence the two steps. */
  attach(socket: DatagramPort): void {
    // It may have failed in the very call that opened it.
    if (this.#lost) socket.close()
    else this.#socket = socket
  }

  /** Questions that wait for a reply from here. */
  get waiting(): number {
    return this.#waiting
  }

  /** An id that no query of this port has had. */
  freshId(random: RandomOctets): number {
    let id = random.uint16()
    while (this.#sent.slotOf(id) >= 0) id = random.uint16()
    return id
  }

  /** Sends the query, and waits for its reply on behalf of the question. */
  send(question: UdpQuestion, query: EncodedQuery, id: number): void {
    const slot = this.#sent.add(id, query)
    this.#questions[slot] = question
    this.#waiting += 1
    if (slot + 1 >= QUERIES_PER_PORT) this.retired = true
    question.sentBy(this, slot)
    if (this.#socket === null) this.failed()
    else this.#socket.send(query.bytes)
  }

  /** The question of the slot is over: a reply to it is late from now on. */
  release(slot: number): void {
    if (this.#questions[slot] === null) return
    this.#questions[slot] = null
    this.#waiting -= 1
    if (this.#waiting === 0) this.#owner.idle(this)
  }

  message(bytes: Uint8Array): void {
    const slot = bytes.length < 2 ? -1 : this.#sent.slotOf(u16(bytes, 0))
    const match = slot < 0 ? 'other' : this.#sent.match(slot, bytes)
    if (match === 'other') return this.#owner.mismatched()
    const question = this.#questions[slot] ?? null
    if (question !== null) {
      const present = question.port === this && question.slot === slot
      this.#owner.replied(question, present, match, bytes)
    } else if (match === 'case_only') this.#owner.mismatched()
    else this.#owner.late()
  }

  /** An ICMP refusal reaches the whole socket: it cannot be told which of the waiting questions it answers. */
  refused(): void {
    this.failed()
  }

  failed(): void {
    this.retired = true
    const waiting = this.#questions.filter((question) => question !== null)
    this.#questions.fill(null)
    this.#waiting = 0
    for (const question of waiting) question.forget(this)
    this.#owner.lost(this, waiting)
  }

  close(): void {
    this.retired = true
    this.#lost = true
    this.#socket?.close()
    this.#socket = null
  }
}
