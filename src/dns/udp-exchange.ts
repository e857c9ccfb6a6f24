// Asks over UDP: attempts, each with a new id and from a new port, as many at the same time as allowed. TCP takes over when
// a reply is truncated, and when a reply cannot be told from a forger's (another case of the name, no cookie): there the
// handshake is the proof.
import type { Question } from '../core/dns/record.ts'
import type { DatagramPorts } from './datagram-port.ts'
import type { ExchangeCounters, Exchanged, ImmediateExchange, Inquiry } from './exchange.ts'
import type { RandomOctets } from './random-octets.ts'
import { ServerMemory } from './server-memory.ts'
import type { ServerAddress } from './server-address.ts'
import type { TimingWheel } from './timing-wheel.ts'
import type { UdpPort, UdpPortOwner } from './udp-port.ts'
import { UdpPortPool } from './udp-port-pool.ts'
import { UdpQuestion, type UdpQuestionOwner } from './udp-question.ts'
import { UdpTakeover, type TakeoverOwner, type TcpFallback } from './udp-takeover.ts'
import { judgeBareError, judgeReply } from './udp-verdict.ts'
import { WaitingLine } from './waiting-line.ts'
import { encodeQuery, type EncodedQuery, type QueryOptions } from './wire/query-encoder.ts'
import { headerRcode, type QueryMatch } from './wire/query-match.ts'
import { RCODE } from './wire/rcode.ts'

export interface UdpExchangeOptions {
  readonly server: ServerAddress
  /** One attempt per time-out, in order; TCP is given as long as the last of them. */
  readonly timeoutsMs: readonly number[]
  readonly random: RandomOctets
  /** Closed with the exchange. */
  readonly tcp: TcpFallback
  /** Not closed with the exchange; its ports are. */
  readonly ports: DatagramPorts
  readonly wheel: TimingWheel
  readonly maxInFlight: number
}

/** Unpredictable octets for the case of a name: a bit for each of its octets on the wire, two more than in its text. */
function caseOctets(name: string): number {
  return (name.length + 2 + 7) >> 3
}

const TIMEOUT: Exchanged = { kind: 'timeout', transport: 'udp' }
const NETWORK: Exchanged = { kind: 'network', transport: 'udp' }

export class UdpExchange implements ImmediateExchange, UdpQuestionOwner, UdpPortOwner, TakeoverOwner {
  readonly #timeoutsMs: readonly number[]
  readonly #random: RandomOctets
  readonly #tcp: TcpFallback
  readonly #wheel: TimingWheel
  readonly #pool: UdpPortPool
  readonly #maxInFlight: number
  readonly #memory = new ServerMemory()
  /** Questions that wait for a place in flight, first come first served. */
  readonly #line = new WaitingLine<UdpQuestion>()
  readonly #takeover: UdpTakeover
  readonly #counts = { late: 0, mismatched: 0, truncated: 0, retried: 0 }
  #inFlight = 0
  #refilling = false
  #closed = false

  constructor({ server, timeoutsMs, random, tcp, ports, wheel, maxInFlight }: UdpExchangeOptions) {
    this.#timeoutsMs = timeoutsMs
    this.#random = random
    this.#tcp = tcp
    this.#wheel = wheel
    this.#maxInFlight = maxInFlight
    this.#pool = new UdpPortPool(server, ports, random, wheel, this)
    this.#takeover = new UdpTakeover(tcp, timeoutsMs.at(-1) ?? 0, this.#memory, this)
  }

  get counters(): ExchangeCounters {
    const { late, mismatched, truncated, retried } = this.#counts
    const tcp = this.#tcp.counters
    return {
      late: late + tcp.late,
      mismatched: mismatched + tcp.mismatched,
      truncated,
      retried: retried + tcp.retried,
    }
  }

  get inFlight(): number {
    return this.#inFlight
  }

