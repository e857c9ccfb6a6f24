// Which servers said nothing lately, so that nobody waits for them each time. Some servers are silent to one type only, or
// to the names that they do not serve: only silence to two names of a type counts for all of them, and not even that where
// the server has answered somebody. Else lapsed zones, or one made for that, would silence a server for its other zones.
import type { Question } from '../../core/dns/record.ts'
import type { FailureKind } from '../../core/dns/reply.ts'
import type { DirectLimits } from './direct-limits.ts'
import { TtlCache } from './ttl-cache.ts'

/** How long an answer proves that a server is alive. Hand-set: the usual watch asks again before it is over; milliseconds. */
const HEARD_MS = 600_000

interface Silence {
  readonly failure: FailureKind
  /** Null: to whatever name. */
  readonly name: string | null
}

export class SilentServers {
  readonly #byAddressAndType: TtlCache<Silence>
  readonly #heard: TtlCache<true>
  readonly #silenceMs: number

  constructor(limits: Pick<DirectLimits, 'cacheEntries' | 'silenceMs'>) {
    this.#byAddressAndType = new TtlCache(limits.cacheEntries)
    this.#heard = new TtlCache(limits.cacheEntries)
    this.#silenceMs = limits.silenceMs
  }

  /** How the server failed lately for such a question; null when it may be asked. */
  failureOf(address: string, { type, name }: Question, nowMs: number): FailureKind | null {
    const silence = this.#byAddressAndType.get(`${address} ${type}`, nowMs)
    return silence !== undefined && (silence.name ?? name) === name ? silence.failure : null
  }

  /** Takes note of how a question ended; `failure` undefined for any reply. */
  ended(address: string, { type, name }: Question, failure: FailureKind | undefined, nowMs: number): void {
    const key = `${address} ${type}`
    if (failure !== 'timeout' && failure !== 'network') {
      this.#heard.set(address, true, nowMs + HEARD_MS, nowMs)
      return this.#byAddressAndType.delete(key)
    }
    const before = this.#byAddressAndType.get(key, nowMs)
    const isAlive = this.#heard.get(address, nowMs) !== undefined
    const isAnyName = !isAlive && before !== undefined && before.name !== name
    this.#byAddressAndType.set(
      key,
      { failure, name: isAnyName ? null : name },
      nowMs + this.#silenceMs,
      nowMs,
    )
  }
}
