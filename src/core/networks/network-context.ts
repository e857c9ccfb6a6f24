// What an assessment may know of the network that a name fits: only what others brought. What is concluded from it is its business;
// a name's own agents never speak for it here.
import { addressesOf, linksAt, type GraphMember } from './graph-member.ts'
import type { GraphMembers } from './graph-members.ts'
import type { KeptNetwork } from './kept-network.ts'

export interface NetworkContext {
  readonly network: string
  /** Names of it that stand alone, other than this one. */
  readonly domains: number
  /** Distinct agents that those have. */
  readonly agents: number
  /** How many of the addresses given are among them, and which share of the addresses given that is; 0…1. */
  readonly shared: number
  readonly containment: number
}

/**
 * The network that `member` is in; for a name that is in none the one that has most of the addresses (then the one with the smaller
 * id). Null when nobody else has any of them.
 */
export function contextIn(
  member: GraphMember | null,
  addresses: readonly string[],
  members: GraphMembers,
): NetworkContext | null {
  const { links } = members
  const given = new Set(addresses)
  const shared = new Map<KeptNetwork, number>()
  for (const text of given) {
    const address = links.find(text)
    if (address === 0) continue
    const here = new Set<KeptNetwork>()
    for (const link of linksAt(links, address)) {
      const other = members.at(links.memberOf(link))
      if (other !== member && other.network !== null) here.add(other.network)
    }
    for (const network of here) shared.set(network, (shared.get(network) ?? 0) + 1)
  }
  const network =
    member?.network ??
    [...shared].toSorted(([a, x], [b, y]) => y - x || (a.id < b.id ? -1 : 1))[0]?.[0] ??
    null
  if (network === null) return null
  const others = [...network.members].filter((number) => number !== member?.number)
  const pool = new Set(others.flatMap((number) => addressesOf(links, number)))
  const inCommon = shared.get(network) ?? 0
  return {
    network: network.id,
    domains: others.length,
    agents: pool.size,
    shared: inCommon,
    containment: given.size === 0 ? 0 : inCommon / given.size,
  }
}
