// Where the two sides of the zone cut disagree. Only where the `direct` vantage asks both. Shown, not weighed: most
// disagreements are neglect.
import { estimateDistinct } from '../series/bottom-k.ts'
import type { DomainView } from './domain-view.ts'
import { UNMEASURED } from './feature-definition.ts'
import type { FeatureDefinition, Measured } from './feature-definition.ts'

/**
 * Names on one side of the zone cut only, by what each side said last. Unit: names. Undefined until both sides spoke.
 * Support: names on either side.
 */
export function measureDifference({ series }: DomainView): Measured {
  const { parent = null, child = null } = series.zone?.delegation ?? {}
  if (parent === null || child === null) return UNMEASURED
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
  if (parent === null) return UNMEASURED
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
  if (compared.length === 0) return UNMEASURED
  return { value: compared.filter((differs) => differs).length, support: compared.length }
}

function isIpv6(address: string): boolean {
  return address.includes(':')
}

const NEGLECT = 'Stale delegations of zones that nobody tends look the same.'

export const parentChild: readonly FeatureDefinition[] = [
  {
    id: 'parent_child_ns_difference',
    unit: 'names',
    meaning: 'Name servers that only the parent or only the zone itself lists, as of their latest answers.',
    direction: 'none',
    source: 'ours',
    blindSpot: NEGLECT,
    measure: measureDifference,
  },
  {
    id: 'glue_mismatches',
    unit: 'name servers',
    meaning:
      'Name servers whose glue has an address that no authority gave for the name itself; of those of which both are known.',
    direction: 'none',
    source: 'ours',
    blindSpot: NEGLECT,
    measure: measureGlueMismatches,
  },
  {
    id: 'lame_name_servers',
    unit: 'name servers',
    meaning:
      'Name servers that were listed for the zone and did not serve it; an estimate once there are many.',
    direction: 'none',
    source: 'RFC 9499, section 7 (lame delegation)',
    blindSpot: NEGLECT,
    measure: ({ series }) => {
      const seen = series.zone?.delegation ?? null
      return seen === null ? UNMEASURED : { value: estimateDistinct(seen.lame), support: seen.rounds }
    },
  },
]
