// From evidence to probabilities. Four ways a name can be: no flux, single (addresses), ns (name servers), double (both).
// Evidence about the addresses speaks for single and double, evidence about the name servers for ns and double.
import type { ContextMatch, Evidence, FluxType } from '../model/assessment.ts'
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

export function sumEvidence(evidence: readonly Evidence[]): LogOdds {
  let addresses = 0
  let nameServers = 0
  for (const piece of evidence) {
    if (piece.about === 'addresses') addresses += piece.weight
    else nameServers += piece.weight
  }
  return { addresses, nameServers }
}

/**
 * Lets the context lists lower the log-odds of the address set, and answers with what each match took: its effect, or less.
 *
 * They stop where the addresses have no part in the verdict any more (`double` would be reported as `ns`): who explains the
 * addresses has said nothing of the name servers, so an `ns` verdict and its score stay as they are without the lists.
 * `assurance`: as for `fluxTypeOf`.
 */
export function applyContext(
  odds: LogOdds,
  matches: readonly ContextMatch[],
  priors: Priors,
  assurance: number,
): { readonly odds: LogOdds; readonly context: readonly ContextMatch[] } {
  const floor = Math.log((assurance / (1 - assurance)) * (priors.ns / priors.double))
  let { addresses } = odds
  const context = matches.map((match) => {
    const room = Math.max(0, addresses - floor)
    // Cut like the weights of evidence, and never beyond the room.
    const effect = -Math.min(-match.effect, Math.floor(room * 100) / 100)
    addresses += effect
    return { ...match, effect: effect === 0 ? 0 : effect }
  })
  return { odds: { ...odds, addresses }, context }
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
