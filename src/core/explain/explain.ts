// Puts an assessment into sentences that can be pasted into a ticket. Reads what is in the assessment and adds no judgement: the
// same assessment always gives the same explanation.
import type { Assessment } from '../model/assessment.ts'
import type { Explanation } from '../model/explanation.ts'
import { DEFAULT_POLICY } from '../policy.ts'
import type { Policy } from '../policy.ts'
import { describeAdvisory } from './advisory.ts'
import { describeCharacteristics } from './characteristics/catalogue.ts'
import { instantText } from './prose.ts'
import { Readings } from './readings.ts'
import { summarise } from './summary.ts'
import { weighedSentences } from './weighed-sentences.ts'
import { describeChange } from './would-change.ts'

/**
 * Explains an assessment.
 *
 * `watching`: whether the domain is still probed. `policy`: the bars that the distances are measured to.
 */
export function explain(
  assessment: Assessment,
  watching: boolean,
  policy: Policy = DEFAULT_POLICY,
): Explanation {
  const readings = new Readings(assessment.features)
  return {
    summary: summarise(assessment),
    sentences: weighedSentences(assessment),
    characteristics: describeCharacteristics(readings),
    advisory: describeAdvisory(assessment, readings),
    wouldChange: describeChange(assessment, readings, policy),
    nextProbe: nextProbe(assessment, watching),
  }
}

function nextProbe({ asOf, nextProbeAt }: Assessment, watching: boolean): string {
  if (!watching) return 'No look is due: the name is not watched any more.'
  const seconds = Math.max(0, Math.round((nextProbeAt - asOf) / 1000))
  return `The next look is due at ${instantText(nextProbeAt)}, ${seconds} s after this one.`
}
