// What the PTR names of the addresses look like: consumer lines or servers.
import { shareOf } from '../prose-number.ts'
import type { Family, Sign } from './sign.ts'

export const ptrConsumerShareSign = ({ prefix }: Family): Sign => ({
  id: `${prefix}-ptr-consumer-share`,
  table: 'ptr-consumer-share',
  about: 'addresses',
  feature: `${prefix}_ptr_consumer_share`,
  unit: 'ratio',
  edges: [0.05, 0.2, 0.4, 0.6, 0.8],
  stage: { feature: `${prefix}_ptr_consumer_share`, of: 'support', edges: [3, 5, 8, 16, 41] },
  capNats: 4,
  source:
    'Perdisci et al., ACSAC 2009 (φ11: "dhcp", "dsl", "dial-up" in PTR names); the word list is hand-written',
  text: (features) =>
    `${shareOf(features.count('a_ptr_consumer_share'), features.support('a_ptr_consumer_share'), 'PTR names')} look like the line of a consumer.`,
})
