// Every authority that is asked: opened when it is first needed, closed when it is not, each at its own rate. Decides
// whether a packet may be sent at all; what to ask of whom is the walk's business.
import type { Question } from '../../core/dns/record.ts'
import type { AuthorityServer, FailureKind, Reply } from '../../core/dns/reply.ts'
import { parseAddress, type Address } from '../../core/net/address.ts'
import { cidrContains, parseCidr } from '../../core/net/cidr.ts'
import { specialPurpose } from '../../core/net/special-purpose.ts'
import type { ExchangeCounters } from '../exchange.ts'
import { RateLimiter } from '../rate-limiter.ts'
import { failedReply } from '../reply-of-message.ts'
import type { MeteredResolver } from '../resolver.ts'
import type { ServerAddress } from '../server-address.ts'
import type { DirectLimits } from './direct-limits.ts'
import { HeardFamilies } from './heard-families.ts'
import { SharedAsks } from './shared-asks.ts'
import { SilentServers } from './silent-servers.ts'

export interface AuthoritiesOptions {
  /** A stub of one authority that asks without recursion; nothing is sent before its first question. */
  readonly openAuthority: (server: ServerAddress) => MeteredResolver
  /** Where authorities listen. */
  readonly port: number
  /** Questions per second to one address, and to all addresses of one name server together. */
  readonly qpsPerAuthority: number
  readonly qpsPerName: number
  /** Lets special-purpose addresses be asked (RFC 6890): for a lab only. */
  readonly allowSpecialPurpose: boolean
  /** False for an address that no packet may go to, or a name that nobody may be asked about: somebody asked us not to. */
  readonly mayAsk: (address: string, name: string) => boolean
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number
  readonly limits: Pick<DirectLimits, 'authorities' | 'maxWaitMs' | 'silenceMs' | 'cacheEntries'>
}

interface Authority {
  readonly resolver: MeteredResolver
  readonly limiter: RateLimiter
  asking: number
}

/** Source: iana.org/assignments/ipv6-address-space. */
const GLOBAL_UNICAST = parseCidr('2000::/3')!
const COUNTERS = ['late', 'mismatched', 'truncated', 'retried'] as const

export class Authorities {
  readonly #options: AuthoritiesOptions
  /** By address, least recently used first. */
  readonly #open = new Map<string, Authority>()
  /** Of name servers, by name, least recently used first. */
  readonly #nameLimiters = new Map<string, RateLimiter>()
  readonly #silent: SilentServers
  readonly #families = new HeardFamilies()
  readonly #shared = new SharedAsks()
  readonly #closed = { late: 0, mismatched: 0, truncated: 0, retried: 0 }
  readonly #closing = new Set<Promise<void>>()
  #isClosed = false

  constructor(options: AuthoritiesOptions) {
    this.#options = options
    this.#silent = new SilentServers(options.limits)
  }

