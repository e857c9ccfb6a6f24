// The machines of a network, for people to look at: each address once, with how many names it serves. Nothing is decided by it.
import type { AddressFacts } from '../model/address-facts.ts'
import type { NetworkMember } from '../model/network.ts'

export interface PooledAgent {
  readonly address: string
  /** Members that it serves, of those that were looked at. */
  readonly domains: number
  /** When it last served one of them; ms. */
  readonly last: number
}

/** Those that serve most names first, then the latest, then in order of the text. */
export function poolOfMembers(members: readonly Pick<NetworkMember, 'agents'>[]): readonly PooledAgent[] {
  const pool = new Map<string, { domains: number; last: number }>()
  for (const { agents } of members) {
    for (const { address, last } of agents) {
      const known = pool.get(address)
      if (known) {
        known.domains += 1
        known.last = Math.max(known.last, last)
      } else pool.set(address, { domains: 1, last })
    }
  }
  return [...pool]
    .map(([address, { domains, last }]) => ({ address, domains, last }))
    .toSorted((a, b) => b.domains - a.domains || b.last - a.last || (a.address < b.address ? -1 : 1))
}

export interface PoolShare<Key> {
  readonly key: Key
  readonly agents: number
}

/** How many of the agents each has, most first; null: those whose key is not known. */
export function sharesOf<Key extends string | number>(
  pool: readonly PooledAgent[],
  factsOf: (address: string) => AddressFacts,
  keyOf: (facts: AddressFacts) => Key | null,
): readonly PoolShare<Key | null>[] {
  const counts = new Map<Key | null, number>()
  for (const { address } of pool) {
    const key = keyOf(factsOf(address))
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return [...counts]
    .map(([key, agents]) => ({ key, agents }))
    .toSorted((a, b) => b.agents - a.agents || (String(a.key) < String(b.key) ? -1 : 1))
}
