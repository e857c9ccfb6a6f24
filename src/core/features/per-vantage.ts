// Counting per vantage: what one asker saw, not what all saw together, because a CDN shows each region its own servers.

const NOBODY: ReadonlySet<string> = new Set()

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

const FEW = 32

/** The lower one of the two middle values; null without any. */
export function lowerMedian(values: readonly number[]): number | null {
  if (values.length < 2) return values[0] ?? null
  // Sorting a few numbers is not worth an array of its own kind; many are sorted faster without a function that compares.
  const sorted = values.length < FEW ? values.toSorted((a, b) => a - b) : Float64Array.from(values).toSorted()
  return sorted[(values.length - 1) >> 1]!
}
