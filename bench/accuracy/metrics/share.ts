// Shares with what their numbers allow to say.

export interface Share {
  readonly count: number
  readonly total: number
}

/** Standard normal quantile of a two-sided 95 % interval. */
const Z = 1.96

/** Wilson score interval of a share at 95 % (E. B. Wilson, 1927); [0, 1] of nothing. */
export function wilson({ count, total }: Share): readonly [low: number, high: number] {
  if (total === 0) return [0, 1]
  const share = count / total
  const centre = share + (Z * Z) / (2 * total)
  const spread = Z * Math.sqrt((share * (1 - share)) / total + (Z * Z) / (4 * total * total))
  const scale = 1 + (Z * Z) / total
  return [Math.max(0, (centre - spread) / scale), Math.min(1, (centre + spread) / scale)]
}

export function shareOf<T>(all: readonly T[], isCounted: (one: T) => boolean): Share {
  let count = 0
  for (const one of all) if (isCounted(one)) count += 1
  return { count, total: all.length }
}

export function ratio({ count, total }: Share): number | null {
  return total === 0 ? null : count / total
}

/** The smallest value that at least `share` of the values do not exceed; null of nothing. */
export function quantile(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!
}
