// Whether addresses come back after an absence: a kept pool shows them again, agents that died do not return.
import { percentOf } from '../prose-number.ts'
import { countOf } from './sign.ts'
import type { Family, Sign } from './sign.ts'

export const returningSign = ({ prefix, type }: Family): Sign => {
  const returningShareId = `${prefix}_returning_share`
  return {
    id: `${prefix}-returning`,
    table: 'returning',
    about: 'addresses',
    feature: returningShareId,
    unit: 'ratio',
    edges: [0.001, 0.03, 0.1, 0.2, 0.4, 0.6],
    stage: { feature: returningShareId, of: 'support', edges: [3, 7, 13, 31] },
    capNats: 4,
    source: 'Recurrence after Holz et al., NDSS 2008, figures 8 and 9, and Nazario & Holz, MALWARE 2008',
    text: (features) =>
      `${percentOf(features.count(returningShareId))} of the ${type} addresses of a look had been seen before, were gone, and came back (${countOf(features.support(returningShareId), 'look')}).`,
  }
}
