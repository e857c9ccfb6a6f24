// In which network of flagged names a domain's machines are: how many others stand in it on their own. Known only where networks
// are kept; who belongs to one is decided in networks/.
import type { FlaggedAgents } from '../model/address-facts.ts'
import { zoneOf } from '../schedule/zone-of.ts'
import { UNMEASURED } from './feature-definition.ts'
import type { FeatureDefinition, Measured } from './feature-definition.ts'

/**
 * Registrable domains, other than the domain's own, whose verdicts stand alone in the network that shares most of the addresses.
 * Unit: domains. Support: the addresses that are shared with it. 0 where no address leads to a network; undefined where nobody keeps
 * networks, or no address could be looked up.
 *
 * Of two networks that share as many addresses the larger one, then the first by id.
 *
 * Source and blind spot: below.
 */
export function measureFlaggedNetwork(
  domain: string,
  pool: FlaggedAgents['addresses'] | undefined,
  networks: FlaggedAgents['networks'],
): Measured {
  if (pool === undefined || pool.size === 0 || networks === undefined) return UNMEASURED
  const own = zoneOf(domain)
  const shared = new Map<string, { addresses: number; readonly domains: number }>()
  for (const names of pool.values()) {
    const here = new Map<string, number>()
    for (const name of names) {
      if (name === own) continue
      for (const { id, domains } of networks.get(name) ?? []) here.set(id, domains)
    }
    for (const [id, domains] of here) {
      const known = shared.get(id)
      if (known) known.addresses += 1
      else shared.set(id, { addresses: 1, domains })
    }
  }
  const [best] = [...shared].toSorted(
    ([x, a], [y, b]) => b.addresses - a.addresses || b.domains - a.domains || (x < y ? -1 : 1),
  )
  if (best === undefined) return { value: 0, support: 0 }
  const [id, { addresses, domains }] = best
  const isOwn = (networks.get(own) ?? []).some((network) => network.id === id)
  return { value: Math.max(0, domains - (isOwn ? 1 : 0)), support: addresses }
}

const SOURCE =
  'FluxBuster tree (Perdisci et al., TDSC 2012): more than 108 domains a network were flux, 926 of 926'
const BLIND_SPOT =
  'As of the neighbours through whom the network is found; it grows by every link that is taken for one.'

export const flaggedNetwork: readonly FeatureDefinition[] = [
  {
    id: 'a_network_domains',
    unit: 'domains',
    meaning:
      'Other registrable domains, flagged as flux on their own, in the network that shares addresses (A, AAAA) with this name.',
    direction: 'flux',
    source: SOURCE,
    blindSpot: BLIND_SPOT,
    measure: ({ series, enrichment: { flagged } }) =>
      measureFlaggedNetwork(series.domain, flagged?.addresses, flagged?.networks),
  },
  {
    id: 'ns_network_domains',
    unit: 'domains',
    meaning:
      'Other registrable domains, flagged as flux on their own, in the network that shares addresses of name servers with this name.',
    direction: 'flux',
    source: SOURCE,
    blindSpot: BLIND_SPOT,
    measure: ({ series, enrichment: { flagged } }) =>
      measureFlaggedNetwork(series.domain, flagged?.nameServers, flagged?.networks),
  },
]
