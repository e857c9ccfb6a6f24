// What comes of a round that was taken into its series: the series, and the observations with what the fold found out about
// each.
import type { Freshness, Observation } from '../model/observation.ts'

export interface FoldedRound<Series> {
  readonly series: Series
  /** In the order of the round. Without `freshness` when the round had been taken in before. */
  readonly observations: readonly Observation[]
}

/** The freshness of the observations for which the question arises. */
export type FreshnessOf = ReadonlyMap<Observation, Freshness>

export function markFreshness(
  observations: readonly Observation[],
  freshness: FreshnessOf,
): readonly Observation[] {
  return observations.map((observation) => {
    const found = freshness.get(observation)
    return found === undefined ? observation : { ...observation, freshness: found }
  })
}
