// Spread over /16s (IPv6: /48s). What is left of diversity without an ASN database.
import { percentOf } from '../prose-number.ts'
import { countOf } from './sign.ts'
import type { Family, Sign } from './sign.ts'

export const prefixEntropySign = ({ prefix }: Family): Sign => ({
  id: `${prefix}-prefix-entropy`,
  table: 'prefix-entropy',
  about: 'addresses',
  feature: `${prefix}_slash16_entropy`,
  unit: 'ratio',
  edges: [0.2, 0.41, 0.6, 0.8, 0.9, 0.97],
  stage: { feature: `${prefix}_addresses`, of: 'value', edges: [8, 16, 41, 101] },
  capNats: 3,
  source: 'FluxBuster (Perdisci et al., TDSC 2012): a split of its released tree at 0.41',
  text: (features) =>
    `The addresses spread over ${countOf(features.count('a_slash16s'), '/16 network')}: ${percentOf(features.count('a_slash16_entropy'))} of the largest spread possible.`,
})
