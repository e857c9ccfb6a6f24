// How an answer follows from the one before: the same machines, some replaced, or a new draw.
import { percentOf } from '../prose-number.ts'
import { countOf } from './sign.ts'
import type { Family, Sign } from './sign.ts'

export const continuingSign = ({ prefix, type }: Family): Sign => {
  const continuingShareId = `${prefix}_continuing_share`
  return {
    id: `${prefix}-continuing`,
    table: 'continuing',
    about: 'addresses',
    feature: continuingShareId,
    unit: 'ratio',
    edges: [0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98],
    stage: { feature: continuingShareId, of: 'support', edges: [3, 7, 13, 31] },
    capNats: 4,
    source:
      'Lifetimes after Holz et al., NDSS 2008, figures 8 and 9; random draws of the NTP pool (ntppool DnsRoot.pm)',
    text: (features) =>
      `${percentOf(features.count(continuingShareId))} of the ${type} addresses of a look were in the look before (${countOf(features.support(continuingShareId), 'look')}).`,
  }
}
