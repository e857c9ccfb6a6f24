// From probabilities to a verdict. Floors first: a verdict needs enough looks, however clear the first one seems. Failures
// never lead to flux; they lead to `unresolvable`, and our own failures to nothing at all.
import type { FluxType, VerdictName } from '../model/assessment.ts'
import type { EvidenceFloor, Policy } from '../policy.ts'
import { describeLack, reachesFloor } from './evidence-floor.ts'
import { fluxTypeOf, scoreOf } from './posterior.ts'
import type { Posterior } from './posterior.ts'

/** What the decision reads besides the posterior. */
export interface Situation {
  readonly posterior: Posterior
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
  /** The address set moves over unrelated networks, and no list says why. */
  readonly movesUnexplained: boolean
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
  const watched = {
    rounds: situation.rounds,
    observedSeconds: situation.observedSeconds,
    freshAnswers: fluxType === 'ns' ? situation.nameServerAnswers : situation.freshAnswers,
  }
  const fluxFloor = fluxFloorFor(fluxType, situation.hasAsn, policy)
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
  return situation.movesUnexplained
    ? undecided(
        'pending',
        'The addresses move over unrelated networks, too slowly or too little to call it flux yet.',
      )
    : undecided('no_flux_seen')
}

function fluxFloorFor(fluxType: FluxType, hasAsn: boolean, policy: Policy): EvidenceFloor {
  if (!hasAsn) return policy.fluxFloorWithoutAsn
  return fluxType === 'single' ? policy.fluxFloor : policy.nameServerFluxFloor
}

function barsFor({ previous, hasAsn }: Situation, policy: Policy): { flux: number; suspicious: number } {
  const enter = hasAsn ? policy.fluxScore : policy.fluxScoreWithoutAsn
  return {
    flux: previous === 'flux' ? policy.fluxExitScore : enter,
    suspicious:
      previous === 'flux' || previous === 'suspicious' ? policy.suspiciousExitScore : policy.suspiciousScore,
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
  }
  if (reachesFloor(watched, policy.unresolvableFloor)) {
    return undecided('unresolvable', 'No look brought an address; that is no sign of flux.')
  }
  return undecided('pending', lackSentence(watched, policy.unresolvableFloor))
}

function lackSentence(watched: Parameters<typeof describeLack>[0], floor: EvidenceFloor): string {
  return `Not decided before enough was seen: ${describeLack(watched, floor)}.`
}
