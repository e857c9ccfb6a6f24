// Questions of the UDP engine that TCP has taken over, wholly or beside UDP: one attempt each, ended when the question ends.
import type { Question } from '../core/dns/record.ts'
import type { Exchange, Exchanged, PacketTally } from './exchange.ts'
import type { ServerMemory } from './server-memory.ts'
import type { UdpQuestion } from './udp-question.ts'
import type { QueryOptions } from './wire/query-encoder.ts'

/** What UDP needs of TCP: one attempt. Counters and `inFlight` are those of these attempts. */
export interface TcpFallback extends Pick<Exchange, 'counters' | 'inFlight' | 'close'> {
  once(
    question: Question,
    options: QueryOptions,
    tally: PacketTally,
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<Exchanged>
}

export interface TakeoverOwner {
  /** Only for questions that are open still. */
  tcpBrought(question: UdpQuestion, exchanged: Exchanged): void
  tcpRejected(question: UdpQuestion, reason: unknown): void
}

export class UdpTakeover {
  readonly #tcp: TcpFallback
  readonly #timeoutMs: number
  readonly #memory: ServerMemory
  readonly #owner: TakeoverOwner
  readonly #questions = new Set<UdpQuestion>()

  constructor(tcp: TcpFallback, timeoutMs: number, memory: ServerMemory, owner: TakeoverOwner) {
    this.#tcp = tcp
    this.#timeoutMs = timeoutMs
    this.#memory = memory
    this.#owner = owner
  }

  /** Those that TCP still may answer. */
  get questions(): Iterable<UdpQuestion> {
    return this.#questions
  }

  ask(question: UdpQuestion): void {
    const abort = new AbortController()
    question.tcp = abort
    question.tcpRunning = true
    this.#questions.add(question)
    const options = this.#memory.withCookie(question.options, performance.now())
    void this.#tcp.once(question.question, options, question.inquiry, this.#timeoutMs, abort.signal).then(
      (exchanged) => this.#ended(question, exchanged),
      (reason: unknown) => {
        if (question.open) this.#owner.tcpRejected(question, reason)
      },
    )
  }

  /** The question is over: what TCP would bring is not wanted any more. */
  drop(question: UdpQuestion): void {
    if (this.#questions.delete(question)) question.tcp?.abort()
  }

  #ended(question: UdpQuestion, exchanged: Exchanged): void {
    if (!question.open) return
    question.tcpRunning = false
    this.#questions.delete(question)
    if (exchanged.kind === 'message') {
      if (question.caseDiffered) this.#memory.rememberLoweredCase(performance.now())
      // What was asked without EDNS brings no cookie from anybody.
      if (question.options.edns !== null) this.#memory.judgeProvenCookie(exchanged.message.edns)
    }
    this.#owner.tcpBrought(question, exchanged)
  }
}
