// The name servers' names change. Alone it is what owners do when they move; with changing addresses it adds a little.
import { countOf } from '../evidence-rule.ts'
import type { EvidenceRule } from '../evidence-rule.ts'
import { unrelatedNameServerNetworks } from '../network-diversity.ts'

export const nsNameChange: EvidenceRule = {
  id: 'ns-name-change',
  about: 'name_servers',
  feature: 'ns_new_names',
  unit: 'names',
  capNats: 0.7,
  source:
    'Konte et al., PAM 2009: names alone 0.8 % against 3.0 % (likelihood ratio 0.26), with both kinds of addresses 23.7 % against 0; tempered by hand',
  weigh(features) {
    const added = features.value('ns_new_names')
    if (added === null || added === 0) return null
    const alsoMoving = features.count('ns_new_addresses') > 1 && unrelatedNameServerNetworks(features) >= 3
    return {
      weight: alsoMoving ? 0.7 : -0.3,
      text: `${countOf(added, 'name of a name server', 'names of name servers')} came after the first look (${countOf(features.count('ns_names'), 'name')} so far).`,
    }
  },
}
