// How long an address that is gone had been shown.
import type { Family, Sign } from './sign.ts'

export const lifetimeSign = ({ prefix, type }: Family): Sign => ({
  id: `${prefix}-lifetime`,
  table: 'lifetime',
  about: 'addresses',
  feature: `${prefix}_lifetime_median`,
  unit: 'seconds',
  edges: [120, 600, 1800, 3600, 10800, 43200],
  stage: { feature: `${prefix}_windows`, of: 'value', edges: [13, 61, 300] },
  capNats: 2,
  source: 'Lifetimes after Holz et al., NDSS 2008, figures 8 and 9',
  text: (features) =>
    `${type} addresses that are gone had been shown for ${features.count(`${prefix}_lifetime_median`)} s in the median (${features.support(`${prefix}_lifetime_median`)} of them).`,
})
