// Which servers said nothing lately, so that nobody waits for them each time. Some servers are silent to one type only, or
// to one name: only silence to two names of a type counts for all of them.
import type { Question } from '../../core/dns/record.ts'
import type { FailureKind } from '../../core/dns/reply.ts'
import type { DirectLimits } from './direct-limits.ts'
import { TtlCache } from './ttl-cache.ts'

interface Silence {
  readonly failure: FailureKind
  /** Null: to whatever name. */
  readonly name: string | null
}

export class SilentServers {
  readonly #byAddressAndType: TtlCache<Silence>
  readonly #silenceMs: number

  constructor(limits: Pick<DirectLimits, 'cacheEntries' | 'silenceMs'>) {
    this.#byAddressAndType = new TtlCache(limits.cacheEntries)
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
    if (failure !== 'timeout' && failure !== 'network') return this.#byAddressAndType.delete(key)
    const before = this.#byAddressAndType.get(key, nowMs)
    const isAnyName = before !== undefined && before.name !== name
    this.#byAddressAndType.set(
      key,
      { failure, name: isAnyName ? null : name },
      nowMs + this.#silenceMs,
      nowMs,
    )
  }
}
