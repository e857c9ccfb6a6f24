// How many addresses came after the first answer, at the time that was watched.
import { countOf } from './sign.ts'
import type { Family, Sign } from './sign.ts'

export const newAddressesSign = ({ prefix, type }: Family): Sign => {
  const newAddressesId = `${prefix}_new_addresses`
  return {
    id: `${prefix}-new-addresses`,
    table: 'new-addresses',
    about: 'addresses',
    feature: newAddressesId,
    unit: 'addresses',
    edges: [1, 2, 3, 6, 12, 25, 50, 100],
    stage: { feature: `${prefix}_windows`, of: 'value', edges: [4, 7, 13, 31, 100, 600] },
    capNats: 4,
    source:
      'FluXOR (Passerini et al., DIMVA 2008): 98 ± 37 addresses after 3 h against 2.9 ± 3.9, mirrors with 21',
    read: (features) => (features.count(`${prefix}_addresses`) === 0 ? null : features.value(newAddressesId)),
    text: (features) =>
      `One vantage saw ${countOf(features.count(newAddressesId), `${type} address`, `${type} addresses`)} beyond those of its first answer.`,
  }
}
