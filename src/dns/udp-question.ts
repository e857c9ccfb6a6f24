// One question on its way over UDP: which ports have sent it, what it is waiting for, and how it ends. Decides nothing:
// udp-exchange.ts drives it, and udp-port.ts finds it by the id of a reply.
import type { Question } from '../core/dns/record.ts'
import type { Exchanged, Inquiry } from './exchange.ts'
import type { Pending } from './pending.ts'
import { Timeout } from './timing-wheel.ts'
import type { QueryOptions } from './wire/query-encoder.ts'

/** Who is told what happens to a question. */
export interface UdpQuestionOwner {
  timedOut(question: UdpQuestion, nowMs: number): void
  /** Nobody wants it any more, and it was open. */
  abandoned(question: UdpQuestion, reason: unknown): void
}

/** Where a query waits for its reply. */
export interface QuestionPort {
  /** The question of the slot is over. */
  release(slot: number): void
}

/** One query that left. */
interface Sent {
  readonly port: QuestionPort
  readonly slot: number
}

export class UdpQuestion extends Timeout implements Pending {
  override readonly keepsAlive = true
  readonly owner: UdpQuestionOwner
  readonly question: Question
  readonly options: QueryOptions
  readonly inquiry: Inquiry
  /** False from the moment that its end is known. */
  open = true
  /** Index of the present attempt; -1 while it waits for its turn. */
  attempt = -1
  /** Where the present attempt waits; null between attempts and once UDP is over. */
  port: QuestionPort | null = null
  slot = 0
  /** The canonicalName of its queries. */
  canonicalName: string | null = null
  /** Where earlier attempts may still be answered; mostly there is none. */
  earlier: Sent[] | null = null
  /** What it ends as when no attempt is left; null is a time-out. */
  last: Exchanged | null = null
  /** How often the server refused our cookie. */
  badCookies = 0
  /** Errors that came without a question section. */
  bareErrors = 0
  /** A reply came that differs in the case of the name alone. */
  caseDiffered = false
  /** Has its place in flight. */
  launched = false
  /** Set while, and after, it is asked over TCP; aborted when it ends otherwise. */
  tcp: AbortController | null = null
  /** TCP still may bring a reply. */
  tcpRunning = false
  /** No attempt over UDP is left. */
  udpOver = false

  constructor(owner: UdpQuestionOwner, question: Question, options: QueryOptions, inquiry: Inquiry) {
    super()
    this.owner = owner
    this.question = question
    this.options = options
    this.inquiry = inquiry
  }

  override expired(nowMs: number): void {
    this.owner.timedOut(this, nowMs)
  }

  abandon(reason: unknown): void {
    if (this.open) this.owner.abandoned(this, reason)
  }

  /** The present attempt waits at `slot` of `port`; the one before may still be answered. */
  sentBy(port: QuestionPort, slot: number): void {
    if (this.port !== null) (this.earlier ??= []).push({ port: this.port, slot: this.slot })
    this.port = port
    this.slot = slot
  }

  /** Whether an attempt went out of this port. */
  used(port: QuestionPort): boolean {
    return this.port === port || (this.earlier?.some((sent) => sent.port === port) ?? false)
  }

  /** A port that is given up is not told any more. */
  forget(port: QuestionPort): void {
    if (this.port === port) this.port = null
    else this.earlier = this.earlier?.filter((sent) => sent.port !== port) ?? null
  }

  /** The present attempt is over. */
  releasePort(): void {
    const { port } = this
    this.port = null
    port?.release(this.slot)
  }

  /** No reply is wanted any more from any port. */
  releasePorts(): void {
    const { earlier } = this
    this.releasePort()
    this.earlier = null
    if (earlier !== null) for (const sent of earlier) sent.port.release(sent.slot)
  }
}
