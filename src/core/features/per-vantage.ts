// Counting per vantage: what one asker saw, not what all saw together, because a CDN shows each region its own servers.

const NOBODY: ReadonlySet<string> = new Set()

/**
 * The lower median over the vantages of how many distinct values each saw; null without any vantage.
 *
 * `apart`: vantages that are no askers among others. A parent gives the same glue to everybody, while the caches between us and
 * it freeze what it said days ago; so the most that one of these saw counts where it is more than the median.
 */
export function medianPerVantage(
  byVantage: ReadonlyMap<string, ReadonlySet<string>>,
  apart: ReadonlySet<string> = NOBODY,
): number | null {
  const counts = [...byVantage].map(([vantage, values]) => ({ vantage, count: values.size }))
  const asked = counts.filter(({ vantage }) => !apart.has(vantage)).map(({ count }) => count)
  const median = asked.toSorted((a, b) => a - b)[(asked.length - 1) >> 1]
  const most = counts.filter(({ vantage }) => apart.has(vantage)).map(({ count }) => count)
  const all = [...(median === undefined ? [] : [median]), ...most]
  return all.length === 0 ? null : Math.max(...all)
}
