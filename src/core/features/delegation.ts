// What the parent's authorities say of the zone beside what its own say. Only where the `direct` vantage asks them. The
// counts are shown, not weighed: glue counts as an address of its name server in the features that are weighed.
import type { FeatureDefinition, Measured } from './feature-definition.ts'
import type { DomainView } from './domain-view.ts'
import { estimateDistinct } from '../series/bottom-k.ts'
import type { DelegationSeries } from '../series/delegation-series.ts'

const UNSEEN: Measured = { value: null, support: 0 }

/** Undefined until the parent gave the NS set. Support: looks at the parent. */
function ofParent(measure: (delegation: DelegationSeries) => number): FeatureDefinition['measure'] {
  return ({ series }) => {
    const delegation = series.zone?.delegation ?? null
    if (delegation === null || delegation.parent === null) return UNSEEN
    return { value: measure(delegation), support: delegation.looks }
  }
}

/**
 * Names on one side of the zone cut only, by what each side said last. Unit: names. Undefined until both sides spoke.
 * Support: names on either side.
 */
export function measureDifference({ series }: DomainView): Measured {
  const { parent = null, child = null } = series.zone?.delegation ?? {}
  if (parent === null || child === null) return UNSEEN
  const all = new Set([...parent.names, ...child.names])
  const shared = parent.names.filter((name) => child.names.includes(name))
  return { value: all.size - shared.length, support: all.size }
}

/**
 * Name servers whose glue has an address that the child's side never gave. Compared with: the additional records of the
 * zone's own latest NS answers, and every address that authorities gave when asked for the name server by its name. What resolvers
 * say is left out, for they may have it from the glue.
 *
 * Unit: name servers. Support: name servers of which both sides are known; undefined without any.
 */
export function measureGlueMismatches({ series }: DomainView): Measured {
  const { parent = null, child = null, vantages = [] } = series.zone?.delegation ?? {}
  if (parent === null) return UNSEEN
  const compared = parent.hosts.flatMap(({ name, addresses }) => {
    const host = series.nameServers.find((one) => one.name === name)
    const asked =
      host?.addresses.entries.filter((seen) => seen.vantages.some((id) => vantages.includes(id))) ?? []
    const beside = child?.hosts.find((one) => one.name === name)?.addresses ?? []
    const own = new Set([...asked.map((seen) => seen.key), ...beside])
    // An address family that the child never gave is unknown, not different.
    const families = new Set([...own].map(isIpv6))
    const glue = addresses.filter((address) => families.has(isIpv6(address)))
    return glue.length === 0 ? [] : [glue.some((address) => !own.has(address))]
  })
  if (compared.length === 0) return UNSEEN
  return { value: compared.filter((differs) => differs).length, support: compared.length }
}

function isIpv6(address: string): boolean {
  return address.includes(':')
}

export const delegation: readonly FeatureDefinition[] = [
  {
    id: 'delegation_changes',
    unit: 'looks',
    meaning:
      'Looks in which the parent gave a name server, or an address for one, that it had not given at the look before.',
    measure: ofParent(({ changes }) => changes),
  },
  {
    id: 'delegation_changes_within_ttl',
    unit: 'looks',
    meaning: 'Of those, the looks that came while the referral before was still valid by its own TTL.',
    measure: ofParent(({ changesWithinTtl }) => changesWithinTtl),
  },
  {
    id: 'glue_changes',
    unit: 'looks',
    meaning:
      'Looks in which the parent gave a new address for a name server that it had given addresses for.',
    measure: ofParent(({ glueChanges }) => glueChanges),
  },
  {
    id: 'glue_addresses',
    unit: 'addresses',
    meaning: 'Distinct glue addresses at the parent, summed over the name servers (at most 13).',
    measure: ofParent(({ glue }) => glue.reduce((sum, host) => sum + estimateDistinct(host.addresses), 0)),
  },
  {
    id: 'parent_child_ns_difference',
    unit: 'names',
    meaning: 'Name servers that only the parent or only the zone itself lists, as of their latest answers.',
    measure: measureDifference,
  },
  {
    id: 'glue_mismatches',
    unit: 'name servers',
    meaning:
      'Name servers whose glue has an address that no authority gave for the name itself; of those of which both are known.',
    measure: measureGlueMismatches,
  },
  {
    id: 'lame_name_servers',
    unit: 'name servers',
    meaning: 'Name servers that were listed for the zone and did not serve it; an estimate from the 33rd on.',
    measure: ({ series }) => {
      const seen = series.zone?.delegation ?? null
      return seen === null ? UNSEEN : { value: estimateDistinct(seen.lame), support: seen.rounds }
    },
  },
]
