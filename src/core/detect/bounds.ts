// The two bounds of the sequential decision, from the error rates that the policy states: Wald's, on the posterior.
import type { ErrorRates } from '../policy.ts'

export interface Bounds {
  /** Posterior from which a name is `flux`. */
  readonly flux: number
  /** Posterior down to which a name is `no_flux_seen`. */
  readonly clear: number
}

/**
 * Wald's bounds on the log-likelihood ratio, ln((1 − miss) / falseAlarm) and ln(miss / (1 − falseAlarm)), as posteriors of
 * a name with the prior probability `prior` of flux.
 *
 * Source: Wald, Sequential Tests of Statistical Hypotheses, Annals of Mathematical Statistics 16, 1945.
 */
export function boundsFor(prior: number, { falseAlarm, miss }: ErrorRates): Bounds {
  const before = Math.log(prior / (1 - prior))
  return {
    flux: posteriorAt(before + Math.log((1 - miss) / falseAlarm)),
    clear: posteriorAt(before + Math.log(miss / (1 - falseAlarm))),
  }
}

function posteriorAt(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds))
}
