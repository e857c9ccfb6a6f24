// From two verdicts to what is told about the step between them.
import type { Assessment, FluxType, VerdictName } from '../model/assessment.ts'
import type { VerdictChange } from '../model/event.ts'

/** At most this many sentences travel in a webhook; the verdict document has them all. */
const REASONS = 5

export interface VerdictBefore {
  readonly verdict: VerdictName
  readonly fluxType: FluxType | null
  /** When the name was first called `flux`; kept once set. */
  readonly firstFlaggedAt: number | null
}

/** When the name was first called `flux`, this assessment included; null when it never was. */
export function firstFlaggedAt(before: VerdictBefore, assessment: Assessment): number | null {
  return before.firstFlaggedAt ?? (assessment.verdict === 'flux' ? assessment.asOf : null)
}

/** Null when neither the verdict nor the flux type changed. */
export function verdictChange(before: VerdictBefore, assessment: Assessment): VerdictChange | null {
  if (before.verdict === assessment.verdict && before.fluxType === assessment.fluxType) return null
  const flagged = firstFlaggedAt(before, assessment)
  return {
    domain: assessment.domain,
    verdict: assessment.verdict,
    previous_verdict: before.verdict,
    flux_type: assessment.fluxType,
    score: assessment.score,
    as_of: new Date(assessment.asOf).toISOString(),
    first_flagged_at: flagged === null ? null : new Date(flagged).toISOString(),
    reasons: assessment.evidence.slice(0, REASONS).map((evidence) => evidence.text),
    links: { verdict: `/v1/domains/${assessment.domain}/verdict` },
  }
}
