// Over how many /16s (IPv6: /48s) the addresses spread: what is left of diversity when no ASN database is there.
import { countDistinctPerVantage } from './distinct.ts'
import type { FeatureDefinition, Measured } from './feature-definition.ts'
import type { Pool } from './pool.ts'

/**
 * Normalised Shannon entropy of the addresses over their /16s: H ÷ log n, n = addresses.
 *
 * Unit: ratio 0…1; 1 when every address has a /16 of its own. Undefined under 5 addresses.
 * Source: FluxBuster (Perdisci et al., TDSC 2012): its code normalises by log n; 0.41 is a split of its released tree.
 */
export function measurePrefixEntropy(pool: Pool): Measured {
  const total = pool.members.length
  if (total < 5) return { value: null, support: total }
  let entropy = 0
  for (const count of pool.networks.sizes) entropy -= (count / total) * Math.log(count / total)
  return { value: Math.max(0, entropy / Math.log(total)), support: total }
}

function countNetworks(pool: Pool): Measured {
  return { value: pool.networks.distinct, support: pool.members.length }
}

const ENTROPY_SOURCE = 'FluxBuster (Perdisci et al., TDSC 2012), as its code computes it'

export const prefixSpread: readonly FeatureDefinition[] = [
  {
    id: 'a_slash16s',
    unit: 'networks',
    meaning: 'Distinct /16 networks of the A addresses.',
    direction: 'flux',
    source: '/16 diversity (φ4) of Perdisci et al., ACSAC 2009',
    blindSpot: 'One owner has many /16s, and many owners share one.',
    measure: (view) => countNetworks(view.a),
  },
  {
    id: 'a_slash16s_per_vantage',
    unit: 'networks',
    meaning: 'Distinct /16 networks of the A addresses that one vantage saw, median over the vantages.',
    direction: 'flux',
    source: '/16 diversity (φ4) of Perdisci et al., ACSAC 2009; per vantage is ours',
    blindSpot: 'A cloud balancer’s addresses come from many /16s of one owner.',
    measure: (view) => countDistinctPerVantage(view.a, 'networks'),
  },
  {
    id: 'a_slash16_entropy',
    unit: 'ratio',
    meaning: 'Entropy of the A addresses over their /16s ÷ log of their number; from 5 addresses on.',
    direction: 'flux',
    source: ENTROPY_SOURCE,
    blindSpot: 'Volunteer pools, mirrors and cloud balancers reach 1 as well.',
    measure: (view) => measurePrefixEntropy(view.a),
  },
  {
    id: 'aaaa_slash48s',
    unit: 'networks',
    meaning: 'Distinct /48 networks of the AAAA addresses.',
    direction: 'flux',
    source: 'ours: the analogue for IPv6, where one site holds a /48',
    blindSpot: 'Some providers give each home a /48, others a hundred homes one.',
    measure: (view) => countNetworks(view.aaaa),
  },
  {
    id: 'aaaa_slash48s_per_vantage',
    unit: 'networks',
    meaning: 'Distinct /48 networks of the AAAA addresses that one vantage saw, median over the vantages.',
    direction: 'flux',
    source: 'ours: the analogue for IPv6, where one site holds a /48',
    blindSpot: 'CDNs announce a /48 for each place.',
    measure: (view) => countDistinctPerVantage(view.aaaa, 'networks'),
  },
  {
    id: 'ns_networks_per_vantage',
    unit: 'networks',
    meaning:
      '/16 (IPv6: /48) networks of the name servers’ addresses that one vantage saw, median; those of the parent’s glue where they are more.',
    direction: 'flux',
    source: '/16 diversity (φ4) of Perdisci et al., ACSAC 2009, on name servers',
    blindSpot: 'Good practice spreads name servers over networks too (RFC 2182, section 3.1).',
    measure: (view) => countDistinctPerVantage(view.nameServerPool, 'networks', view.parentVantages),
  },
  {
    id: 'ns_slash16_entropy',
    unit: 'ratio',
    meaning:
      'Entropy of the name servers’ addresses over their /16s (IPv6: /48s) ÷ log of their number; from 5 addresses on.',
    direction: 'flux',
    source: `${ENTROPY_SOURCE}, on name servers`,
    blindSpot: 'Well run name servers each have a network of their own: alone it says nothing.',
    measure: (view) => measurePrefixEntropy(view.nameServerPool),
  },
]
