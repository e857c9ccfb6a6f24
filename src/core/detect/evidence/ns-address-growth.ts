// The name servers' addresses do not only change, they keep coming.
import type { EvidenceRule } from '../evidence-rule.ts'
import { unrelatedNameServerNetworks } from '../network-diversity.ts'

export const nsAddressGrowth: EvidenceRule = {
  id: 'ns-address-growth',
  about: 'name_servers',
  feature: 'ns_addresses',
  unit: 'addresses',
  capNats: 1.5,
  source:
    'Konte et al., PAM 2009: 2,421 name-server addresses for 384 domains in four weeks; weights hand-set, unvalidated',
  weigh(features) {
    const added = features.count('ns_new_addresses')
    if (added < 4 || unrelatedNameServerNetworks(features) < 3) return null
    return {
      weight: added >= 10 ? 1.5 : 0.8,
      text: `The name servers had ${features.count('ns_addresses')} addresses so far; summed over the name servers, ${added} came after the first look.`,
    }
  },
}
