// One question on its way over streams: what it needs to be asked again, and where it is registered. It decides nothing;
// StreamExchange drives it, StreamConnection finds it by its id.
import type { Exchanged, Inquiry } from './exchange.ts'
import type { Pending } from './pending.ts'
import { Timeout } from './timing-wheel.ts'
import type { EncodedQuery } from './wire/query-encoder.ts'

/** What a question must know of the connection that carries it. */
export interface QuestionCarrier {
  /** The question is over, or was taken elsewhere: one registration fewer to wait for. */
  release(): void
  /** Whether it is connected. */
  readonly ready: boolean
  /** No reply came in time to what it was handed last. */
  questionExpired(question: StreamQuestion): void
}

/** Whoever drives a question: told when its time is over, or nobody wants it any more. */
export interface QuestionDriver {
  questionExpired(question: StreamQuestion, nowMs: number): void
  questionAbandoned(question: StreamQuestion, reason: unknown): void
}

/** What is known of a question when it is asked. */
export interface StreamQuestionOptions {
  readonly driver: QuestionDriver
  readonly query: EncodedQuery
  readonly inquiry: Inquiry
  /** One attempt per entry; milliseconds. */
  readonly timeoutsMs: readonly number[]
  /** False: a failing connection decides at once, instead of being waited for. */
  readonly patient: boolean
  /** What it ends as when no attempt is left and nothing better is known. */
  readonly last: Exchanged
}

export class StreamQuestion extends Timeout implements Pending {
  readonly keepsAlive = true
  readonly driver: QuestionDriver
  readonly query: EncodedQuery
  readonly inquiry: Inquiry
  readonly timeoutsMs: readonly number[]
  readonly patient: boolean
  /** Whether it counts as in flight; false while it waits for its turn. */
  inFlight = false
  /** Index of the attempt. */
  attempt = 0
  /** How often it was asked again at no cost, because its connection went away. */
  reasks = 0
  /** A connection that it waited for has failed. */
  connectFailed = false
  /** What it ends as when no attempt is left. */
  last: Exchanged
  settled = false
  /** The connection that carries the present attempt; null while none does. */
  carrier: QuestionCarrier | null = null
  /** Replies that the carrier had brought when this attempt was handed to it: no more since, and it is suspect. */
  repliesBefore = 0
  /** Connections of earlier attempts that may still answer; mostly there is none. */
  #earlier: QuestionCarrier[] | null = null

  constructor(options: StreamQuestionOptions) {
    super()
    this.driver = options.driver
    this.query = options.query
    this.inquiry = options.inquiry
    this.timeoutsMs = options.timeoutsMs
    this.patient = options.patient
    this.last = options.last
  }

  override expired(nowMs: number): void {
    this.driver.questionExpired(this, nowMs)
  }

  abandon(reason: unknown): void {
    this.driver.questionAbandoned(this, reason)
  }

  /** From now on `carrier` has the question; the one before may still answer it. */
  carryBy(carrier: QuestionCarrier, replies: number): void {
    if (this.carrier !== null) (this.#earlier ??= []).push(this.carrier)
    this.carrier = carrier
    this.repliesBefore = replies
  }

  /** Drops every registration with a carrier, without telling it. True when it carried the present attempt. */
  leave(carrier: QuestionCarrier): boolean {
    if (this.#earlier !== null) this.#earlier = this.#earlier.filter((one) => one !== carrier)
    if (this.carrier !== carrier) return false
    this.carrier = null
    return true
  }

  /** Ends all registrations; each carrier is told. */
  releaseAll(): void {
    const { carrier } = this
    this.carrier = null
    carrier?.release()
    if (this.#earlier === null) return
    const earlier = this.#earlier
    this.#earlier = null
    for (const one of earlier) one.release()
  }
}
