// One way of looking: a source of replies with its rate, its jitter, its health and its counters. Knows nothing of targets
// and rounds; what it asks is opened in open-vantages.ts.
import type { Question } from '../core/dns/record.ts'
import type { Reply, Transport } from '../core/dns/reply.ts'
import { registrableDomain } from '../core/names/registrable-domain.ts'
import { boundedReply } from './bounded-reply.ts'
import { ClientSubnetWatch, type ClientSubnetUse } from './client-subnet-use.ts'
import { Jitter } from './jitter.ts'
import { NO_OPT_OUT, type OptOut } from './opt-out-list.ts'
import { RateLimiter } from './rate-limiter.ts'
import { failedReply } from './reply-of-message.ts'
import type { ReplySource } from './resolver.ts'
import type { VantageConfig } from './vantage-config.ts'
import { DEFAULT_DOWN_POLICY, signsOf, VantageHealth, type DownPolicy } from './vantage-health.ts'

/** For readiness and metrics. Counts are since the start. */
export interface VantageStatus {
  readonly id: string
  readonly protocol: VantageConfig['protocol']
  /** `ip:port`, the origin of a DoH service's URL, or the root hints of a `direct` vantage. */
  readonly server: string
  /** False while the vantage answers nothing at all; it is asked nevertheless, and one reply brings it back. */
  readonly up: boolean
  /** Questions sent; the throttled ones are not among them. */
  readonly asked: number
  /** Of these, the ones that any server replied to; SERVFAIL counts. */
  readonly answered: number
  /** Of these, the ones that brought time-outs and nothing else. */
  readonly timeouts: number
  /** Questions that our own rate would have made too late, and that were not sent. */
  readonly throttled: number
  /** Questions about names on the opt-out list; not sent. */
  readonly optedOut: number
  /** Replies that matched in all and came after their question was over. */
  readonly late: number
  /** Packets that were no reply to anything asked: garbled or forged. */
  readonly mismatched: number
  /** UDP replies with the TC bit, each asked again over TCP. */
  readonly truncated: number
  /** Attempts after the first. */
  readonly retried: number
  /** Questions that wait for a reply now. */
  readonly inFlight: number
  readonly clientSubnet: ClientSubnetUse
  /** Why the latest connection failed, in a sentence; null when none did, or the transport has no connections. */
  readonly lastError: string | null
}

/** What a vantage asks. Transports with connections also say why the latest one failed. */
export interface VantageSource extends ReplySource {
  readonly lastError?: string | null
}

export interface VantageOptions {
  readonly id: string
  readonly protocol: VantageConfig['protocol']
  /** As in the status. */
  readonly server: string
  /** Questions per second at most. */
  readonly qps: number
  /** Whether its questions carry a client subnet. @defaultValue false */
  readonly sendsClientSubnet?: boolean
  /** Each question is held back for a random time up to this; milliseconds. @defaultValue 0 */
  readonly jitterMs?: number
  /** A question that would wait longer for its turn fails as `throttled`; milliseconds. @defaultValue 15000, hand-set */
  readonly maxWaitMs?: number
  readonly downPolicy?: DownPolicy
  /** @defaultValue nobody has opted out */
  readonly optOut?: OptOut
}

const DEFAULT_MAX_WAIT_MS = 15_000

export class Vantage {
  readonly id: string
  readonly protocol: VantageConfig['protocol']
  readonly #server: string
  readonly #source: VantageSource
  readonly #optOut: OptOut
  readonly #jitter: Jitter | null
  readonly #limiter: RateLimiter
  readonly #health: VantageHealth
  readonly #subnet: ClientSubnetWatch
  readonly #counts = { asked: 0, answered: 0, timeouts: 0, throttled: 0, optedOut: 0 }

  /** `source` is closed with the vantage. */
  constructor(source: VantageSource, options: VantageOptions) {
    const { qps, maxWaitMs = DEFAULT_MAX_WAIT_MS, jitterMs = 0 } = options
    this.id = options.id
    this.protocol = options.protocol
    this.#server = options.server
    this.#source = source
    this.#optOut = options.optOut ?? NO_OPT_OUT
    this.#jitter = jitterMs > 0 ? new Jitter({ maxMs: jitterMs }) : null
    this.#limiter = new RateLimiter({ qps, maxWaitMs })
    this.#health = new VantageHealth(options.downPolicy ?? DEFAULT_DOWN_POLICY)
    this.#subnet = new ClientSubnetWatch(options.sendsClientSubnet ?? false)
  }

