// Asks over UDP, as many questions at the same time as allowed, and decides what each reply means for its question. TCP takes
// over when a reply is truncated, and when a reply cannot be told from a forger's (another case of the name, no cookie):
// there the handshake is the proof. How attempts leave is udp-attempts.ts's business.
import type { Question } from '../core/dns/record.ts'
import type { ExchangeCounters, Exchanged, ImmediateExchange, Inquiry } from './exchange.ts'
import { PlacesInFlight } from './places-in-flight.ts'
import { ServerMemory } from './server-memory.ts'
import { UdpAttempts, type UdpAttemptsOptions, type UdpAttemptsOwner } from './udp-attempts.ts'
import type { UdpPort } from './udp-port.ts'
import { UdpQuestion, type UdpQuestionOwner } from './udp-question.ts'
import { UdpTakeover, type TakeoverOwner, type TcpFallback } from './udp-takeover.ts'
import { judgeBareError, judgeReply } from './udp-verdict.ts'
import type { QueryOptions } from './wire/query-encoder.ts'
import { headerRcode, type QueryMatch } from './wire/query-match.ts'
import { RCODE } from './wire/rcode.ts'

/** TCP is given as long as the last attempt. */
export interface UdpExchangeOptions extends UdpAttemptsOptions {
  /** Closed with the exchange. */
  readonly tcp: TcpFallback
  readonly maxInFlight: number
}

const TIMEOUT: Exchanged = { kind: 'timeout', transport: 'udp' }
const NETWORK: Exchanged = { kind: 'network', transport: 'udp' }

export class UdpExchange implements ImmediateExchange, UdpQuestionOwner, UdpAttemptsOwner, TakeoverOwner {
  readonly #tcp: TcpFallback
  readonly #memory = new ServerMemory(performance.now())
  readonly #attempts: UdpAttempts
  readonly #takeover: UdpTakeover
  readonly #places: PlacesInFlight<UdpQuestion>
  readonly #counts = { late: 0, mismatched: 0, truncated: 0 }
  #closed = false

  constructor({ tcp, maxInFlight, ...options }: UdpExchangeOptions) {
    this.#tcp = tcp
    this.#attempts = new UdpAttempts(options, this.#memory, this)
    this.#takeover = new UdpTakeover(tcp, options.timeoutsMs.at(-1) ?? 0, this.#memory, this)
    this.#places = new PlacesInFlight(maxInFlight, (question) => this.#launch(question))
  }

  get counters(): ExchangeCounters {
    const { late, mismatched, truncated } = this.#counts
    const tcp = this.#tcp.counters
    return {
      late: late + tcp.late,
      mismatched: mismatched + tcp.mismatched,
      truncated,
      retried: this.#attempts.retried + tcp.retried,
    }
  }

  get inFlight(): number {
    return this.#places.taken
  }

