// How well found groups match true ones, counted over pairs of names: of the pairs found together, how many belong together
// (precision); of those that belong together, how many are found together (recall).

export interface PairCount {
  readonly together: number
  readonly wronglyTogether: number
  readonly wronglyApart: number
}

/** Null as a group: the name is in none, and forms no pair. Names that `found` does not have are in none. */
export function countPairs(
  truth: ReadonlyMap<string, string | number | null>,
  found: ReadonlyMap<string, string | number | null>,
): PairCount {
  const names = [...truth.keys()]
  const together = pairsBy(names, (name) => {
    const [a, b] = [truth.get(name) ?? null, found.get(name) ?? null]
    return a === null || b === null ? null : `${a} ${b}`
  })
  const foundPairs = pairsBy(names, (name) => found.get(name) ?? null)
  const truePairs = pairsBy(names, (name) => truth.get(name) ?? null)
  return { together, wronglyTogether: foundPairs - together, wronglyApart: truePairs - together }
}

/** 1 when nothing was found together. */
export function precision({ together, wronglyTogether }: PairCount): number {
  return together + wronglyTogether === 0 ? 1 : together / (together + wronglyTogether)
}

/** 1 when nothing belongs together. */
export function recall({ together, wronglyApart }: PairCount): number {
  return together + wronglyApart === 0 ? 1 : together / (together + wronglyApart)
}

export function sumPairs(counts: readonly PairCount[]): PairCount {
  const sum = (field: keyof PairCount): number => counts.reduce((all, count) => all + count[field], 0)
  return {
    together: sum('together'),
    wronglyTogether: sum('wronglyTogether'),
    wronglyApart: sum('wronglyApart'),
  }
}

function pairsBy(names: readonly string[], groupOf: (name: string) => string | number | null): number {
  const sizes = new Map<string | number, number>()
  for (const name of names) {
    const group = groupOf(name)
    if (group !== null) sizes.set(group, (sizes.get(group) ?? 0) + 1)
  }
  return [...sizes.values()].reduce((sum, size) => sum + (size * (size - 1)) / 2, 0)
}
