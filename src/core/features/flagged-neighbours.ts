// Whom a domain shares its addresses with: other names that were flagged already. Known only where verdicts are remembered;
// which addresses were looked up, and which notes count, is decided in networks/ and by the store.
import type { FlaggedAgents } from '../model/address-facts.ts'
import { zoneOf } from '../schedule/zone-of.ts'
import { UNMEASURED } from './feature-definition.ts'
import type { FeatureDefinition, Measured } from './feature-definition.ts'

/** Address → registrable domains flagged there, as `FlaggedAgents` has it for one role. */
type FlaggedPool = FlaggedAgents['addresses']

/**
 * Distinct registrable domains, other than the domain's own, that were flagged at its addresses. Unit: domains. Support:
 * addresses looked up. Undefined where nobody remembers, or no address could be looked up. A lower bound: of each address the
 * latest 16 names are known, of each domain the latest 64 addresses.
 *
 * Source: FluxBuster's tree (Perdisci et al.): more than 108 domains a network were flux, 926 of 926; Nazario and Holz, MALWARE
 * 2008: an address served 14 flux names in the mean.
 * Blind spot: `BLIND_SPOT` below. So it convicts nobody alone.
 */
export function measureFlaggedNeighbours(domain: string, pool: FlaggedPool | undefined): Measured {
  if (pool === undefined || pool.size === 0) return UNMEASURED
  const own = zoneOf(domain)
  const others = new Set([...pool.values()].flat().filter((name) => name !== own))
  return { value: others.size, support: pool.size }
}

/**
 * Addresses at which some other registrable domain was flagged. Unit: addresses. Support: addresses looked up. Undefined as
 * above. Tells one injected address of somebody else's from a shared pool.
 * Source: agent overlap of 81 % between two domains of one botnet (FluXOR: Passerini et al., DIMVA 2008). Blind spot: as above.
 */
export function measureFlaggedAddresses(domain: string, pool: FlaggedPool | undefined): Measured {
  if (pool === undefined || pool.size === 0) return UNMEASURED
  const own = zoneOf(domain)
  const shared = [...pool.values()].filter((names) => names.some((name) => name !== own))
  return { value: shared.length, support: pool.size }
}

const DOMAINS_SOURCE = 'FluxBuster tree (Perdisci et al.); Nazario & Holz, MALWARE 2008'
const ADDRESSES_SOURCE = 'FluXOR (Passerini et al., DIMVA 2008), agent overlap between domains of one botnet'
const BLIND_SPOT =
  'The first name of a campaign has no neighbours; abused shared hosting has innocent ones, and so has a dynamic line that changed hands within the month.'

export const flaggedNeighbours: readonly FeatureDefinition[] = [
  {
    id: 'a_flagged_neighbours',
    unit: 'domains',
    meaning: 'Other registrable domains that were flagged as flux at addresses (A, AAAA) of this name.',
    direction: 'flux',
    source: DOMAINS_SOURCE,
    blindSpot: BLIND_SPOT,
    measure: ({ series, enrichment }) =>
      measureFlaggedNeighbours(series.domain, enrichment.flagged?.addresses),
  },
  {
    id: 'a_flagged_addresses',
    unit: 'addresses',
    meaning: 'Addresses (A, AAAA) of this name at which another registrable domain was flagged as flux.',
    direction: 'flux',
    source: ADDRESSES_SOURCE,
    blindSpot: BLIND_SPOT,
    measure: ({ series, enrichment }) =>
      measureFlaggedAddresses(series.domain, enrichment.flagged?.addresses),
  },
  {
    id: 'ns_flagged_neighbours',
    unit: 'domains',
    meaning:
      'Other registrable domains whose name servers were flagged as fluxing at addresses of this name’s name servers.',
    direction: 'flux',
    source: DOMAINS_SOURCE,
    blindSpot: BLIND_SPOT,
    measure: ({ series, enrichment }) =>
      measureFlaggedNeighbours(series.domain, enrichment.flagged?.nameServers),
  },
  {
    id: 'ns_flagged_addresses',
    unit: 'addresses',
    meaning:
      'Addresses of the name servers at which the name servers of another registrable domain were flagged as fluxing.',
    direction: 'flux',
    source: ADDRESSES_SOURCE,
    blindSpot: BLIND_SPOT,
    measure: ({ series, enrichment }) =>
      measureFlaggedAddresses(series.domain, enrichment.flagged?.nameServers),
  },
]
