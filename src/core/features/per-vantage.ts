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
  for (let index = 0; index < counts.length; index += 1) {
    const count = counts[index]!
    if (count === 0) continue
    if (apart.has(vantages[index]!)) most = Math.max(most ?? 0, count)
    else asked.push(count)
  }
  const median = lowerMedian(asked)
  return median === null || most === null ? (median ?? most) : Math.max(median, most)
}

/** The lower one of the two middle values; null without any. */
export function lowerMedian(values: readonly number[]): number | null {
  if (values.length < 2) return values[0] ?? null
  return select(values.slice(), (values.length - 1) >> 1)
}

/** The value that stands at `place` once all are sorted; only as much of `values` is put in order as that takes (Hoare's Find, 1961). */
function select(values: number[], place: number): number {
  let low = 0
  let high = values.length - 1
  while (low < high) {
    const pivot = values[(low + high) >> 1]!
    let left = low
    let right = high
    while (left <= right) {
      while (values[left]! < pivot) left += 1
      while (values[right]! > pivot) right -= 1
      if (left > right) break
      const swapped = values[left]!
      values[left] = values[right]!
      values[right] = swapped
      left += 1
      right -= 1
    }
    if (place <= right) high = right
    else if (place >= left) low = left
    else break
  }
  return values[place]!
}
