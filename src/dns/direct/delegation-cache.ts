// The delegations that walks have met, by zone. Bounded by number and by TTL.
import type { Delegation } from '../../core/dns/delegation.ts'
import { parentName } from '../../core/dns/name-tree.ts'
import type { DirectLimits } from './direct-limits.ts'
import { TtlCache } from './ttl-cache.ts'

/**
 * A larger delegation is not kept: forty name servers with two addresses each are smaller. A hostile zone makes as many cuts
 * as there are entries, each as large as a packet unfolds. Characters, hand-set.
 */
const LARGEST = 8192

export class DelegationCache {
  readonly #entries: TtlCache<Delegation>
  readonly #maxTtlSeconds: number

  constructor(limits: Pick<DirectLimits, 'cacheEntries' | 'maxTtlSeconds'>) {
    this.#entries = new TtlCache(limits.cacheEntries)
    this.#maxTtlSeconds = limits.maxTtlSeconds
  }

  get size(): number {
    return this.#entries.size
  }

  /** The deepest zone known that holds `name`; null when none is, not even the root. */
  closest(name: string, nowMs: number): Delegation | null {
    for (let zone = name; ; zone = parentName(zone)) {
      const delegation = this.#entries.get(zone, nowMs)
      if (delegation !== undefined) return delegation
      if (zone === '') return null
    }
  }

  /** Keeps a delegation until the first of its records ends. One without a TTL, or too large, is not kept. */
  keep(delegation: Delegation, nowMs: number): void {
    if (sizeOf(delegation) > LARGEST) return this.forget(delegation.zone)
    const ttls = delegation.nameServers.flatMap(({ ttlSeconds, glue }) => [
      ttlSeconds,
      ...glue.map((one) => one.ttlSeconds),
    ])
    const ttlSeconds = Math.min(this.#maxTtlSeconds, ...ttls)
    this.#entries.set(delegation.zone, delegation, nowMs + ttlSeconds * 1000, nowMs)
  }

  /** Forgets a zone whose servers were of no use. */
  forget(zone: string): void {
    this.#entries.delete(zone)
  }
}

function sizeOf({ nameServers }: Delegation): number {
  const texts = nameServers.flatMap(({ name, glue }) => [name, ...glue.map(({ address }) => address)])
  return texts.reduce((sum, text) => sum + text.length, 0)
}
