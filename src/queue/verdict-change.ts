// From two verdicts to what the outbox says about the step between them. Pure; fired on a transition, never on every round.
import { createHash } from 'node:crypto'
import type { Assessment, FluxType, VerdictName } from '../core/model/assessment.ts'
import type { VerdictEntry } from '../core/model/outbox.ts'

/** At most this many sentences travel in a webhook; the verdict document has them all. */
const REASONS = 5

export interface VerdictBefore {
  readonly verdict: VerdictName
  readonly fluxType: FluxType | null
  readonly firstFlaggedAt: number | null
}

/** When the name was first called `flux`: kept once set. */
export function firstFlaggedAt(before: VerdictBefore, assessment: Assessment): number | null {
  return before.firstFlaggedAt ?? (assessment.verdict === 'flux' ? assessment.asOf : null)
}

/** The outbox entry for a changed verdict or flux type; null when nothing changed. `version` is the committing round. */
export function verdictEntry(
  before: VerdictBefore,
  assessment: Assessment,
  version: number,
): VerdictEntry | null {
  if (before.verdict === assessment.verdict && before.fluxType === assessment.fluxType) return null
  const flagged = firstFlaggedAt(before, assessment)
  return {
    kind: 'verdict',
    id: entryId(assessment, version),
    version,
    change: {
      domain: assessment.domain,
      verdict: assessment.verdict,
      previous_verdict: before.verdict,
      flux_type: assessment.fluxType,
      score: assessment.score,
      as_of: new Date(assessment.asOf).toISOString(),
      first_flagged_at: flagged === null ? null : new Date(flagged).toISOString(),
      reasons: assessment.evidence.slice(0, REASONS).map((evidence) => evidence.text),
      links: { verdict: `/v1/domains/${assessment.domain}/verdict` },
    },
  }
}

/** The same for a commit that is repeated, another for every other; holds no dots, since it becomes a `webhook-id`. */
function entryId(assessment: Assessment, version: number): string {
  const digest = createHash('sha256')
    .update(`${assessment.domain}/${version}/${assessment.asOf}`)
    .digest('hex')
  return `evt_${digest.slice(0, 24)}`
}
