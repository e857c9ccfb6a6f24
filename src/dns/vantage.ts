// One way of looking: a resolver with its rate, its health and its counters. Knows nothing of targets and rounds.
import type { Question } from '../core/dns/record.ts'
import type { Reply } from '../core/dns/reply.ts'
import { RateLimiter } from './rate-limiter.ts'
import { failedReply } from './reply-of-message.ts'
import type { MeteredResolver } from './resolver.ts'
import { parseServerAddress, serverText } from './server-address.ts'
import { DEFAULT_TIMEOUTS_MS, StubResolver } from './stub-resolver.ts'
import { DEFAULT_QPS, type VantageConfig } from './vantage-config.ts'
import { DEFAULT_DOWN_POLICY, VantageHealth, type DownPolicy } from './vantage-health.ts'
import { parseClientSubnet } from './wire/client-subnet.ts'

/** For readiness and metrics. Counts are of questions (not packets) since the start, except `mismatched`. */
export interface VantageStatus {
  readonly id: string
  readonly protocol: VantageConfig['protocol']
  readonly server: string
  /** False while the vantage answers nothing at all; it is asked nevertheless, and one reply brings it back. */
  readonly up: boolean
  /** Sent to the server; the throttled ones are not among them. */
  readonly asked: number
  /** Any reply counts, SERVFAIL too. */
  readonly answered: number
  readonly timeouts: number
  /** Packets that were no reply to anything asked: late, garbled or forged. */
  readonly mismatched: number
  readonly throttled: number
}

export interface VantageOptions {
  /** A question that would wait longer for its turn fails as `throttled`; milliseconds. @defaultValue 15000, hand-set */
  readonly maxWaitMs?: number
  readonly downPolicy?: DownPolicy
}

const DEFAULT_MAX_WAIT_MS = 15_000

export class Vantage {
  readonly id: string
  readonly #protocol: VantageConfig['protocol']
  readonly #server: string
  readonly #resolver: MeteredResolver
  readonly #limiter: RateLimiter
  readonly #health: VantageHealth
  readonly #counts = { asked: 0, answered: 0, timeouts: 0, throttled: 0 }

  /** `config` has passed parseVantageConfigs; `resolver` asks what it describes, and is closed with the vantage. */
  constructor(config: VantageConfig, resolver: MeteredResolver, options: VantageOptions = {}) {
    const { maxWaitMs = DEFAULT_MAX_WAIT_MS, downPolicy = DEFAULT_DOWN_POLICY } = options
    this.id = config.id
    this.#protocol = config.protocol
    this.#server = config.server
    this.#resolver = resolver
    this.#limiter = new RateLimiter({ qps: config.qps ?? DEFAULT_QPS, maxWaitMs })
    this.#health = new VantageHealth(downPolicy)
  }

  /**
   * Waits for its turn, then asks. Adds two outcomes to the resolver's: `throttled` (not asked at all), and
   * `vantage_down` in place of `timeout` and `network` while the vantage is down. Rejects as Resolver.ask does.
   */
  async ask(question: Question, signal?: AbortSignal): Promise<Reply> {
    if (!(await this.#limiter.take(signal))) {
      this.#counts.throttled += 1
      return failedReply('throttled', this.#protocol, { rttMs: 0, attempts: 0 })
    }
    this.#counts.asked += 1
    const askedAtMs = performance.now()
    const reply = await this.#resolver.ask(question, signal)
    if (reply.attempts > 1) this.#limiter.charge(reply.attempts - 1)
    if (reply.failure !== 'timeout' && reply.failure !== 'network') {
      this.#counts.answered += 1
      this.#health.replied(performance.now())
      return reply
    }
    if (reply.failure === 'timeout') this.#counts.timeouts += 1
    this.#health.silent(askedAtMs, performance.now())
    return this.#health.up ? reply : { ...reply, failure: 'vantage_down' }
  }

  status(): VantageStatus {
    return {
      id: this.id,
      protocol: this.#protocol,
      server: this.#server,
      up: this.#health.up,
      ...this.#counts,
      mismatched: this.#resolver.mismatched,
    }
  }

  /** Releases the sockets; what is still asked, or waits for its turn, ends as `network`. */
  async close(): Promise<void> {
    await this.#resolver.close()
    this.#limiter.lift()
  }
}

/** Opens a vantage per entry, in order. Opens no socket yet: that happens with the first question. */
export function openVantages(configs: readonly VantageConfig[], options: VantageOptions = {}): Vantage[] {
  return configs.map((config) => {
    const server = parseServerAddress(config.server)
    if (typeof server === 'string') throw new Error(`vantage ${config.id}: ${server}`)
    const clientSubnet = config.ecs === undefined ? null : parseClientSubnet(config.ecs)
    const resolver = new StubResolver({
      server,
      protocol: config.protocol,
      timeoutsMs: timeoutsFrom(config.timeoutMs),
      ...(clientSubnet && { clientSubnet }),
    })
    return new Vantage({ ...config, server: serverText(server) }, resolver, options)
  })
}

/** The default ladder, stretched to the given first step. */
function timeoutsFrom(firstMs: number | undefined): readonly number[] {
  const stretch = (firstMs ?? DEFAULT_TIMEOUTS_MS[0]!) / DEFAULT_TIMEOUTS_MS[0]!
  return DEFAULT_TIMEOUTS_MS.map((timeoutMs) => Math.round(timeoutMs * stretch))
}
