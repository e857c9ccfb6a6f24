// The final line of a domain, in the words of the HTTP verdict (snake case).
import type { ReplayResult } from './replay-domain.ts'

/** One line of JSON without a line break. `set` is there exactly when the responses had one. */
export function finalLine({ set, domain, responses, flaggedAfter, assessment }: ReplayResult): string {
  return JSON.stringify({
    ...(set === null ? {} : { set }),
    domain,
    verdict: assessment.verdict,
    flux_type: assessment.fluxType,
    score: assessment.score,
    responses,
    flagged_after: flaggedAfter,
    evidence: assessment.evidence.map(({ id, pointsTo, about, weight, value, unit, text, source }) => ({
      id,
      points_to: pointsTo,
      about,
      weight,
      value,
      unit,
      text,
      source,
    })),
    context: assessment.context,
    features: Object.fromEntries(assessment.features.map(({ id, value }) => [id, value])),
    panel: assessment.panel,
    notes: assessment.notes,
    model: assessment.model,
  })
}
