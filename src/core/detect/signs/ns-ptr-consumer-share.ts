// PTR names of the name servers' addresses.
import { shareOf } from '../prose-number.ts'
import type { Sign } from './sign.ts'

export const nsPtrConsumerShare: Sign = {
  id: 'ns-ptr-consumer-share',
  table: 'ns-ptr-consumer-share',
  about: 'name_servers',
  feature: 'ns_ptr_consumer_share',
  unit: 'ratio',
  edges: [0.05, 0.2, 0.5, 0.8],
  stage: { feature: 'ns_ptr_consumer_share', of: 'support', edges: [3, 5, 8, 16] },
  capNats: 4,
  source: 'Perdisci et al., ACSAC 2009 (φ11), applied to name servers; the word list is hand-written',
  text: (features) =>
    `${shareOf(features.count('ns_ptr_consumer_share'), features.support('ns_ptr_consumer_share'), 'PTR names of name-server addresses')} look like the line of a consumer.`,
}
