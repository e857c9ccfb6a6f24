// How one answer follows from the one before. Agents stay until they die and do not come back: new ones replace them one
// by one. A pool that draws at random shows hardly anything twice in a row, and everything again later.
import type { FeatureDefinition, Measured } from './feature-definition.ts'
import type { PoolView } from './domain-view.ts'

interface Succession {
  readonly sampled: number
  readonly continuing: number
  readonly returning: number
  readonly windows: number
}

/** Counts over the remembered windows of all vantages, the first of each left out. */
export function countSuccession(pool: PoolView): Succession {
  let sampled = 0
  let continuing = 0
  let returning = 0
  let windows = 0
  for (const view of pool.views) {
    const afterFirst = view.windows > view.recent.length ? view.recent : view.recent.slice(1)
    for (const window of afterFirst) {
      sampled += window.sampled
      continuing += window.continuing
      returning += window.sampled - window.continuing - window.fresh
      windows += 1
    }
  }
  return { sampled, continuing, returning, windows }
}

/**
 * Share of the addresses in a window that were in the window before too (support: windows). Undefined before a second window.
 * Source: lifetimes and recurrence after Holz et al., NDSS 2008, figures 8 and 9; this form is ours.
 */
export function measureContinuing(pool: PoolView): Measured {
  const { sampled, continuing, windows } = countSuccession(pool)
  return sampled === 0 ? { value: null, support: 0 } : { value: continuing / sampled, support: windows }
}

/**
 * Share of the addresses in a window that the vantage had seen before, yet not in the window before: they were away and have come back.
 * Unit: ratio 0…1. Support: windows.
 */
export function measureReturning(pool: PoolView): Measured {
  const { sampled, returning, windows } = countSuccession(pool)
  return sampled === 0 ? { value: null, support: 0 } : { value: returning / sampled, support: windows }
}

export const recurrence: readonly FeatureDefinition[] = [
  {
    id: 'a_continuing_share',
    unit: 'ratio',
    meaning: 'Share of the A addresses in a window that were in the window before too.',
    measure: (view) => measureContinuing(view.a),
  },
  {
    id: 'a_returning_share',
    unit: 'ratio',
    meaning: 'Share of the A addresses in a window that had been seen, were gone, and came back.',
    measure: (view) => measureReturning(view.a),
  },
]
