// One way of looking: a source of replies with its rate, its jitter, its health and its counters. Knows nothing of targets
// and rounds; what it asks is opened in open-vantages.ts.
import type { Question } from '../core/dns/record.ts'
import type { Reply, Transport } from '../core/dns/reply.ts'
import { registrableDomain } from '../core/names/registrable-domain.ts'
import { boundedReplies } from './bounded-reply.ts'
import { ClientSubnetWatch, type ClientSubnetUse } from './client-subnet-use.ts'
import { Jitter } from './jitter.ts'
import { NO_OPT_OUT, type OptOut } from './opt-out-list.ts'
import { RateLimiter } from './rate-limiter.ts'
import { failedReply } from './reply-of-message.ts'
import { promisedReplies } from './promised-replies.ts'
import { PromisedSource } from './promised-source.ts'
import type { Pending, ReplyListener } from './pending.ts'
import type { ImmediateSource, ReplySource } from './resolver.ts'
import { realTime, type TimeSource } from './time-source.ts'
import type { VantageConfig } from './vantage-config.ts'
import { DEFAULT_DOWN_POLICY, signsOf, VantageHealth, type DownPolicy } from './vantage-health.ts'
import { VantageQuestion, type VantageQuestionOwner } from './vantage-question.ts'

/** For readiness and metrics. Counts are since the start. */
export interface VantageStatus {
  readonly id: string
  readonly protocol: VantageConfig['protocol']
  /** `ip:port`, the origin of a DoH service's URL, or the root hints of a `direct` vantage. */
  readonly server: string
  /** False while the vantage answers nothing at all; one question at a time is sent to it, and one reply brings it back. */
  readonly up: boolean
  /** Questions sent; those that are counted below as not sent are not among them. */
  readonly asked: number
  /** Of these, the ones that any server replied to; SERVFAIL counts. */
  readonly answered: number
  /** Of these, the ones that brought time-outs and nothing else. */
  readonly timeouts: number
  /** Questions that our own rate would have made too late, and that were not sent. */
  readonly throttled: number
  /** Questions about names on the opt-out list; not sent. */
  readonly optedOut: number
  /** Questions that came while the vantage was down; not sent. */
  readonly unsentWhileDown: number
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
  /** @defaultValue realTime */
  readonly time?: TimeSource
}

const DEFAULT_MAX_WAIT_MS = 15_000

export class Vantage implements VantageQuestionOwner {
  readonly id: string
  readonly protocol: VantageConfig['protocol']
  readonly #server: string
  readonly #source: ImmediateSource
  readonly #optOut: OptOut
  readonly #jitter: Jitter | null
  readonly #limiter: RateLimiter
  readonly #health: VantageHealth
  readonly #time: TimeSource
  readonly #subnet: ClientSubnetWatch
  readonly #counts = { asked: 0, answered: 0, timeouts: 0, throttled: 0, optedOut: 0, unsentWhileDown: 0 }
  /** The question that finds out whether a vantage that is down is back. */
  #probe: VantageQuestion | null = null
  #isClosed = false

  /** `source` is closed with the vantage. */
  constructor(source: ReplySource | ImmediateSource, options: VantageOptions) {
    const { qps, maxWaitMs = DEFAULT_MAX_WAIT_MS, jitterMs = 0, time = realTime } = options
    this.id = options.id
    this.protocol = options.protocol
    this.#server = options.server
    this.#source = 'start' in source ? source : new PromisedSource(source)
    this.#optOut = options.optOut ?? NO_OPT_OUT
    this.#time = time
    this.#jitter = jitterMs > 0 ? new Jitter({ maxMs: jitterMs, time }) : null
    this.#limiter = new RateLimiter({ qps, maxWaitMs, time })
    this.#health = new VantageHealth(options.downPolicy ?? DEFAULT_DOWN_POLICY)
    this.#subnet = new ClientSubnetWatch(options.sendsClientSubnet ?? false)
  }

  /**
   * Waits for its turn, then asks. One reply, or from the `direct` vantage one an authority. Adds to what the source brings:
   * `opted_out` and `throttled` (nothing was sent), and `vantage_down` while the vantage is down: in place of `timeout` and
   * `network`, and of a resolver at once, with nothing sent, for all but one question at a time. Of a huge reply the first
   * records are kept. Rejects as Resolver.ask does. `urgent` questions have their turn before the others.
   */
  ask(question: Question, signal?: AbortSignal, urgent = false): Promise<readonly Reply[]> {
    return promisedReplies((listener) => this.start(question, listener, urgent), signal)
  }

