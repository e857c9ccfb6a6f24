// From probabilities to a verdict. Floors first: a verdict needs enough looks, however clear the first one seems. Failures
// never lead to flux; they lead to `unresolvable`, and our own failures to nothing at all.
import type { FluxType, VerdictName } from '../model/assessment.ts'
import type { EvidenceFloor, Policy } from '../policy.ts'
import { boundsFor } from './bounds.ts'
import { describeLack, reachesFloor } from './evidence-floor.ts'
import type { Watched } from './evidence-floor.ts'
import { fluxTypeOf, scoreOf } from './posterior.ts'
import type { Posterior } from './posterior.ts'

/** What the decision reads besides the posterior. */
export interface Situation {
  readonly posterior: Posterior
  /** Nothing at all is known of the name servers. */
  readonly nameServersUnread: boolean
  readonly rounds: number
  readonly observedSeconds: number
  /** Fresh answers with addresses of the name. */
  readonly freshAnswers: number
  /** Fresh answers with addresses of its name servers. */
  readonly nameServerAnswers: number
  /** Answers of any kind, failures included, without our own failures. */
  readonly usableOutcomes: number
  readonly ownFailures: number
  readonly hasAsn: boolean
  /** It is known of some name servers' addresses whether access providers own them. */
  readonly nameServerOwnersKnown: boolean
  /** New addresses beyond the first answer, the most that one vantage saw: of the name, and of its name servers. */
  readonly movedAddresses: number
  readonly movedNameServers: number
  /** The verdict so far, for hysteresis; null when there is none. */
  readonly previous: VerdictName | null
}

export interface Decision {
  readonly verdict: VerdictName
  readonly fluxType: FluxType | null
  readonly score: number
  /** Why the verdict is not further. */
  readonly notes: readonly string[]
}

export function decide(situation: Situation, policy: Policy): Decision {
  const score = scoreOf(situation.posterior)
  const fluxType = fluxTypeOf(situation.posterior, policy.doubleAssurance)
  const undecided = (verdict: VerdictName, ...notes: string[]): Decision => ({
    verdict,
    fluxType: null,
    score,
    notes,
  })

  if (situation.usableOutcomes === 0) {
    return undecided(
      'pending',
      situation.ownFailures > 0
        ? 'No vantage could be reached, or none may ask: nothing is known of the name yet.'
        : 'The name has not been asked yet.',
    )
  }
  // For NS flux the answers for the name servers count: the name itself may well be down.
  const watched: Watched = {
    rounds: situation.rounds,
    observedSeconds: situation.observedSeconds,
    freshAnswers: fluxType === 'ns' ? situation.nameServerAnswers : situation.freshAnswers,
    moved: movedOf(fluxType, situation),
  }
  const fluxFloor = fluxFloorFor(fluxType, situation, policy)
  const bars = barsFor(situation, policy)
  if (score >= bars.flux && reachesFloor(watched, fluxFloor)) {
    return { verdict: 'flux', fluxType, score, notes: [] }
  }
  if (score >= bars.suspicious) {
    if (reachesFloor(watched, fluxFloor)) return undecided('suspicious')
    return undecided('pending', lackSentence(watched, fluxFloor))
  }
  if (situation.freshAnswers === 0) return decideUnresolved(situation, policy, undecided)
  const seen = { ...watched, freshAnswers: situation.freshAnswers }
  if (!reachesFloor(seen, policy.noFluxFloor))
    return undecided('pending', lackSentence(seen, policy.noFluxFloor))
  return clearingScore(situation) <= bars.clear
    ? undecided('no_flux_seen')
    : undecided('pending', 'What was seen speaks neither for flux nor clearly enough against it yet.')
}

/** Who was never seen cannot be cleared, and does not keep the addresses from it: a note says that NS flux could not show. */
function clearingScore({ posterior, nameServersUnread }: Situation): number {
  return nameServersUnread ? posterior.single / (posterior.none + posterior.single) : scoreOf(posterior)
}

function movedOf(fluxType: FluxType, { movedAddresses, movedNameServers }: Situation): number {
  if (fluxType === 'double') return Math.max(movedAddresses, movedNameServers)
  return fluxType === 'ns' ? movedNameServers : movedAddresses
}

function fluxFloorFor(
  fluxType: FluxType,
  { hasAsn, nameServerOwnersKnown }: Situation,
  policy: Policy,
): EvidenceFloor {
  if (!hasAsn) return policy.fluxFloorWithoutAsn
  if (fluxType === 'single') return policy.fluxFloor
  return nameServerOwnersKnown ? policy.nameServerFluxFloor : policy.nameServerFluxFloorOwnersUnknown
}

interface Bars {
  readonly flux: number
  readonly suspicious: number
  readonly clear: number
}

function barsFor({ previous }: Situation, policy: Policy): Bars {
  const bounds = boundsFor(1 - policy.priors.none, policy.errorRates)
  return {
    flux: previous === 'flux' ? policy.fluxExitScore : bounds.flux,
    suspicious:
      previous === 'flux' || previous === 'suspicious' ? policy.suspiciousExitScore : policy.suspiciousScore,
    clear: bounds.clear,
  }
}

function decideUnresolved(
  situation: Situation,
  policy: Policy,
  undecided: (verdict: VerdictName, ...notes: string[]) => Decision,
): Decision {
  // Our own failures fill no floor: there must be a usable outcome for each round that is asked for.
  const watched = {
    rounds: Math.min(situation.rounds, situation.usableOutcomes),
    observedSeconds: situation.observedSeconds,
    freshAnswers: 0,
    moved: 0,
  }
  if (reachesFloor(watched, policy.unresolvableFloor)) {
    return undecided('unresolvable', 'No look brought an address; that is no sign of flux.')
  }
  return undecided('pending', lackSentence(watched, policy.unresolvableFloor))
}

function lackSentence(watched: Watched, floor: EvidenceFloor): string {
  return `Not decided before enough was seen: ${describeLack(watched, floor)}.`
}
