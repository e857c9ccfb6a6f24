// Counting per vantage: what one asker saw, not what all saw together, because a CDN shows each region its own servers.
import type { Member, PoolView } from './pool.ts'

const NOBODY: ReadonlySet<string> = new Set()

export interface DistinctPerVantage {
  /** Distinct values by vantage, as `seats.vantages` has them. */
  readonly counts: readonly number[]
  /** Members whose value is known, by vantage. */
  readonly known: readonly number[]
  /** Members whose value is known, each once. */
  readonly support: number
}

/** How many distinct values of `read` the members have that a vantage saw; null: not known. */
export function distinctPerVantage(
  { members, seats }: PoolView,
  read: (member: Member) => string | null,
): DistinctPerVantage {
  const codes = new Map<string, number>()
  const width = members.length
  const seen = new Uint8Array(width * seats.vantages.length)
  const counts = seats.vantages.map(() => 0)
  const known = seats.vantages.map(() => 0)
  let support = 0
  for (let index = 0; index < width; index += 1) {
    const value = read(members[index]!)
    if (value === null) continue
    support += 1
    let code = codes.get(value)
    if (code === undefined) codes.set(value, (code = codes.size))
    for (const seat of seats.ofMember[index]!) {
      known[seat]! += 1
      if (seen[seat * width + code] === 1) continue
      seen[seat * width + code] = 1
      counts[seat]! += 1
    }
  }
  return { counts, known, support }
}

/**
 * The lower median over the vantages of what each counted; those that counted nothing are left out. Null without any.
 *
 * `apart`: vantages that are no askers among others. A parent gives the same glue to everybody, while the caches between us and
 * it freeze what it said days ago; so the most that one of these saw counts where it is more than the median.
 */
export function medianPerVantage(
  vantages: readonly string[],
  counts: readonly number[],
  apart: ReadonlySet<string> = NOBODY,
): number | null {
  const asked: number[] = []
  let most: number | null = null
  for (const [index, count] of counts.entries()) {
    if (count === 0) continue
    if (apart.has(vantages[index]!)) most = Math.max(most ?? 0, count)
    else asked.push(count)
  }
  const median = lowerMedian(asked)
  return median === null || most === null ? (median ?? most) : Math.max(median, most)
}

/** The lower one of the two middle values; null without any. */
export function lowerMedian(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[(values.length - 1) >> 1] ?? null
}
