// Whether a verdict of flux would stand without what was inherited: from other flagged names, and from sensors. Only such a name may
// speak against others: else two names could convict each other for ever with nothing behind it, and data that somebody imported
// would reach names that no sensor saw.
import type { Assessment } from '../model/assessment.ts'
import type { Policy } from '../policy.ts'
import { fluxBar } from './flux-bar.ts'
import { SENSOR_EVIDENCE } from './sensors.ts'

/** The evidence that comes from other names' verdicts, or from data that is not our own. */
const INHERITED: ReadonlySet<string> = new Set([
  'a-flagged-neighbours',
  'ns-flagged-neighbours',
  'a-network-domains',
  'ns-network-domains',
  SENSOR_EVIDENCE,
])

/**
 * True for `flux` whose score is over the bar for entering after all inherited weight is taken off.
 *
 * Errs to false only: each way of fluxing has the inherited weights at most once, so the odds without them are at least
 * the odds divided by e^weights.
 */
export function standsAlone({ verdict, score, evidence }: Assessment, policy: Policy): boolean {
  if (verdict !== 'flux') return false
  const inherited = evidence
    .filter(({ id, weight }) => INHERITED.has(id) && weight > 0)
    .reduce((sum, { weight }) => sum + weight, 0)
  return logOdds(score) - inherited >= logOdds(fluxBar(policy))
}

function logOdds(probability: number): number {
  return Math.log(probability / (1 - probability))
}
