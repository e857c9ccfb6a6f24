// Asks over long-lived connections, TCP (RFC 7766) or TLS (RFC 7858): attempts and their time-outs, the limit of questions
// in flight, and what becomes of a question whose connection goes away. Which connection carries it is the pool's.
import type { Question } from '../core/dns/record.ts'
import type { Exchanged, ImmediateExchange, Inquiry, PacketTally } from './exchange.ts'
import { PromisedInquiry } from './promised-inquiry.ts'
import type { RandomOctets } from './random-octets.ts'
import type { StreamConnection } from './stream-connection.ts'
import type { StreamDialer } from './stream-dialer.ts'
import { StreamOptions } from './stream-options.ts'
import {
  DEFAULT_IDLE_MS,
  StreamPool,
  type LossKind,
  type StreamPoolEvents,
  type StreamStatus,
} from './stream-pool.ts'
import { StreamQuestion, type QuestionDriver } from './stream-question.ts'
import { SHARED_WHEEL, type TimingWheel } from './timing-wheel.ts'
import { WaitingLine } from './waiting-line.ts'
import { decodeMessage } from './wire/decoder.ts'
import { encodeQuery, type EncodedQuery, type QueryOptions } from './wire/query-encoder.ts'
import { headerRcode } from './wire/query-match.ts'

export interface StreamExchangeOptions {
  readonly transport: 'tcp' | 'dot'
  readonly dialer: StreamDialer
  /** One attempt per entry, in milliseconds, at least one. */
  readonly timeoutsMs: readonly number[]
  readonly random: RandomOctets
  /** Connections at most. @defaultValue 2 */
  readonly connections?: number
  /** Questions in flight at most; more wait for their turn, in order. @defaultValue 1000 */
  readonly maxInFlight?: number
  /** A connection without a question closes after so long, unless the server says otherwise. @defaultValue DEFAULT_IDLE_MS */
  readonly idleMs?: number
  /** @defaultValue SHARED_WHEEL */
  readonly wheel?: TimingWheel
}

const DEFAULT_CONNECTIONS = 2
const DEFAULT_MAX_IN_FLIGHT = 1000

/**
 * A question is asked again at no cost when the server closes a connection that it had answered on before, so often at
 * most: then it costs an attempt, since it may be the question that the server cannot bear. Hand-set.
 */
const MAX_REASKS = 10

export class StreamExchange implements ImmediateExchange, QuestionDriver, StreamPoolEvents {
  readonly counters = { late: 0, mismatched: 0, truncated: 0, retried: 0 }
  readonly #transport: 'tcp' | 'dot'
  readonly #timeoutsMs: readonly number[]
  readonly #maxInFlight: number
  readonly #wheel: TimingWheel
  readonly #pool: StreamPool
  readonly #options: StreamOptions
  readonly #line = new WaitingLine<StreamQuestion>()
  /** In flight, but no connection has room, or none can be opened yet. */
  readonly #stranded = new Set<StreamQuestion>()
  readonly #timeout: Exchanged
  readonly #network: Exchanged
  #inFlight = 0
  #closed = false

  constructor(options: StreamExchangeOptions) {
    const { transport, dialer, random, connections = DEFAULT_CONNECTIONS, idleMs = DEFAULT_IDLE_MS } = options
    this.#transport = transport
    this.#timeoutsMs = options.timeoutsMs
    this.#maxInFlight = options.maxInFlight ?? DEFAULT_MAX_IN_FLIGHT
    this.#pool = new StreamPool(dialer, random, connections, idleMs, this)
    this.#wheel = options.wheel ?? SHARED_WHEEL
    this.#options = new StreamOptions(transport)
    this.#timeout = { kind: 'timeout', transport }
    this.#network = { kind: 'network', transport }
  }

  get inFlight(): number {
    return this.#inFlight
  }

  get status(): StreamStatus {
    return this.#pool.status
  }

  start(question: Question, options: QueryOptions, inquiry: Inquiry): void {
    this.#begin(question, options, inquiry, this.#timeoutsMs, true)
  }

