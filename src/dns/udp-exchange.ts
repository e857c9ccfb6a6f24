// Asks over UDP: attempts, each with a new id and from a new port, as many at the same time as allowed. TCP takes over when
// a reply is truncated, and when a reply cannot be told from a forger's (another case of the name, no cookie): there the
// handshake is the proof.
import type { Question } from '../core/dns/record.ts'
import type { DatagramPorts } from './datagram-port.ts'
import type {
  Exchange,
  ExchangeCounters,
  Exchanged,
  ImmediateExchange,
  Inquiry,
  PacketTally,
} from './exchange.ts'
import type { RandomOctets } from './random-octets.ts'
import { ServerMemory } from './server-memory.ts'
import type { ServerAddress } from './server-address.ts'
import type { TimingWheel } from './timing-wheel.ts'
import type { UdpPort, UdpPortOwner } from './udp-port.ts'
import { UdpPortPool } from './udp-port-pool.ts'
import { UdpQuestion, type UdpQuestionOwner } from './udp-question.ts'
import { WaitingLine } from './waiting-line.ts'
import { decodeMessage } from './wire/decoder.ts'
import { MAX_NAME_OCTETS } from './wire/name-decoder.ts'
import { encodeQuery, type EncodedQuery, type QueryOptions } from './wire/query-encoder.ts'
import { headerRcode, isTruncated, type QueryMatch } from './wire/query-match.ts'
import { RCODE } from './wire/rcode.ts'

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

/** Unpredictable octets that the case of the longest name needs. */
const CASE_OCTETS = Math.ceil(MAX_NAME_OCTETS / 8)

const TIMEOUT: Exchanged = { kind: 'timeout', transport: 'udp' }
const NETWORK: Exchanged = { kind: 'network', transport: 'udp' }

export class UdpExchange implements ImmediateExchange, UdpQuestionOwner, UdpPortOwner {
  readonly #timeoutsMs: readonly number[]
  readonly #random: RandomOctets
  readonly #tcp: TcpFallback
  readonly #wheel: TimingWheel
  readonly #pool: UdpPortPool
  readonly #maxInFlight: number
  readonly #memory = new ServerMemory()
  /** Questions that wait for a place in flight, first come first served. */
  readonly #line = new WaitingLine<UdpQuestion>()
  readonly #overTcp = new Set<UdpQuestion>()
  readonly #counts = { late: 0, mismatched: 0, truncated: 0, retried: 0 }
  #inFlight = 0
  #closed = false

  constructor({ server, timeoutsMs, random, tcp, ports, wheel, maxInFlight }: UdpExchangeOptions) {
    this.#timeoutsMs = timeoutsMs
    this.#random = random
    this.#tcp = tcp
    this.#wheel = wheel
    this.#maxInFlight = maxInFlight
    this.#pool = new UdpPortPool(server, ports, random, wheel, this)
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
    for (const question of this.#overTcp) this.#settle(question, NETWORK)
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
    this.#counts.mismatched += 1
    question.caseDiffered = true
    this.#alsoOverTcp(question)
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

  #launch(question: UdpQuestion): void {
    question.launched = true
    this.#inFlight += 1
    const nowMs = performance.now()
    if (!this.#memory.lowersCase(nowMs)) return this.#attempt(question, nowMs)
    question.udpOver = true
    this.#askTcp(question)
  }

  /** Sends once more, from a new port with a new id. */
  #attempt(question: UdpQuestion, nowMs: number): void {
    question.attempt += 1
    if (question.attempt > 0) this.#counts.retried += 1
    const port = this.#pool.take(question, nowMs)
    const id = port.freshId(this.#random)
    const options = this.#memory.withCookie(question.options)
    const caseAt = this.#random.reserve(CASE_OCTETS)
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
    if (isTruncated(bytes)) {
      this.#counts.truncated += 1
      return this.#onlyOverTcp(question, headerRcode(bytes))
    }
    const decoded = decodeMessage(bytes, 0, qname)
    if (!decoded.ok) {
      const malformed: Exchanged = { kind: 'malformed', transport: 'udp', rcode: headerRcode(bytes) }
      return this.#reject(question, present, malformed)
    }
    const { message } = decoded
    if (question.options.edns !== null) {
      if (this.#memory.judgeCookie(message.edns) === 'unproven') {
        this.#counts.mismatched += 1
        return this.#alsoOverTcp(question)
      }
      if (message.rcode === RCODE.badcookie) return this.#askWithNewCookie(question, present)
    }
    this.#settle(question, { kind: 'message', transport: 'udp', message })
  }

  /**
   * A forger needs to know neither name nor case for such an error. So it settles a question at once only where the worst
   * is that the question is asked again without EDNS; otherwise it must come twice, from two ports with two ids.
   */
  #judgeBareError(question: UdpQuestion, present: boolean, bytes: Uint8Array): void {
    // The message may have to outlive the attempt that brought it.
    const decoded = decodeMessage(bytes.slice())
    if (!decoded.ok) return this.mismatched()
    const { message } = decoded
    const exchanged: Exchanged = { kind: 'message', transport: 'udp', message }
    const dislikesEdns = message.rcode === RCODE.formerr || message.rcode === RCODE.notimp
    question.bareErrors += 1
    if ((dislikesEdns && question.options.edns !== null) || question.bareErrors > 1)
      return this.#settle(question, exchanged)
    this.#reject(question, present, exchanged)
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
    if (!question.tcpRunning) this.#askTcp(question)
  }

  /** Once per question; over UDP it is still waited for, and asked. */
  #alsoOverTcp(question: UdpQuestion): void {
    if (question.tcp === null) this.#askTcp(question)
  }

  #askTcp(question: UdpQuestion): void {
    const tcp = new AbortController()
    question.tcp = tcp
    question.tcpRunning = true
    this.#overTcp.add(question)
    const options = this.#memory.withCookie(question.options)
    const timeoutMs = this.#timeoutsMs.at(-1)!
    void this.#tcp.once(question.question, options, question.inquiry, timeoutMs, tcp.signal).then(
      (exchanged) => this.#tcpEnded(question, exchanged),
      (error: unknown) => {
        if (!question.open) return
        this.#end(question)
        question.inquiry.rejected(error)
      },
    )
  }

  #tcpEnded(question: UdpQuestion, exchanged: Exchanged): void {
    if (!question.open) return
    question.tcpRunning = false
    this.#overTcp.delete(question)
    if (exchanged.kind === 'message') {
      if (question.caseDiffered) this.#memory.rememberLoweredCase(performance.now())
      this.#memory.judgeProvenCookie(exchanged.message.edns)
      this.#settle(question, exchanged)
    } else if (question.attempt === -1) {
      // It went to TCP from the start, for what was learned of the server once.
      this.#memory.forgetLoweredCase()
      question.udpOver = false
      this.#attempt(question, performance.now())
    } else if (question.udpOver) this.#settle(question, question.last ?? TIMEOUT)
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
    if (question.tcpRunning) {
      this.#overTcp.delete(question)
      question.tcp?.abort()
    }
    if (!question.launched) return
    this.#inFlight -= 1
    if (this.#closed || this.#inFlight >= this.#maxInFlight) return
    let next = this.#line.shift()
    // An aborted one stays in line until here.
    while (next?.open === false) next = this.#line.shift()
    if (next !== undefined) this.#launch(next)
  }
}