  start(question: Question, options: QueryOptions, inquiry: Inquiry): void {
    if (this.#closed) return inquiry.settled(NETWORK)
    const asked = new UdpQuestion(this, question, options, inquiry)
    inquiry.carrier = asked
    this.#places.enter(asked)
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const question of this.#places.close()) this.#settle(question, NETWORK)
    this.#attempts.close()
    for (const question of this.#takeover.questions) this.#settle(question, NETWORK)
    await this.#tcp.close()
  }

  timedOut(question: UdpQuestion, nowMs: number): void {
    this.#attempts.next(question, TIMEOUT, nowMs)
  }

  abandoned(question: UdpQuestion, reason: unknown): void {
    this.#end(question)
    question.inquiry.rejected(reason)
  }

  replied(
    question: UdpQuestion,
    present: boolean,
    match: Exclude<QueryMatch, 'other'>,
    bytes: Uint8Array,
  ): void {
    if (match === 'match') return this.#judge(question, present, bytes)
    if (match === 'bare_error') return this.#judgeBareError(question, present, bytes)
    question.caseDiffered = true
    this.#unproven(question)
  }

  late(): void {
    this.#counts.late += 1
  }

  mismatched(): void {
    this.#counts.mismatched += 1
  }

  idle(port: UdpPort): void {
    this.#attempts.idle(port)
  }

  /** A refusal reaches every question of the port, also those that it does not answer: so another port tries again. */
  lost(port: UdpPort, waiting: readonly UdpQuestion[]): void {
    this.#attempts.lost(port)
    for (const question of waiting) {
      if (this.#closed) this.#settle(question, NETWORK)
      else if (question.port === null) this.#attempts.next(question, NETWORK, performance.now())
    }
  }

  exhausted(question: UdpQuestion, last: Exchanged): void {
    question.udpOver = true
    if (!question.tcpRunning) this.#settle(question, last)
  }

  unwritable(question: UdpQuestion, error: unknown): void {
    this.#end(question)
    question.inquiry.rejected(error)
  }

  tcpBrought(question: UdpQuestion, exchanged: Exchanged): void {
    if (exchanged.kind === 'message') this.#settle(question, exchanged)
    else if (question.attempt === -1) {
      // It went to TCP from the start, for what was learned of the server once.
      this.#memory.forgetLoweredCase()
      question.udpOver = false
      this.#attempts.start(question, performance.now())
    } else if (question.udpOver) this.#settle(question, question.last ?? TIMEOUT)
  }

  tcpRejected(question: UdpQuestion, reason: unknown): void {
    this.#end(question)
    question.inquiry.rejected(reason)
  }

  #launch(question: UdpQuestion): void {
    const nowMs = performance.now()
    if (!this.#memory.lowersCase(nowMs)) return this.#attempts.start(question, nowMs)
    question.udpOver = true
    this.#takeover.ask(question)
  }

  /** `present`: the reply is to the latest attempt. */
  #judge(question: UdpQuestion, present: boolean, bytes: Uint8Array): void {
    const verdict = judgeReply(question, bytes, this.#memory)
    if (verdict === 'truncated') {
      this.#counts.truncated += 1
      this.#onlyOverTcp(question, headerRcode(bytes))
    } else if (verdict === 'unproven') this.#unproven(question)
    else if (verdict === 'bad_cookie') this.#askWithNewCookie(question, present)
    else if (verdict.kind === 'malformed') this.#reject(question, present, verdict)
    else this.#settle(question, verdict)
  }

  #judgeBareError(question: UdpQuestion, present: boolean, bytes: Uint8Array): void {
    // To an earlier attempt it says nothing new, and copies of one are no second proof.
    if (!present) return
    const judged = judgeBareError(question, bytes, this.#memory)
    if (judged === null) return this.mismatched()
    if (judged === 'unproven') return this.#unproven(question)
    question.bareErrors += 1
    if (judged.decides) this.#settle(question, judged.exchanged)
    else this.#reject(question, present, judged.exchanged)
  }

  /** What came is ours and cannot be used; its attempt is over. */
  #reject(question: UdpQuestion, present: boolean, last: Exchanged): void {
    if (!present) return
    question.releasePort()
    this.#attempts.next(question, last, performance.now())
  }

  /** RFC 7873, section 5.3: once more with the cookie that came with the refusal, then over TCP. */
  #askWithNewCookie(question: UdpQuestion, present: boolean): void {
    if (!present) return
    question.badCookies += 1
    if (question.badCookies > 1) return this.#onlyOverTcp(question, RCODE.badcookie)
    question.releasePort()
    this.#attempts.start(question, performance.now())
  }

  /** The reply cannot be used over UDP at all. */
  #onlyOverTcp(question: UdpQuestion, rcode: number): void {
    this.#attempts.stop(question)
    question.udpOver = true
    question.last = { kind: 'tcp_failed', transport: 'tcp', rcode }
    if (!question.tcpRunning) this.#takeover.ask(question)
  }

  /** It may be a forger's: TCP shall tell, once per question. Over UDP it is still waited for, and asked. */
  #unproven(question: UdpQuestion): void {
    this.#counts.mismatched += 1
    if (question.tcp === null) this.#takeover.ask(question)
  }

  #settle(question: UdpQuestion, exchanged: Exchanged): void {
    if (!question.open) return
    this.#end(question)
    question.inquiry.settled(exchanged)
  }

  /** Gives back all that the question holds, and its place to the next one. */
  #end(question: UdpQuestion): void {
    question.open = false
    this.#attempts.stop(question)
    if (question.tcpRunning) this.#takeover.drop(question)
    this.#places.leave(question)
  }
}