  start(question: Question, options: QueryOptions, inquiry: Inquiry, signal?: AbortSignal): void {
    if (signal?.aborted) return inquiry.rejected(signal.reason)
    if (this.#closed) return inquiry.settled(NETWORK)
    const asked = new UdpQuestion(this, question, options, inquiry, signal)
    signal?.addEventListener('abort', asked)
    if (this.#inFlight < this.#maxInFlight) this.#launch(asked)
    else this.#line.push(asked)
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const question of this.#line.drain()) this.#settle(question, NETWORK)
    this.#pool.close()
    for (const question of this.#takeover.questions) this.#settle(question, NETWORK)
    await this.#tcp.close()
  }

  timedOut(question: UdpQuestion, nowMs: number): void {
    this.#advance(question, TIMEOUT, nowMs)
  }

  aborted(question: UdpQuestion): void {
    this.#end(question)
    question.inquiry.rejected(question.signal?.reason)
  }

  replied(
    question: UdpQuestion,
    present: boolean,
    match: Exclude<QueryMatch, 'other'>,
    bytes: Uint8Array,
    qname: string | null,
  ): void {
    if (match === 'match') return this.#judge(question, present, bytes, qname)
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
    if (port.retired) this.#pool.idle(port, performance.now())
  }

  /** A refusal reaches every question of the port, also those that it does not answer: so another port tries again. */
  lost(port: UdpPort, waiting: readonly UdpQuestion[]): void {
    this.#pool.lost(port)
    for (const question of waiting) {
      if (this.#closed) this.#settle(question, NETWORK)
      else if (question.port === null) this.#advance(question, NETWORK, performance.now())
    }
  }

  tcpBrought(question: UdpQuestion, exchanged: Exchanged): void {
    if (exchanged.kind === 'message') this.#settle(question, exchanged)
    else if (question.attempt === -1) {
      // It went to TCP from the start, for what was learned of the server once.
      this.#memory.forgetLoweredCase()
      question.udpOver = false
      this.#attempt(question, performance.now())
    } else if (question.udpOver) this.#settle(question, question.last ?? TIMEOUT)
  }

  tcpRejected(question: UdpQuestion, reason: unknown): void {
    this.#end(question)
    question.inquiry.rejected(reason)
  }

  #launch(question: UdpQuestion): void {
    question.launched = true
    this.#inFlight += 1
    const nowMs = performance.now()
    if (!this.#memory.lowersCase(nowMs)) return this.#attempt(question, nowMs)
    question.udpOver = true
    this.#takeover.ask(question)
  }

  /** Sends once more, from a new port with a new id. */
  #attempt(question: UdpQuestion, nowMs: number): void {
    question.attempt += 1
    if (question.attempt > 0) this.#counts.retried += 1
    const port = this.#pool.take(question, nowMs)
    const id = port.freshId(this.#random)
    const options = this.#memory.withCookie(question.options)
    const caseAt = this.#random.reserve(caseOctets(question.question.name))
    let query: EncodedQuery
    try {
      query = encodeQuery(question.question, id, options, this.#random.block, caseAt)
    } catch (error) {
      this.#end(question)
      return question.inquiry.rejected(error)
    }
    const timeoutMs = this.#timeoutsMs[question.attempt] ?? this.#timeoutsMs.at(-1)!
    this.#wheel.start(question, nowMs + timeoutMs)
    question.inquiry.sent(nowMs)
    port.send(question, query, id)
    this.#pool.used(port)
  }

  /** The present attempt is over and `last` came of it: the next one, or the end. */
  #advance(question: UdpQuestion, last: Exchanged, nowMs: number): void {
    question.last = last
    if (question.attempt + 1 < this.#timeoutsMs.length) return this.#attempt(question, nowMs)
    question.udpOver = true
    this.#wheel.stop(question)
    if (!question.tcpRunning) this.#settle(question, last)
  }

  /** `present`: the reply is to the latest attempt. */
  #judge(question: UdpQuestion, present: boolean, bytes: Uint8Array, qname: string | null): void {
    const verdict = judgeReply(question, bytes, qname, this.#memory)
    if (verdict === 'truncated') {
      this.#counts.truncated += 1
      this.#onlyOverTcp(question, headerRcode(bytes))
    } else if (verdict === 'unproven') this.#unproven(question)
    else if (verdict === 'bad_cookie') this.#askWithNewCookie(question, present)
    else if (verdict.kind === 'malformed') this.#reject(question, present, verdict)
    else this.#settle(question, verdict)
  }

  #judgeBareError(question: UdpQuestion, present: boolean, bytes: Uint8Array): void {
    const judged = judgeBareError(question, bytes)
    if (judged === null) return this.mismatched()
    question.bareErrors += 1
    if (judged.decides) this.#settle(question, judged.exchanged)
    else this.#reject(question, present, judged.exchanged)
  }

  /** What came is ours and cannot be used; its attempt is over. */
  #reject(question: UdpQuestion, present: boolean, last: Exchanged): void {
    if (!present) return
    question.releasePort()
    this.#advance(question, last, performance.now())
  }

  /** RFC 7873, section 5.3: once more with the cookie that came with the refusal, then over TCP. */
  #askWithNewCookie(question: UdpQuestion, present: boolean): void {
    if (!present) return
    question.badCookies += 1
    if (question.badCookies > 1) return this.#onlyOverTcp(question, RCODE.badcookie)
    question.releasePort()
    this.#attempt(question, performance.now())
  }

  /** The reply cannot be used over UDP at all. */
  #onlyOverTcp(question: UdpQuestion, rcode: number): void {
    this.#wheel.stop(question)
    question.releasePorts()
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
    this.#wheel.stop(question)
    question.releasePorts()
    question.signal?.removeEventListener('abort', question)
    if (question.tcpRunning) this.#takeover.drop(question)
    if (!question.launched) return
    this.#inFlight -= 1
    this.#refill()
  }

  /** A loop and no recursion: where ports fail as they open, each question that is launched ends within the launch. */
  #refill(): void {
    if (this.#refilling) return
    this.#refilling = true
    while (!this.#closed && this.#inFlight < this.#maxInFlight) {
      const next = this.#line.shift()
      if (next === undefined) break
      // An aborted one stays in line until here.
      if (next.open) this.#launch(next)
    }
    this.#refilling = false
  }
}
