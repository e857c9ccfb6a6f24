// One source port of the UDP engine: knows which queries left from it, and pairs what comes back with them. It decides
// nothing about retries, and nothing about the system (datagram-port.ts does).
import type { DatagramPort, DatagramPortEvents } from './datagram-port.ts'
import type { RandomOctets } from './random-octets.ts'
import type { QuestionPort, UdpQuestion } from './udp-question.ts'
import type { EncodedQuery } from './wire/query-encoder.ts'
import { matchReply, type QueryMatch } from './wire/query-match.ts'

/** After so many questions a port is not used again: a guess at it then is worth nothing any more. */
export const QUERIES_PER_PORT = 64

export interface UdpPortOwner {
  /**
   * Something that is not `other` came for a question that is open; `present`: to its latest attempt. `bytes` are valid
   * only during the call. `qname` is the query's canonicalName.
   */
  replied(
    question: UdpQuestion,
    present: boolean,
    match: Exclude<QueryMatch, 'other'>,
    bytes: Uint8Array,
    qname: string | null,
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
  readonly #ids: number[] = []
  readonly #queries: EncodedQuery[] = []
  /** Null where the question is over. */
  readonly #questions: (UdpQuestion | null)[] = []
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
    while (this.#ids.includes(id)) id = random.uint16()
    return id
  }

  /** Sends the query, and waits for its reply on behalf of the question. */
  send(question: UdpQuestion, query: EncodedQuery, id: number): void {
    this.#ids.push(id)
    this.#queries.push(query)
    const slot = this.#questions.push(question) - 1
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
    const slot = bytes.length < 2 ? -1 : this.#ids.indexOf((bytes[0]! << 8) | bytes[1]!)
    const query = this.#queries[slot]
    const match = query === undefined ? 'other' : matchReply(query, bytes)
    if (query === undefined || match === 'other') return this.#owner.mismatched()
    const question = this.#questions[slot] ?? null
    if (question !== null) {
      const present = question.port === this && question.slot === slot
      this.#owner.replied(question, present, match, bytes, query.canonicalName)
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