  /** As `ask`, for a listener: a question passes for each name, vantage and round, and promises would be most of its cost. */
  start(question: Question, listener: ReplyListener, urgent = false): Pending {
    const asked = new VantageQuestion(this, question, listener, urgent)
    if (this.#optOut.coversName(question.name)) this.#optedOut(asked)
    else if (!this.#maySend(asked)) this.#unsentWhileDown(asked)
    else if (this.#jitter === null) this.released(asked)
    else this.#jitter.hold(asked)
    return asked
  }

  /**
   * Asks only if the rate has been idle, at once; null when it has not, or the vantage is down, and nothing was sent. For
   * questions that must never hold up those of a round.
   */
  askSpare(question: Question): Promise<readonly Reply[]> | null {
    const isOptedOut = this.#optOut.coversName(question.name)
    if (!isOptedOut && !(this.#health.up && this.#limiter.takeSpare())) return null
    return promisedReplies((listener) => {
      const asked = new VantageQuestion(this, question, listener, false)
      if (isOptedOut) this.#optedOut(asked)
      else this.admitted(asked)
      return asked
    }, undefined)
  }

  /** How long a question that comes now waits for its turn, jitter aside; milliseconds, 0 when it has one at once. */
  backlogMs(): number {
    return this.#limiter.backlogMs()
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
    this.#isClosed = true
    await this.#source.close()
    this.#jitter?.lift()
    this.#limiter.lift()
  }

  released(asked: VantageQuestion): void {
    if (!this.#maySend(asked)) this.#unsentWhileDown(asked)
    else if (this.#limiter.takeNow()) this.admitted(asked)
    else if (!this.#limiter.wait(asked)) {
      this.#counts.throttled += 1
      asked.end([this.#unsent('throttled')])
    }
  }

  admitted(asked: VantageQuestion): void {
    // It may have gone down while this one was in the line.
    if (!this.#maySend(asked)) return this.#unsentWhileDown(asked)
    this.#counts.asked += 1
    asked.askedAtMs = this.#limiter.lookedAtMs
    asked.onItsWay = this.#source.start(asked.question, asked)
  }

  heard(asked: VantageQuestion, replies: readonly Reply[]): void {
    for (const reply of replies) {
      // Of the direct vantage a look is what counts: each authority's own rate has been charged with its retries, and a zone of
      // dead servers must not use up what others need.
      if (reply.attempts > 1 && this.protocol !== 'direct') this.#limiter.charge(reply.attempts - 1)
      this.#subnet.note(asked.question, reply)
    }
    const signs = signsOf(replies)
    if (signs === 'spoke') {
      this.#counts.answered += 1
      this.#health.replied(this.#time.now())
      asked.end(boundedReplies(replies))
    } else if (signs === 'silent') asked.end(this.#silence(asked, replies))
    else asked.end(replies)
  }

  abandoned(asked: VantageQuestion): void {
    this.#limiter.leave(asked)
  }

  /**
   * False while the vantage is down, but for one question at a time, which is its probe from then on. The `direct` vantage asks
   * on: those that were silent need not be those that are asked next.
   */
  #maySend(asked: VantageQuestion): boolean {
    if (this.#health.up || this.protocol === 'direct' || this.#isClosed) return true
    if (this.#probe === asked) return true
    const isProbed = this.#probe !== null && !this.#probe.isOver
    if (isProbed || !this.#health.isProbeDue(this.#time.now())) return false
    this.#probe = asked
    return true
  }

  #silence({ question, askedAtMs }: VantageQuestion, replies: readonly Reply[]): readonly Reply[] {
    if (replies.every(({ failure }) => failure === 'timeout')) this.#counts.timeouts += 1
    // A resolver is one server, and its silence is its own; to the direct vantage it may be one dead domain's.
    const about = this.protocol === 'direct' ? (registrableDomain(question.name) ?? question.name) : undefined
    this.#health.silent(askedAtMs, this.#time.now(), about)
    return this.#health.up ? replies : replies.map(asVantageDown)
  }

  #optedOut(asked: VantageQuestion): void {
    this.#counts.optedOut += 1
    asked.end([this.#unsent('opted_out')])
  }

  #unsentWhileDown(asked: VantageQuestion): void {
    this.#counts.unsentWhileDown += 1
    asked.end([this.#unsent('vantage_down')])
  }

  #unsent(failure: 'opted_out' | 'throttled' | 'vantage_down'): Reply {
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
