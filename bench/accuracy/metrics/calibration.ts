// Whether a score of 0.3 means three in ten. The population has as much flux as the bench drew, not as much as there is: each
// member is weighed so that the truths have the shares that the policy's prior gives them.
import type { TruthName } from './confusion.ts'
import type { Priors } from '../../../src/core/policy.ts'

export interface Judged {
  readonly score: number
  readonly truth: TruthName
}

export interface ReliabilityBin {
  /** Scores from `from` to below `to`; the last bin holds `to` as well. */
  readonly from: number
  readonly to: number
  readonly members: number
  /** Share of the weighed population that lies in the bin. */
  readonly weight: number
  /** Weighed means; null of an empty bin. */
  readonly meanScore: number | null
  readonly fluxShare: number | null
}

/** Ten bins of equal width. */
export const EQUAL_EDGES: readonly number[] = Array.from({ length: 11 }, (_, edge) => edge / 10)
/** Fine at both ends, where nearly all scores lie. */
export const FINE_EDGES: readonly number[] = [0, 0.0001, 0.001, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.999, 1]

export function reliability(
  judged: readonly Judged[],
  priors: Priors,
  edges: readonly number[],
): ReliabilityBin[] {
  const weightOf = weights(judged, priors)
  return edges.slice(0, -1).map((from, place) => {
    const to = edges[place + 1]!
    const isLast = place === edges.length - 2
    const inside = judged.filter(({ score }) => score >= from && (score < to || (isLast && score <= to)))
    let weight = 0
    let scores = 0
    let flux = 0
    for (const { score, truth } of inside) {
      const own = weightOf(truth)
      weight += own
      scores += own * score
      if (truth !== 'none') flux += own
    }
    return {
      from,
      to,
      members: inside.length,
      weight,
      meanScore: weight === 0 ? null : scores / weight,
      fluxShare: weight === 0 ? null : flux / weight,
    }
  })
}

/** Expected calibration error: the mean distance of score and truth over the bins, weighed (Naeini et al., AAAI 2015). */
export function expectedCalibrationError(bins: readonly ReliabilityBin[]): number {
  return bins.reduce(
    (sum, { weight, meanScore, fluxShare }) =>
      meanScore === null || fluxShare === null ? sum : sum + weight * Math.abs(meanScore - fluxShare),
    0,
  )
}

/** Weights that sum to 1 over all; a truth that nobody has leaves its share to the others. */
function weights(judged: readonly Judged[], priors: Priors): (truth: TruthName) => number {
  const counts = new Map<TruthName, number>()
  for (const { truth } of judged) counts.set(truth, (counts.get(truth) ?? 0) + 1)
  const present = [...counts.keys()].reduce((sum, truth) => sum + priors[truth], 0)
  return (truth) => priors[truth] / present / counts.get(truth)!
}
