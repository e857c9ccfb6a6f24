// From evidence to probabilities. Four ways a name can be: no flux, single (addresses), ns (name servers), double (both).
// Evidence about the addresses speaks for single and double, evidence about the name servers for ns and double.
import type { FluxType } from '../model/assessment.ts'
import type { Priors } from '../policy.ts'

export interface LogOdds {
  /** Nats for "the address set fluxes". */
  readonly addresses: number
  /** Nats for "the name servers or their addresses flux". */
  readonly nameServers: number
}

export interface Posterior {
  readonly none: number
  readonly single: number
  readonly ns: number
  readonly double: number
}

/** Bayes over the four ways: prior × exp(sum of what speaks for it), normalised. */
export function posteriorOf(priors: Priors, odds: LogOdds): Posterior {
  const logs = {
    none: Math.log(priors.none),
    single: Math.log(priors.single) + odds.addresses,
    ns: Math.log(priors.ns) + odds.nameServers,
    double: Math.log(priors.double) + odds.addresses + odds.nameServers,
  }
  const top = Math.max(logs.none, logs.single, logs.ns, logs.double)
  const none = Math.exp(logs.none - top)
  const single = Math.exp(logs.single - top)
  const ns = Math.exp(logs.ns - top)
  const double = Math.exp(logs.double - top)
  const sum = none + single + ns + double
  return { none: none / sum, single: single / sum, ns: ns / sum, double: double / sum }
}

/** Probability of any flux. */
export function scoreOf(posterior: Posterior): number {
  return posterior.single + posterior.ns + posterior.double
}

/**
 * The type to report when the name fluxes: `double` only when both halves stand on their own, so that an address set that
 * fluxes is not called double because nothing is known of its name servers.
 *
 * `assurance`: the share, 0…1, that double must have of double + single, and of double + ns.
 */
export function fluxTypeOf({ single, ns, double }: Posterior, assurance: number): FluxType {
  const nameServersToo = double >= assurance * (double + single)
  const addressesToo = double >= assurance * (double + ns)
  if (nameServersToo && addressesToo) return 'double'
  if (nameServersToo) return 'ns'
  if (addressesToo) return 'single'
  return ns > single ? 'ns' : 'single'
}
