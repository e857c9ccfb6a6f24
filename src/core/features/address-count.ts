// How many addresses and fresh answers there are: the counts that other features and the evidence floors rest on.
import { inBothFamilies } from './address-family.ts'
import type { AddressFamily } from './address-family.ts'
import type { FeatureDefinition, Measured } from './feature-definition.ts'
import { lowerMedian } from './per-vantage.ts'
import type { Pool } from './pool.ts'
import { estimateTotal } from '../series/bottom-k.ts'

/** Distinct addresses of a pool over all vantages; an estimate once the series is a sketch. */
export function countAddresses(pool: Pool): number {
  return Math.round(estimateTotal(pool.members.length, pool.sampledShare))
}

/** Addresses that one vantage saw, the median over the vantages (the lower one of the two middle ones). */
export function countPerVantage(pool: Pool): Measured {
  const median = lowerMedian(pool.views.map((view) => pool.countSeen(view)))
  return { value: median === null ? null : Math.round(median), support: pool.freshAnswers }
}

export function countWindows({ views }: Pool): number {
  let windows = 0
  for (const view of views) windows += view.windows
  return windows
}

const countsOf = ({ prefix, type, pool }: AddressFamily): readonly FeatureDefinition[] => [
  {
    id: `${prefix}_addresses`,
    unit: 'addresses',
    meaning: `Distinct ${type} addresses over all vantages.`,
    direction: 'none',
    source: 'nA of Holz et al., NDSS 2008',
    blindSpot: 'A CDN that is asked from everywhere and a volunteer pool have hundreds too.',
    measure: (view) => ({ value: countAddresses(pool(view)), support: pool(view).freshAnswers }),
  },
  {
    id: `${prefix}_addresses_per_vantage`,
    unit: 'addresses',
    meaning: `Distinct ${type} addresses that one vantage saw, median over the vantages.`,
    direction: 'either',
    source: 'Holz et al., NDSS 2008; per vantage after Hu et al. (DIGGER), INFOCOM 2011',
    blindSpot:
      'A young network, or one that is seldom asked, has few; a large pool that is drawn from at random has many.',
    measure: (view) => countPerVantage(pool(view)),
  },
  {
    id: `${prefix}_fresh_answers`,
    unit: 'answers',
    meaning: `${type} answers that were no cached copy of one that had been seen.`,
    direction: 'none',
    source: 'ours',
    blindSpot:
      'A cache beyond the 64 that are remembered, or one that rewrites TTLs, makes repeats look fresh.',
    measure: (view) => ({
      value: pool(view).freshAnswers,
      support: pool(view).views.reduce((sum, one) => sum + one.repeats, pool(view).freshAnswers),
    }),
  },
  {
    id: `${prefix}_windows`,
    unit: 'windows',
    meaning: `Fresh ${type} answers at least one TTL (at most 300 s) after the window before, at the same vantage.`,
    direction: 'none',
    source: 'ours',
    blindSpot: 'Two windows of a site that changes daily are as good as one.',
    measure: (view) => ({ value: countWindows(pool(view)), support: pool(view).freshAnswers }),
  },
]

export const addressCounts: readonly FeatureDefinition[] = [
  ...inBothFamilies(countsOf),
  {
    id: 'a_vantages',
    unit: 'vantages',
    meaning: 'Vantages that answered with A addresses.',
    direction: 'none',
    source: 'ours',
    blindSpot: 'Two resolvers of one operator may share their caches.',
    measure: (view) => ({ value: view.a.views.length, support: view.a.freshAnswers }),
  },
]