  /**
   * Waits for its turn, then asks. One reply, or from the `direct` vantage one an authority. Adds to what the source brings:
   * `opted_out` and `throttled` (nothing was sent), and `vantage_down` in place of `timeout` and `network` while the
   * vantage is down. Of a huge reply the first records are kept. Rejects as Resolver.ask does; while jitter holds it back, an aborted question does so when its time comes.
   */
  ask(question: Question, signal?: AbortSignal): Promise<readonly Reply[]> {
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error)
    if (this.#optOut.coversName(question.name)) return this.#optedOut()
    // No async functions here: a question passes for each name, vantage and round, and each await costs a turn.
    if (this.#jitter === null) return this.#takeTurn(question, signal)
    return this.#jitter.pass().then(() => this.#takeTurn(question, signal))
  }

  /**
   * Asks only if the rate has been idle, at once; null when it has not, and nothing was sent. For questions that must never
   * hold up those of a round.
   */
  askSpare(question: Question): Promise<readonly Reply[]> | null {
    if (this.#optOut.coversName(question.name)) return this.#optedOut()
    return this.#limiter.takeSpare() ? this.#send(question) : null
  }

  status(): VantageStatus {
    const { late, mismatched, truncated, retried } = this.#source.counters
    return {
      id: this.id,
      protocol: this.protocol,
      server: this.#server,
      up: this.#health.up,
      ...this.#counts,
      late,
      mismatched,
      truncated,
      retried,
      inFlight: this.#source.inFlight,
      clientSubnet: this.#subnet.use,
      lastError: this.#source.lastError ?? null,
    }
  }

  /** Releases the sockets; what is still asked, or waits for its turn, ends as `network`. */
  async close(): Promise<void> {
    await this.#source.close()
    this.#jitter?.lift()
    this.#limiter.lift()
  }

  #takeTurn(question: Question, signal?: AbortSignal): Promise<readonly Reply[]> {
    if (signal?.aborted !== true && this.#limiter.takeNow()) return this.#send(question, signal)
    return this.#limiter.take(signal).then((admitted) => {
      if (admitted) return this.#send(question, signal)
      this.#counts.throttled += 1
      return [this.#unsent('throttled')]
    })
  }

  #send(question: Question, signal?: AbortSignal): Promise<readonly Reply[]> {
    this.#counts.asked += 1
    const askedAtMs = performance.now()
    return this.#source.look(question, signal).then((replies) => this.#heard(question, replies, askedAtMs))
  }

  #heard(question: Question, replies: readonly Reply[], askedAtMs: number): readonly Reply[] {
    for (const reply of replies) {
      // Of the direct vantage a look is what counts: each authority's own rate has been charged with its retries, and a zone of
      // dead servers must not use up what others need.
      if (reply.attempts > 1 && this.protocol !== 'direct') this.#limiter.charge(reply.attempts - 1)
      this.#subnet.note(question, reply)
    }
    const signs = signsOf(replies)
    if (signs === 'spoke') {
      this.#counts.answered += 1
      this.#health.replied(performance.now())
      return replies.map(boundedReply)
    }
    if (signs === 'unasked') return replies
    if (replies.every(({ failure }) => failure === 'timeout')) this.#counts.timeouts += 1
    // A resolver is one server, and its silence is its own; to the direct vantage it may be one dead domain's.
    const about = this.protocol === 'direct' ? (registrableDomain(question.name) ?? question.name) : undefined
    this.#health.silent(askedAtMs, performance.now(), about)
    return this.#health.up ? replies : replies.map(asVantageDown)
  }

  #optedOut(): Promise<readonly Reply[]> {
    this.#counts.optedOut += 1
    return Promise.resolve([this.#unsent('opted_out')])
  }

  #unsent(failure: 'opted_out' | 'throttled'): Reply {
    return failedReply(failure, TRANSPORTS[this.protocol], { rttMs: 0, attempts: 0 })
  }
}

const TRANSPORTS: Readonly<Record<VantageConfig['protocol'], Transport>> = {
  udp: 'udp',
  tcp: 'tcp',
  dot: 'dot',
  doh: 'doh',
  direct: 'udp',
}

function asVantageDown(reply: Reply): Reply {
  const isSilence = reply.failure === 'timeout' || reply.failure === 'network'
  return isSilence ? { ...reply, failure: 'vantage_down' } : reply
}
