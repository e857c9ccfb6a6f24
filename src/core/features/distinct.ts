// Counting distinct values of a property of the members of a pool, over all vantages and per vantage.
import type { Measured } from './feature-definition.ts'
import { medianPerVantage } from './per-vantage.ts'
import type { PoolView, ReadProperty } from './pool.ts'

/** Distinct known values, all vantages. Null when none is known. Support: members of known value. */
export function countDistinct(pool: PoolView, read: ReadProperty): Measured {
  const { distinct, known } = pool.column(read)
  return { value: known === 0 ? null : distinct, support: known }
}

/**
 * Distinct known values that one vantage saw, the median over the vantages; `apart` as for `medianPerVantage`. Null when none is
 * known. Support: members of known value, all vantages.
 */
export function countDistinctPerVantage(
  pool: PoolView,
  read: ReadProperty,
  apart?: ReadonlySet<string>,
): Measured {
  const { distinct } = pool.columnPerVantage(read)
  return { value: medianPerVantage(pool.seats.vantages, distinct, apart), support: pool.column(read).known }
}
