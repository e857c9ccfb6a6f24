// The addresses behind the name servers' names change: the strongest single sign that was ever published.
import { countOf } from '../evidence-rule.ts'
import type { EvidenceRule } from '../evidence-rule.ts'
import { unrelatedNameServerNetworks } from '../network-diversity.ts'

export const nsAddressChange: EvidenceRule = {
  id: 'ns-address-change',
  about: 'name_servers',
  feature: 'ns_new_addresses',
  unit: 'addresses',
  capNats: 2.6,
  source:
    'Konte et al., PAM 2009: 13.5 % of scam domains against 1.0 % of Alexa, likelihood ratio 13.5 = 2.6 nats; one change or few operators tempered by hand',
  weigh(features) {
    const added = features.count('ns_new_addresses')
    if (added === 0) return null
    const hosts = features.count('ns_changed_hosts')
    const text = `${countOf(added, 'new address', 'new addresses')} appeared behind ${hosts} of ${countOf(features.support('ns_changed_hosts'), 'name server')}.`
    // Moving within one or two networks is what operators of name servers do.
    if (unrelatedNameServerNetworks(features) < 3) return { weight: 0.3, text }
    return { weight: added === 1 ? 1.3 : 2.6, text }
  },
}
