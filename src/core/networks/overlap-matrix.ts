// How much each two members of a network have in common, for people to look at. Nothing is decided by it.

/** Members of a matrix: more cannot be looked at. */
export const MATRIX_MEMBERS = 50

export interface OverlapMatrix {
  readonly domains: readonly string[]
  /** Agents that both have, by the smaller number of agents of the two; 0…1, 1 with itself. Symmetric; in the order of `domains`. */
  readonly shares: readonly (readonly number[])[]
}

/** Of the first MATRIX_MEMBERS that are given. One without agents shares nothing with anybody. */
export function overlapMatrix(
  members: readonly { readonly domain: string; readonly agents: readonly { readonly address: string }[] }[],
): OverlapMatrix {
  const shown = members.slice(0, MATRIX_MEMBERS)
  const sets = shown.map(({ agents }) => new Set(agents.map(({ address }) => address)))
  return {
    domains: shown.map(({ domain }) => domain),
    shares: sets.map((a, x) =>
      sets.map((b, y) => {
        if (x === y) return 1
        const smaller = Math.min(a.size, b.size)
        return smaller === 0 ? 0 : [...a].filter((address) => b.has(address)).length / smaller
      }),
    ),
  }
}
