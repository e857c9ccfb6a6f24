// Evidence of movement fades when nothing moves any more: a network that stopped fluxing is cleared, and the answer says since
// when. Standing still for a while is no sign (flux pauses); standing still for longer than flux does is.
import type { FeatureTable } from '../features/feature-definition.ts'
import type { Evidence } from '../model/assessment.ts'
import type { Fading } from '../policy.ts'

/** Odds of a set that has stood still for very long: as if no movement had ever been seen, and a little less. Nats. */
const STILL_ODDS = -6

export interface Faded {
  readonly odds: number
  /** Null while nothing faded. */
  readonly evidence: Evidence | null
  /** When the last new address came; ms since the epoch; null while nothing faded. */
  readonly quietSince: number | null
}

export interface Quiet {
  readonly about: Evidence['about']
  /** Features: seconds since the last new address came, and the fresh answers since then. */
  readonly seconds: 'a_quiet' | 'ns_quiet'
  readonly answers: 'a_quiet_answers' | 'ns_quiet_answers'
  readonly things: string
}

export const QUIET_ADDRESSES: Quiet = {
  about: 'addresses',
  seconds: 'a_quiet',
  answers: 'a_quiet_answers',
  things: 'address of the name',
}

export const QUIET_NAME_SERVERS: Quiet = {
  about: 'name_servers',
  seconds: 'ns_quiet',
  answers: 'ns_quiet_answers',
  things: 'address of a name server',
}

/** Positive odds halve towards STILL_ODDS every `halfLifeSeconds` after `graceSeconds` of quiet; others stay. */
export function fade(odds: number, quiet: Quiet, features: FeatureTable, fading: Fading, now: number): Faded {
  const seconds = features.value(quiet.seconds)
  const answers = features.value(quiet.answers) ?? 0
  const over = (seconds ?? 0) - fading.graceSeconds
  if (odds <= 0 || seconds === null || over <= 0 || answers < fading.leastAnswers) {
    return { odds, evidence: null, quietSince: null }
  }
  const kept = 2 ** (-over / fading.halfLifeSeconds)
  const faded = odds * kept + STILL_ODDS * (1 - kept)
  const quietSince = now - seconds * 1000
  return {
    odds: faded,
    quietSince,
    evidence: {
      id: quiet.about === 'addresses' ? 'a-quiet' : 'ns-quiet',
      pointsTo: 'no_flux',
      about: quiet.about,
      weight: faded - odds,
      value: seconds,
      unit: 'seconds',
      text: `No new ${quiet.things} since ${new Date(quietSince).toISOString()}, in ${answers} fresh answers: what was seen before fades.`,
      source: fading.source,
    },
  }
}