  /** Since the start, of authorities that are closed again too. */
  get counters(): ExchangeCounters {
    const sums = { ...this.#closed }
    for (const { resolver } of this.#open.values()) add(sums, resolver.counters)
    return sums
  }

  /** Questions on their way, or waiting for their turn. */
  get inFlight(): number {
    return this.#shared.size
  }

  /** Authorities that are open at the moment. */
  get openCount(): number {
    return this.#open.size
  }

  /** Whether the server was silent lately, and would not be asked this now. */
  isSilent(address: string, question: Question): boolean {
    return this.#silent.failureOf(address, question, this.#options.now()) !== null
  }

  /**
   * Asks one authority, when it is its turn. Without a packet (`attempts` 0) it fails as `opted_out`, as `throttled`, as
   * it did lately when the server was silent, or as `network` after close(). Rejects as Resolver.ask does.
   */
  async ask(server: AuthorityServer, question: Question, signal: AbortSignal): Promise<Reply> {
    const { address } = server
    if (!this.#mayAsk(address, question.name)) return unsent('opted_out')
    if (this.#isClosed) return unsent('network')
    const silence = this.#silent.failureOf(address, question, this.#options.now())
    if (silence !== null) return unsent(silence)
    const key = `${address} ${question.type} ${question.name}`
    return this.#shared.ask(key, (shared) => this.#askInTurn(server, question, shared), signal)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const [address, authority] of this.#open) {
      this.#retire(address, authority)
      authority.limiter.lift()
    }
    for (const limiter of this.#nameLimiters.values()) limiter.lift()
    await Promise.all(this.#closing)
  }

  #mayAsk(address: string, name: string): boolean {
    const parsed = parseAddress(address)
    if (parsed === null) return false
    const isSpecial = specialPurpose(parsed)?.globallyReachable === false || isOutsideGlobalUnicast(parsed)
    return (this.#options.allowSpecialPurpose || !isSpecial) && this.#options.mayAsk(address, name)
  }

  async #askInTurn(server: AuthorityServer, question: Question, signal: AbortSignal): Promise<Reply> {
    const authority = this.#beginAsking(server.address)
    try {
      const limiters = [authority.limiter, ...this.#nameLimiter(server.name)]
      for (const limiter of limiters) if (!(await limiter.take(signal))) return unsent('throttled')
      const reply = await authority.resolver.ask(question, signal)
      if (reply.attempts > 1) for (const limiter of limiters) limiter.charge(reply.attempts - 1)
      return this.#isClosed ? reply : this.#judged(reply, server.address, question)
    } finally {
      authority.asking -= 1
    }
  }

  /** Remembers silence, and calls a failing socket silence where our own network is known to work. */
  #judged(reply: Reply, address: string, question: Question): Reply {
    const nowMs = this.#options.now()
    const isUnheard = reply.failure === 'timeout' || reply.failure === 'network'
    if (!isUnheard) this.#families.heard(address, nowMs)
    const isTheirs = reply.failure === 'network' && this.#families.isReached(address, nowMs)
    const judged: Reply = isTheirs ? { ...reply, failure: 'timeout' } : reply
    this.#silent.ended(address, question, judged.failure, nowMs)
    return judged
  }

  /** Counted as asked from here on: one that is about to be asked must not be the one that is retired for its sake. */
  #beginAsking(address: string): Authority {
    const known = this.#open.get(address)
    this.#open.delete(address)
    const { openAuthority, port, qpsPerAuthority, limits } = this.#options
    const authority = known ?? {
      resolver: openAuthority({ address, port }),
      limiter: new RateLimiter({ qps: qpsPerAuthority, maxWaitMs: limits.maxWaitMs }),
      asking: 0,
    }
    authority.asking += 1
    this.#open.set(address, authority)
    if (this.#open.size > limits.authorities) this.#retireOldest()
    return authority
  }

  /** Servers of the root hints have no name, and so no rate by name. */
  #nameLimiter(name: string): RateLimiter[] {
    if (name === '') return []
    const { qpsPerName, limits } = this.#options
    const limiter =
      this.#nameLimiters.get(name) ?? new RateLimiter({ qps: qpsPerName, maxWaitMs: limits.maxWaitMs })
    this.#nameLimiters.delete(name)
    this.#nameLimiters.set(name, limiter)
    if (this.#nameLimiters.size > limits.cacheEntries) {
      // What waits at a limiter that is let go still gets its turn.
      for (const oldest of this.#nameLimiters.keys()) {
        this.#nameLimiters.delete(oldest)
        break
      }
    }
    return [limiter]
  }

  /** Of the authorities that nobody asks anything at the moment; with none of those the limit is exceeded for a while. */
  #retireOldest(): void {
    for (const [address, authority] of this.#open) {
      if (authority.asking > 0) continue
      this.#retire(address, authority)
      return
    }
  }

  #retire(address: string, { resolver }: Authority): void {
    this.#open.delete(address)
    const closing = resolver.close().finally(() => {
      add(this.#closed, resolver.counters)
      this.#closing.delete(closing)
    })
    this.#closing.add(closing)
  }
}

/** A failure without a packet. */
export function unsent(failure: FailureKind): Reply {
  return failedReply(failure, 'udp', { rttMs: 0, attempts: 0 })
}

/**
 * IANA gives hosts their addresses out of 2000::/3 only. Outside of it lies the well-known NAT64 prefix too (RFC 6052),
 * which the registry calls globally reachable: there it is another name for an IPv4 address, past that one's rate and opt-out.
 */
function isOutsideGlobalUnicast(address: Address): boolean {
  return address.family === 6 && !cidrContains(GLOBAL_UNICAST, address)
}

function add(sums: Record<keyof ExchangeCounters, number>, counters: ExchangeCounters): void {
  for (const name of COUNTERS) sums[name] += counters[name]
}
