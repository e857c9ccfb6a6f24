// Which new group goes on as which network, when a part of the graph was grouped anew: ids stay with what is left of a network. The
// largest part keeps the id on a split; the older network, then the larger one, goes on after a merge.
import type { GraphMember } from './graph-member.ts'
import type { KeptNetwork } from './kept-network.ts'

export interface Heir {
  readonly members: readonly GraphMember[]
  /** The network that the group goes on as; null: it is a new one. */
  readonly network: KeptNetwork | null
  /** Others that have their largest part in it, half of them or more: they end in it. */
  readonly absorbed: readonly KeptNetwork[]
  /** For a new one: where most of its members were, when that goes on elsewhere. */
  readonly splitFrom: KeptNetwork | null
}

/** `groups`: of two members or more. In the order of their first members, each group sorted by domain. */
export function successionOf(groups: readonly (readonly GraphMember[])[]): readonly Heir[] {
  const sorted = groups
    .map((group) => group.toSorted((a, b) => (a.domain < b.domain ? -1 : 1)))
    .toSorted((a, b) => (a[0]!.domain < b[0]!.domain ? -1 : 1))
  const largest = new Map<KeptNetwork, { group: number; count: number }>()
  const parts = sorted.map((members, group) => {
    const counted = new Map<KeptNetwork, number>()
    for (const { network } of members)
      if (network !== null) counted.set(network, (counted.get(network) ?? 0) + 1)
    for (const [network, count] of counted) {
      if (count > (largest.get(network)?.count ?? 0)) largest.set(network, { group, count })
    }
    return counted
  })
  return sorted.map((members, group) => {
    const claims = [...largest]
      .filter(([, { group: where }]) => where === group)
      .map(([network]) => network)
      .toSorted(byAge)
    const [network = null, ...others] = claims
    const absorbed = others.filter((other) => parts[group]!.get(other)! * 2 >= other.members.size)
    const origin = [...parts[group]!].toSorted((a, b) => b[1] - a[1] || byAge(a[0], b[0]))[0]?.[0] ?? null
    return { members, network, absorbed, splitFrom: network === null ? origin : null }
  })
}

function byAge(a: KeptNetwork, b: KeptNetwork): number {
  return a.formedAt - b.formedAt || b.members.size - a.members.size || (a.id < b.id ? -1 : 1)
}
