// Whether the vantages see one pool or each its own: flux advertises one pool everywhere, a CDN one per region.
import type { FeatureDefinition, Measured } from './feature-definition.ts'
import type { PoolView } from './domain-view.ts'

/** Windows that a vantage must have before its pool is compared: one answer is no pool yet. */
const LEAST_WINDOWS = 3
/** Distinct addresses, over all vantages, under which an overlap says nothing. */
const LEAST_ADDRESSES = 5

/**
 * Mean pairwise Jaccard index of the address sets that the vantages collected.
 *
 * Unit: ratio 0…1. Undefined with fewer than two vantages of 3 windows, or fewer than 5 addresses. Support: vantages.
 * Source: idea from Hu et al. (DIGGER), INFOCOM 2011; this form is ours.
 * Blind spot: random draws from a large pool overlap little too, until the pool is seen.
 */
export function measureVantageOverlap(pool: PoolView): Measured {
  const vantages = pool.views.filter((view) => view.windows >= LEAST_WINDOWS).map((view) => view.vantage)
  if (vantages.length < 2 || pool.members.length < LEAST_ADDRESSES) {
    return { value: null, support: vantages.length }
  }
  const sets = vantages.map(
    (vantage) =>
      new Set(
        pool.members
          .filter((member) => member.vantages.includes(vantage))
          .map((member) => member.address.text),
      ),
  )
  const indexes = sets.flatMap((set, index) => sets.slice(index + 1).map((other) => jaccard(set, other)))
  const sum = indexes.reduce((total, index) => total + index, 0)
  return { value: sum / indexes.length, support: vantages.length }
}

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const shared = [...a].filter((address) => b.has(address)).length
  const union = a.size + b.size - shared
  return union === 0 ? 0 : shared / union
}

export const vantageOverlap: readonly FeatureDefinition[] = [
  {
    id: 'a_vantage_overlap',
    unit: 'ratio',
    meaning: 'Mean pairwise Jaccard index of the A addresses that the vantages collected.',
    measure: (view) => measureVantageOverlap(view.a),
  },
]
