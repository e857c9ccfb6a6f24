// How many addresses a single answer carries.
import { A, inBothFamilies } from './address-family.ts'
import { UNMEASURED } from './feature-definition.ts'
import type { FeatureDefinition, Measured } from './feature-definition.ts'
import type { Pool } from './pool.ts'

/** Mean over the fresh answers. Unit: addresses. Support: fresh answers; undefined without one. */
export function measureMeanWidth(pool: Pool): Measured {
  const { views, freshAnswers } = pool
  if (freshAnswers === 0) return UNMEASURED
  let total = 0
  for (const view of views) total += view.widthSum
  return { value: total / freshAnswers, support: freshAnswers }
}

/** Widest less narrowest fresh answer of one vantage, the most of any. Unit: addresses. Support: fresh answers. */
export function measureWidthSpread(pool: Pool): Measured {
  if (pool.views.length === 0) return UNMEASURED
  const spread = pool.views.reduce((most, view) => Math.max(most, view.widthMax - view.widthMin), 0)
  return { value: spread, support: pool.freshAnswers }
}

export const answerWidth: readonly FeatureDefinition[] = [
  ...inBothFamilies(({ prefix, type, pool }) => [
    {
      id: `${prefix}_width_mean`,
      unit: 'addresses',
      meaning: `Mean number of ${type} addresses in a fresh answer.`,
      direction: 'either',
      source: 'Holz et al., NDSS 2008 (n_single); live answers of 2011 with mostly 5 to 10',
      blindSpot: 'CDNs and mirrors answer with 4 to 8, and flux of one address an answer with one.',
      measure: (view) => measureMeanWidth(pool(view)),
    },
  ]),
  {
    id: 'a_width_spread',
    unit: 'addresses',
    meaning:
      'Difference between the widest and the narrowest fresh A answer of one vantage, the most of any.',
    direction: 'either',
    source: 'ours: flux mostly answers with a constant number',
    blindSpot: 'Two extremes say nothing of how often the width changes.',
    measure: (view) => measureWidthSpread(A.pool(view)),
  },
]
