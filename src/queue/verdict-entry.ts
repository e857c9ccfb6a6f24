// The outbox entry of a changed verdict. Fired on a transition, never on every round.
import { createHash } from 'node:crypto'
import { verdictChange, type VerdictBefore } from '../core/detect/verdict-change.ts'
import type { Assessment } from '../core/model/assessment.ts'
import type { VerdictEntry } from '../core/model/outbox.ts'

/** Null when nothing changed. `version` is the committing round. */
export function verdictEntry(
  before: VerdictBefore,
  assessment: Assessment,
  version: number,
): VerdictEntry | null {
  const change = verdictChange(before, assessment)
  return change && { kind: 'verdict', id: entryId(assessment, version), version, change }
}

/** The same for a commit that is repeated, another for every other; holds no dots, since it becomes a `webhook-id`. */
function entryId(assessment: Assessment, version: number): string {
  const digest = createHash('sha256')
    .update(`${assessment.domain}/${version}/${assessment.asOf}`)
    .digest('hex')
  return `evt_${digest.slice(0, 24)}`
}
