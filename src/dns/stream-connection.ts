// One TCP or TLS connection with many questions on it (RFC 7766, sections 6.2.1 and 7): gives ids, writes what one turn
// of the event loop brings in one piece, and pairs what comes back in any order. It decides nothing about retries.
import type { Socket } from 'node:net'
import type { RandomOctets } from './random-octets.ts'
import type { StreamDialer } from './stream-dialer.ts'
import type { QuestionCarrier, StreamQuestion } from './stream-question.ts'
import { StreamQuestionTable } from './stream-question-table.ts'
import { FrameBatch, FrameReader } from './tcp-framing.ts'
import { QUESTION_START } from './wire/query-encoder.ts'
import { matchReply } from './wire/query-match.ts'

/**
 * Questions on one connection at most: a quarter of all ids, so that a free one is soon found.
 * An id stays taken until its reply has come, also when nobody waits for it any more (RFC 7766, section 6.2.1).
 */
export const MAX_QUESTIONS_PER_CONNECTION = 16_384

/** Messages in a row that reply to nothing: then the stream is not understood any more. Hand-set. */
const MAX_STRAYS = 16

/** A server's word about idle connections is believed up to here; milliseconds. Hand-set. */
const LONGEST_IDLE_MS = 120_000

export interface StreamConnectionEvents {
  /** A reply to the question, by id and by what was asked; the rest is not looked at. `bytes` is valid only during the call. */
  reply(connection: StreamConnection, question: StreamQuestion, bytes: Buffer): void
  /** A message that replies to nothing that was asked here. */
  stray(): void
  /** It ended. `open`: the questions whose present attempt it carried. `error` is null when the peer just closed it. */
  ended(connection: StreamConnection, open: readonly StreamQuestion[], error: Error | null): void
}

/** Why a connection is given up by us. */
export class GarbledStream extends Error {
  override readonly name = 'GarbledStream'
}

export class StreamConnection implements QuestionCarrier {
  readonly socket: Socket
  readonly #events: StreamConnectionEvents
  readonly #random: RandomOctets
  readonly #questions = new StreamQuestionTable()
  readonly #frames = new FrameBatch()
  /** Those whose frames have not left yet. */
  #unsent: StreamQuestion[] = []
  #flushing = false
  #strays = 0
  #error: Error | null = null
  #idleMs: number
  #idleTimer: NodeJS.Timeout | null = null
  #idleSinceMs = 0
  /** Questions that wait for a reply from here. */
  open = 0
  /** Questions that were ever handed over. */
  carried = 0
  /** Replies that came for them. */
  answered = 0
  /** Whether it is connected (and the certificate right). */
  ready = false
  /** Takes nothing new; closes when nothing is waited for. */
  retired = false

