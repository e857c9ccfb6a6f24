// How well a score ranks flux before everything else, whatever bar is set.

export interface Scored {
  readonly score: number
  readonly isFlux: boolean
}

export interface Roc {
  readonly flux: number
  readonly benign: number
  /** Area under the curve: the chance that a flux member scores higher than a benign one, ties counted half. Null of one kind alone. */
  readonly auc: number | null
  /** Highest share of flux found with at most this share of false alarms, for each share asked for. */
  readonly tprAt: readonly (number | null)[]
}

export function roc(scored: readonly Scored[], falseAlarmShares: readonly number[]): Roc {
  const steps = curve(scored)
  const { flux, benign } = steps.at(-1)!
  const defined = flux > 0 && benign > 0
  return {
    flux,
    benign,
    auc: defined ? area(steps) / (flux * benign) : null,
    tprAt: falseAlarmShares.map((share) =>
      defined
        ? Math.max(...steps.filter((step) => step.benign <= share * benign).map((step) => step.flux)) / flux
        : null,
    ),
  }
}

interface Step {
  readonly flux: number
  readonly benign: number
}

/** Members at or above the bar, for each bar from above the highest score down; equal scores are one step. */
function curve(scored: readonly Scored[]): Step[] {
  const sorted = scored.toSorted((a, b) => b.score - a.score)
  const steps: Step[] = [{ flux: 0, benign: 0 }]
  let flux = 0
  let benign = 0
  for (const [place, one] of sorted.entries()) {
    if (one.isFlux) flux += 1
    else benign += 1
    if (sorted[place + 1]?.score !== one.score) steps.push({ flux, benign })
  }
  return steps
}

function area(steps: readonly Step[]): number {
  let sum = 0
  for (const [place, step] of steps.entries()) {
    const before = steps[place - 1]
    if (before !== undefined) sum += ((step.benign - before.benign) * (step.flux + before.flux)) / 2
  }
  return sum
}
