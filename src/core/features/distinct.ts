// Counting distinct values of a property of the members of a pool, over all vantages and per vantage.
import type { Distinct } from './column.ts'
import type { Measured } from './feature-definition.ts'
import { medianPerVantage } from './per-vantage.ts'
import type { Pool } from './pool.ts'

/** Distinct known values, all vantages. Null when none is known. Support: members of known value. */
export function countDistinct({ distinct, known }: Distinct): Measured {
  return { value: known === 0 ? null : distinct, support: known }
}

/**
 * Distinct known values that one vantage saw, the median over the vantages; `apart` as for `medianPerVantage`. Null when none is
 * known. Support: members of known value, all vantages.
 */
export function countDistinctPerVantage(
  pool: Pool,
  property: 'operators' | 'networks',
  apart?: ReadonlySet<string>,
): Measured {
  const { distinctAt, known } = pool[property]
  return { value: medianPerVantage(pool.seats.vantages, distinctAt, apart), support: known }
}
