// How far apart IPv4 addresses are as numbers: the crude stand-in for network diversity that needs no database.

/**
 * Mean |a − b| over all pairs; the numbers are 0…2³²−1. Unit: addresses. Null under two numbers; the same number twice is a pair at distance 0.
 * Sorted, each number counts once for every one below it and once against every one above: n log n instead of n².
 */
export function meanPairDistance(numbers: readonly number[]): number | null {
  const n = numbers.length
  if (n < 2) return null
  if (n === 2) return Math.abs(numbers[0]! - numbers[1]!)
  const sorted = new Uint32Array(numbers).toSorted()
  let sum = 0
  for (let index = 0; index < n; index++) sum += (2 * index - n + 1) * sorted[index]!
  return sum / ((n * (n - 1)) / 2)
}
