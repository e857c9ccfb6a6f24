// What a rule of evidence is, and how it becomes a piece of evidence: the weight is cut to the rule's cap, the value and
// its unit come from the feature, and a rule that has nothing to say is silent.
import type { Evidence } from '../model/assessment.ts'
import type { FeatureTable } from '../features/feature-definition.ts'

export interface Weighed {
  /** Nats; positive points to flux. */
  readonly weight: number
  /** One sentence; its numbers are values and supports of features. */
  readonly text: string
}

export interface EvidenceRule {
  /** Kebab case, unique. */
  readonly id: string
  readonly about: Evidence['about']
  /** The feature whose value the evidence carries. */
  readonly feature: string
  readonly unit: string
  /** Largest |weight|, nats. */
  readonly capNats: number
  /** Where the idea and the numbers are from; says so where a number is hand-set. */
  readonly source: string
  /** Null when the features do not allow a statement. Reads features only. */
  weigh(features: FeatureTable): Weighed | null
}

/** Under this a weight is noise and the sentence would only be in the way. Nats. */
const LEAST_WEIGHT = 0.05

export function applyRule(rule: EvidenceRule, features: FeatureTable): Evidence | null {
  const weighed = rule.weigh(features)
  const value = features.value(rule.feature)
  if (weighed === null || value === null) return null
  const capped = Math.max(-rule.capNats, Math.min(rule.capNats, weighed.weight))
  const weight = Math.round(capped * 100) / 100
  if (Math.abs(weight) < LEAST_WEIGHT) return null
  return {
    id: rule.id,
    pointsTo: weight > 0 ? 'flux' : 'no_flux',
    about: rule.about,
    weight,
    value,
    unit: rule.unit,
    text: weighed.text,
    source: rule.source,
  }
}

/** The weight of the first step whose bound is above the value; steps are [below, weight], rising. */
export function stepWeight(
  value: number,
  steps: readonly (readonly [below: number, weight: number])[],
  otherwise: number,
): number {
  return steps.find(([below]) => value < below)?.[1] ?? otherwise
}

/** `1 address`, `2 addresses`: the plural is given where it is more than an `s`. */
export function countOf(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`
}
