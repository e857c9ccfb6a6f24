// The score from which a name may enter `flux`, and who is over it without being flagged. What else a verdict asks for is decided in
// decide.ts.
import type { Assessment } from '../model/assessment.ts'
import type { Policy } from '../policy.ts'
import { boundsFor } from './bounds.ts'

/** Posterior, 0…1: Wald's upper bound for the error rates of the policy. */
export function fluxBar({ priors, errorRates }: Pick<Policy, 'priors' | 'errorRates'>): number {
  return boundsFor(1 - priors.none, errorRates).flux
}

/**
 * Whether a name that is not decided has the score of a flagged one: only the floors of evidence hold it, for it was seen too
 * briefly. What it inherited from others counts in here: so it must convict nobody.
 */
export function isNearlyFlux(
  { verdict, score }: Pick<Assessment, 'verdict' | 'score'>,
  policy: Pick<Policy, 'priors' | 'errorRates'>,
): boolean {
  return (verdict === 'pending' || verdict === 'suspicious') && score >= fluxBar(policy)
}
