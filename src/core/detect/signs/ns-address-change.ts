// The addresses behind the name servers' names change, or have stood still for so long: the strongest single sign that was
// ever published.
import { countOf } from './sign.ts'
import type { Sign } from './sign.ts'

export const nsAddressChange: Sign = {
  id: 'ns-address-change',
  table: 'ns-address-change',
  about: 'name_servers',
  feature: 'ns_new_addresses',
  unit: 'addresses',
  edges: [1, 2, 3, 5, 8, 15, 30],
  stage: { feature: 'ns_watched', of: 'value', edges: [60, 600, 3600, 14400, 43200, 172800] },
  capNats: 7,
  source:
    'Konte et al., PAM 2009: 94 % of the scam domains, 2 % of Alexa (likelihood ratio 13.5 for it alone); pace of figure 2',
  // Of name servers that nobody saw it cannot be said that they stood still.
  read: (features) => (features.count('ns_addresses') === 0 ? null : features.value('ns_new_addresses')),
  text: (features) => {
    const added = features.count('ns_new_addresses')
    const watched = features.count('ns_watched')
    if (added === 0) {
      return watched === 0
        ? 'Each address of a name server was seen at one moment only.'
        : `No address of a name server changed in the ${watched} s between the first and the last fresh look.`
    }
    return `${countOf(added, 'new address', 'new addresses')} appeared behind ${features.count('ns_changed_hosts')} of ${countOf(features.support('ns_changed_hosts'), 'name server')}.`
  },
}
