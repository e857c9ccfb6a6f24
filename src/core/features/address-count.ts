// How many addresses and fresh answers there are: the counts that other features and the evidence floors rest on.
import type { FeatureDefinition, Measured } from './feature-definition.ts'
import type { DomainView, PoolView } from './domain-view.ts'
import { estimateTotal } from '../series/bottom-k.ts'

/** Distinct addresses of a pool over all vantages; an estimate once the series is a sketch. */
export function countAddresses(pool: PoolView): number {
  return Math.round(estimateTotal(pool.members.length, pool.sampledShare))
}

/** Addresses that one vantage saw, the median over the vantages (the lower one of the two middle ones). */
export function countPerVantage(pool: PoolView): Measured {
  const counts = pool.views
    .map((view) => pool.members.filter((member) => member.vantages.includes(view.vantage)).length)
    .toSorted((a, b) => a - b)
  const median = counts[(counts.length - 1) >> 1]
  return {
    value: median === undefined ? null : Math.round(estimateTotal(median, pool.sampledShare)),
    support: countFresh(pool),
  }
}

export function countFresh(pool: PoolView): number {
  return pool.views.reduce((sum, view) => sum + view.freshAnswers, 0)
}

export function countWindows(pool: PoolView): number {
  return pool.views.reduce((sum, view) => sum + view.windows, 0)
}

export const addressCounts: readonly FeatureDefinition[] = [
  ...familyCounts('a', 'A', (view) => view.a),
  {
    id: 'a_vantages',
    unit: 'vantages',
    meaning: 'Vantages that answered with A addresses.',
    measure: (view) => ({ value: view.a.views.length, support: countFresh(view.a) }),
  },
  {
    id: 'a_addresses_per_vantage',
    unit: 'addresses',
    meaning: 'Distinct A addresses that one vantage saw, median over the vantages.',
    measure: (view) => countPerVantage(view.a),
  },
  ...familyCounts('aaaa', 'AAAA', (view) => view.aaaa),
  {
    id: 'special_addresses',
    unit: 'addresses',
    meaning:
      'Special-purpose addresses (private, loopback, …) in the answers; they are left out of everything else.',
    measure: (view) => ({
      value: view.specialAddresses,
      support: view.series.host.addresses.entries.length,
    }),
  },
]

function familyCounts(
  prefix: string,
  type: string,
  pool: (view: DomainView) => PoolView,
): readonly FeatureDefinition[] {
  return [
    {
      id: `${prefix}_addresses`,
      unit: 'addresses',
      meaning: `Distinct ${type} addresses over all vantages.`,
      measure: (view) => ({ value: countAddresses(pool(view)), support: countFresh(pool(view)) }),
    },
    {
      id: `${prefix}_fresh_answers`,
      unit: 'answers',
      meaning: `${type} answers that were no cached copy of one that had been seen.`,
      measure: (view) => ({
        value: countFresh(pool(view)),
        support: pool(view).views.reduce((sum, one) => sum + one.freshAnswers + one.repeats, 0),
      }),
    },
    {
      id: `${prefix}_windows`,
      unit: 'windows',
      meaning: `Fresh ${type} answers at least one TTL (at most 300 s) after the window before, at the same vantage.`,
      measure: (view) => ({ value: countWindows(pool(view)), support: countFresh(pool(view)) }),
    },
  ]
}
