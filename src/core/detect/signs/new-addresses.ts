// How many addresses came after the first answer, at the time that was watched.
import { countOf } from './sign.ts'
import type { Family, Sign } from './sign.ts'

export const newAddressesSign = ({ prefix, type }: Family): Sign => ({
  id: `${prefix}-new-addresses`,
  table: 'new-addresses',
  about: 'addresses',
  feature: `${prefix}_new_addresses`,
  unit: 'addresses',
  edges: [1, 2, 3, 6, 12, 25, 50, 100],
  stage: { feature: `${prefix}_windows`, of: 'value', edges: [4, 7, 13, 31, 100, 600] },
  capNats: 4,
  source:
    'FluXOR (Passerini et al., DIMVA 2008): 98 ± 37 addresses after 3 h against 2.9 ± 3.9, mirrors with 21',
  read: (features) =>
    features.count(`${prefix}_addresses`) === 0 ? null : features.value(`${prefix}_new_addresses`),
  text: (features) =>
    `One vantage saw ${countOf(features.count(`${prefix}_new_addresses`), `${type} address`, `${type} addresses`)} beyond those of its first answer.`,
})
