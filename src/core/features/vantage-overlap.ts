// Whether the vantages see one pool or each its own: flux advertises one pool everywhere, a CDN one per region.
import { inBothFamilies } from './address-family.ts'
import type { FeatureDefinition, Measured } from './feature-definition.ts'
import type { Pool } from './pool.ts'

/** Windows that a vantage must have before its pool is compared: one answer is no pool yet. */
const LEAST_WINDOWS = 3
/** Distinct addresses, over all vantages, under which an overlap says nothing. */
const LEAST_ADDRESSES = 5

/**
 * Mean pairwise Jaccard index of the address sets that the vantages collected.
 *
 * Unit: ratio 0…1. Undefined with fewer than two vantages of 3 windows, or fewer than 5 addresses. Support: vantages.
 * Source: idea from Hu et al. (DIGGER), INFOCOM 2011; this form is ours.
 */
export function measureVantageOverlap(pool: Pool): Measured {
  const compared = pool.views.filter((view) => view.windows >= LEAST_WINDOWS).map((view) => view.vantage)
  if (compared.length < 2 || pool.members.length < LEAST_ADDRESSES) {
    return { value: null, support: compared.length }
  }
  const { sizes, shared } = countShared(pool, compared)
  let sum = 0
  for (let one = 0; one < compared.length; one += 1) {
    for (let other = one + 1; other < compared.length; other += 1) {
      const both = shared[one * compared.length + other]!
      const union = sizes[one]! + sizes[other]! - both
      sum += union === 0 ? 0 : both / union
    }
  }
  return { value: sum / ((compared.length * (compared.length - 1)) / 2), support: compared.length }
}

/** How many members each vantage saw, and each pair of vantages (row: the earlier one in `compared`). */
function countShared(
  { seats }: Pool,
  compared: readonly string[],
): { sizes: Uint32Array; shared: Uint32Array } {
  const width = compared.length
  const places = seats.vantages.map((vantage) => compared.indexOf(vantage))
  const sizes = new Uint32Array(width)
  const shared = new Uint32Array(width * width)
  // Many members were seen by the same vantages: each such set is counted once.
  const bySeats = new Map<readonly number[], number>()
  for (const list of seats.ofMember) bySeats.set(list, (bySeats.get(list) ?? 0) + 1)
  for (const [list, members] of bySeats) {
    const seen = list.map((seat) => places[seat]!).filter((place) => place >= 0)
    for (const one of seen) {
      sizes[one]! += members
      for (const other of seen) if (one < other) shared[one * width + other]! += members
    }
  }
  return { sizes, shared }
}

export const vantageOverlap: readonly FeatureDefinition[] = inBothFamilies(({ prefix, type, pool }) => [
  {
    id: `${prefix}_vantage_overlap`,
    unit: 'ratio',
    meaning: `Mean pairwise Jaccard index of the ${type} addresses that the vantages collected.`,
    direction: 'flux',
    source: 'Idea from Hu et al. (DIGGER), INFOCOM 2011; this form is ours',
    blindSpot:
      'Random draws from a large pool overlap little too, until the pool is seen; a single site overlaps wholly.',
    measure: (view) => measureVantageOverlap(pool(view)),
  },
])
