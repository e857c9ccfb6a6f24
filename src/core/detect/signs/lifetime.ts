// How long an address that is gone had been shown.
import type { Family, Sign } from './sign.ts'

export const lifetimeSign = ({ prefix, type }: Family): Sign => {
  const lifetimeMedianId = `${prefix}_lifetime_median`
  return {
    id: `${prefix}-lifetime`,
    table: 'lifetime',
    about: 'addresses',
    feature: lifetimeMedianId,
    unit: 'seconds',
    edges: [120, 600, 1800, 3600, 10800, 43200],
    stage: { feature: `${prefix}_windows`, of: 'value', edges: [13, 61, 300] },
    capNats: 2,
    source: 'Lifetimes after Holz et al., NDSS 2008, figures 8 and 9',
    text: (features) =>
      `${type} addresses that are gone had been shown for ${features.count(lifetimeMedianId)} s in the median (${features.support(lifetimeMedianId)} of them).`,
  }
}