  /** One attempt, which a failing connection ends at once: for what was truncated over UDP. */
  async once(
    question: Question,
    options: QueryOptions,
    tally: PacketTally,
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<Exchanged> {
    signal?.throwIfAborted()
    return new Promise((resolve, reject) => {
      const inquiry = new PromisedInquiry(tally, resolve, reject, signal)
      this.#begin(question, options, inquiry, [timeoutMs], false)
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const question of this.#line.drain()) this.#settle(question, this.#network)
    for (const question of this.#stranded) this.#settle(question, this.#network)
    await this.#pool.close()
  }

  questionExpired(question: StreamQuestion, nowMs: number): void {
    const { carrier, connectFailed } = question
    question.last = carrier === null || (connectFailed && !carrier.ready) ? this.#network : this.#timeout
    carrier?.questionExpired(question)
    this.#nextAttempt(question, nowMs)
  }

  questionAbandoned(question: StreamQuestion, reason: unknown): void {
    if (this.#end(question)) question.inquiry.rejected(reason)
  }

  reply(connection: StreamConnection, question: StreamQuestion, bytes: Buffer): void {
    if (question.settled) {
      this.counters.late += 1
      return
    }
    // Whoever was promised a message reads it after this call, when the bytes are others.
    const lasting = question.patient ? bytes : Buffer.from(bytes)
    const decoded = decodeMessage(lasting, 0, question.query.canonicalName)
    if (!decoded.ok) {
      question.last = { kind: 'malformed', transport: this.#transport, rcode: headerRcode(bytes) }
      return this.#nextAttempt(question, performance.now())
    }
    const { message } = decoded
    const keepaliveMs = message.edns?.keepaliveMs ?? null
    if (keepaliveMs !== null) connection.keepIdle(keepaliveMs)
    this.#settle(question, { kind: 'message', transport: this.#transport, message })
  }

  stray(): void {
    this.counters.mismatched += 1
  }

  lost(open: readonly StreamQuestion[], kind: LossKind): void {
    for (const question of open) {
      if (this.#closed || (kind === 'unconnected' && !question.patient)) this.#settle(question, this.#network)
      else if (kind === 'unconnected') {
        question.connectFailed = true
        this.#place(question)
      } else if (kind === 'closed_in_use' && question.reasks < MAX_REASKS) {
        question.reasks += 1
        this.#place(question)
      } else {
        question.last = this.#network
        this.#nextAttempt(question, performance.now())
      }
    }
  }

  room(): void {
    for (const question of this.#stranded) {
      if (!this.#pool.carry(question)) return
      this.#stranded.delete(question)
    }
  }

  #begin(
    question: Question,
    options: QueryOptions,
    inquiry: Inquiry,
    timeoutsMs: readonly number[],
    patient: boolean,
  ): void {
    if (this.#closed) return inquiry.settled(this.#network)
    let query: EncodedQuery
    try {
      query = encodeQuery(question, 0, this.#options.of(options), null)
    } catch (error) {
      return inquiry.rejected(error)
    }
    const last = this.#network
    const begun = new StreamQuestion({ driver: this, query, inquiry, timeoutsMs, patient, last })
    inquiry.carrier = begun
    if (this.#inFlight < this.#limit) this.#start(begun)
    else this.#line.push(begun)
  }

  get #limit(): number {
    return Math.min(this.#maxInFlight, this.#pool.capacity)
  }

  #start(question: StreamQuestion): void {
    this.#inFlight += 1
    question.inFlight = true
    this.#wheel.start(question, performance.now() + (question.timeoutsMs[0] ?? 0))
    this.#place(question)
  }

  #place(question: StreamQuestion): void {
    if (!this.#pool.carry(question)) this.#stranded.add(question)
  }

  #nextAttempt(question: StreamQuestion, nowMs: number): void {
    question.attempt += 1
    const timeoutMs = question.timeoutsMs[question.attempt]
    if (timeoutMs === undefined) return this.#settle(question, question.last)
    this.counters.retried += 1
    this.#wheel.start(question, nowMs + timeoutMs)
    this.#place(question)
  }

  #settle(question: StreamQuestion, result: Exchanged): void {
    if (this.#end(question)) question.inquiry.settled(result)
  }

  /** False when it was over before. */
  #end(question: StreamQuestion): boolean {
    if (question.settled) return false
    question.settled = true
    this.#wheel.stop(question)
    question.releaseAll()
    if (this.#stranded.size > 0) this.#stranded.delete(question)
    if (question.inFlight) this.#inFlight -= 1
    while (this.#inFlight < this.#limit) {
      const next = this.#line.shift()
      if (next === undefined) break
      if (!next.settled) this.#start(next)
    }
    return true
  }
}
