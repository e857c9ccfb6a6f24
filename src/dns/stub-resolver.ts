// A stub: one server, asked over one transport. Falls back to no EDNS; leaves rates to the vantage, and retries to the
// exchange.
import type { Question } from '../core/dns/record.ts'
import type { Reply } from '../core/dns/reply.ts'
import type { DatagramPorts } from './datagram-port.ts'
import type { ExchangeCounters, ImmediateExchange } from './exchange.ts'
import { EdnsHabit } from './edns-habit.ts'
import { openExchange, type ExchangeTarget } from './open-exchange.ts'
import { PlainPorts } from './plain-ports.ts'
import { SHARED_RANDOM } from './random-octets.ts'
import { promisedReplies } from './promised-replies.ts'
import type { Pending, ReplyListener } from './pending.ts'
import type { ImmediateSource, MeteredResolver } from './resolver.ts'
import { StubInquiry } from './stub-inquiry.ts'
import { SHARED_WHEEL } from './timing-wheel.ts'
import type { ClientSubnet } from './wire/client-subnet.ts'

/** How long each attempt waits; milliseconds. Hand-set: a public resolver that must recurse answers within 1 s mostly. */
export const DEFAULT_TIMEOUTS_MS: readonly number[] = [1500, 2000, 3000]

/** Questions that may wait for a reply at the same time. Hand-set. */
export const DEFAULT_MAX_IN_FLIGHT = 1000

/** Where and how the server is asked, and what goes for all transports. */
export type StubResolverOptions = ExchangeTarget & StubOptions

export interface StubOptions {
  /** Sent with every question as EDNS client subnet. */
  readonly clientSubnet?: ClientSubnet
  /** One attempt per entry, in milliseconds, at least one. @defaultValue DEFAULT_TIMEOUTS_MS */
  readonly timeoutsMs?: readonly number[]
  /** The RD bit: false when the server is an authority. @defaultValue true */
  readonly recursionDesired?: boolean
  /** The system's side of the UDP engine, not closed with the resolver. @defaultValue a plain one of its own */
  readonly ports?: DatagramPorts
  /**
   * Questions that may wait for a reply at the same time (over DoH never more than MAX_STREAMS); more wait for their turn, in
   * order. @defaultValue DEFAULT_MAX_IN_FLIGHT
   */
  readonly maxInFlight?: number
}

export class StubResolver implements MeteredResolver, ImmediateSource {
  readonly #exchange: ImmediateExchange
  readonly #lastError: () => string | null
  readonly #habit: EdnsHabit

  /** Throws for a DoH URL that cannot be asked. */
  constructor(options: StubResolverOptions) {
    const { clientSubnet, recursionDesired = true } = options
    const { timeoutsMs = DEFAULT_TIMEOUTS_MS, maxInFlight = DEFAULT_MAX_IN_FLIGHT } = options
    if (timeoutsMs.length === 0) throw new RangeError('expected at least one time-out')
    const { exchange, lastError } = openExchange(options, {
      timeoutsMs,
      maxInFlight,
      random: SHARED_RANDOM,
      ports: options.ports ?? new PlainPorts(),
      wheel: SHARED_WHEEL,
    })
    this.#exchange = exchange
    this.#lastError = lastError
    this.#habit = new EdnsHabit(recursionDesired, clientSubnet)
  }

  get counters(): ExchangeCounters {
    return this.#exchange.counters
  }

  get inFlight(): number {
    return this.#exchange.inFlight
  }

  /** A sentence about why a connection last failed; null when none did. */
  get lastError(): string | null {
    return this.#lastError()
  }

  /** As ask; exactly one reply. */
  start(question: Question, listener: ReplyListener): Pending {
    const inquiry = new StubInquiry(this.#exchange, this.#habit, question, listener)
    inquiry.ask()
    return inquiry
  }

  ask(question: Question, signal?: AbortSignal): Promise<Reply> {
    if (signal !== undefined)
      return promisedReplies((listener) => this.start(question, listener), signal).then(([reply]) => reply!)
    return new Promise((resolve, reject) => {
      this.start(question, new FirstReply(resolve, reject))
    })
  }

  async close(): Promise<void> {
    await this.#exchange.close()
  }
}

/** Keeps the promise of the one reply. */
class FirstReply implements ReplyListener {
  readonly #resolve: (reply: Reply) => void
  readonly rejected: (reason: unknown) => void

  constructor(resolve: (reply: Reply) => void, reject: (reason: unknown) => void) {
    this.#resolve = resolve
    this.rejected = reject
  }

  answered(replies: readonly Reply[]): void {
    this.#resolve(replies[0]!)
  }
}