  /** `idleMs`: closes after so long without a question, unless the server says otherwise. */
  constructor(dialer: StreamDialer, idleMs: number, random: RandomOctets, events: StreamConnectionEvents) {
    const reader = new FrameReader((bytes) => this.#receive(bytes))
    const socket = dialer.dial((chunk) => reader.push(chunk))
    this.socket = socket
    this.#idleMs = idleMs
    this.#random = random
    this.#events = events
    socket.once(dialer.readyEvent, () => {
      this.ready = true
      this.#flush()
    })
    socket.on('drain', () => this.#flush())
    socket.on('error', (error) => {
      this.#error ??= error
    })
    socket.once('close', () => this.#end())
    socket.unref()
  }

  /** Takes one question; it leaves with all others of this turn. */
  ask(question: StreamQuestion): void {
    const id = this.#questions.add(question, this.#random)
    const { bytes } = question.query
    bytes[0] = id >> 8
    bytes[1] = id & 0xff
    question.carryBy(this, this.answered)
    this.carried += 1
    this.open += 1
    // Not of a socket that is gone: each call would leave a listener behind.
    if (this.open === 1 && !this.socket.destroyed) this.socket.ref()
    this.#frames.add(bytes)
    this.#unsent.push(question)
    if (this.#flushing || !this.ready) return
    this.#flushing = true
    setImmediate(this.#flush)
  }

  /** Whether it may take another question. */
  get usable(): boolean {
    return !this.retired && !this.socket.destroyed && this.#questions.size < MAX_QUESTIONS_PER_CONNECTION
  }

  /** Takes nothing new from now on, and closes once nothing is waited for. */
  retire(): void {
    this.retired = true
    if (this.open === 0) this.#hangUp()
  }

  /** What the server says of idle connections (RFC 7828, section 3.3.2); 0: close as soon as nothing is waited for. */
  keepIdle(milliseconds: number): void {
    if (milliseconds === 0) return this.retire()
    const idleMs = Math.min(milliseconds, LONGEST_IDLE_MS)
    if (idleMs === this.#idleMs) return
    this.#idleMs = idleMs
    this.#stopIdling()
  }

  release(): void {
    this.open -= 1
    if (this.open > 0 || this.socket.destroyed) return
    this.socket.unref()
    if (!this.usable) return this.#hangUp()
    this.#idleSinceMs = performance.now()
    this.#idleTimer ??= setTimeout(this.#idle, this.#idleMs).unref()
  }

  questionExpired(question: StreamQuestion): void {
    // Not a single reply since it was handed over: the peer may be gone without a word, so nothing new comes here.
    if (this.answered === question.repliesBefore) this.retire()
  }

  /** Ends at once, whatever is open. */
  destroy(error?: Error): void {
    this.retired = true
    this.#error ??= error ?? null
    this.socket.destroy()
  }

  readonly #flush = (): void => {
    this.#flushing = false
    if (!this.ready || this.#unsent.length === 0 || this.socket.destroyed || this.socket.writableNeedDrain)
      return
    const unsent = this.#unsent
    this.#unsent = []
    const nowMs = performance.now()
    for (const question of unsent) question.inquiry.sent(nowMs)
    this.socket.write(this.#frames.take())
  }

  /** The timer runs on while questions come and go, so that they cost none; here it finds out whether there were any. */
  readonly #idle = (): void => {
    this.#idleTimer = null
    if (this.open > 0) return
    const leftMs = this.#idleSinceMs + this.#idleMs - performance.now()
    if (leftMs < 1) this.retire()
    else this.#idleTimer = setTimeout(this.#idle, leftMs).unref()
  }

  #stopIdling(): void {
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer)
    this.#idleTimer = null
  }

  #hangUp(): void {
    this.retired = true
    // A farewell that a peer which reads no more would never get is not waited for.
    if (this.ready && this.socket.writableLength === 0) this.socket.destroySoon()
    else this.socket.destroy()
  }

  #end(): void {
    this.retired = true
    this.#stopIdling()
    const open = this.#questions.drain().filter((question) => question.leave(this))
    this.#unsent = []
    this.#events.ended(this, open, this.#error)
  }

  #receive(bytes: Buffer): void {
    if (this.socket.destroyed) return
    // Whoever sends less than a header, or a query, does not speak DNS (or lied about a length): nothing behind it counts.
    if (bytes.length < QUESTION_START || bytes[2]! < 0x80)
      return this.destroy(new GarbledStream('the server sent what is no DNS reply'))
    const id = (bytes[0]! << 8) | bytes[1]!
    const question = this.#questions.get(id)
    if (question === null) return this.#stray()
    // A question that was asked twice has the id of its latest attempt in its octets; the table has found the id already.
    const asked = question.query.bytes
    asked[0] = bytes[0]!
    asked[1] = bytes[1]!
    if (matchReply(question.query, bytes) === 'other') return this.#stray()
    this.#questions.delete(id)
    this.#strays = 0
    this.answered += 1
    this.#events.reply(this, question, bytes)
  }

  #stray(): void {
    this.#events.stray()
    this.#strays += 1
    if (this.#strays >= MAX_STRAYS)
      this.destroy(new GarbledStream('the server sent replies to nothing that was asked'))
  }
}
