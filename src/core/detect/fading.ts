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
  /** Features: seconds since the last new address came, and the fresh answers since then; of several, the latest move counts. */
  readonly logs: readonly { readonly seconds: string; readonly answers: string }[]
  readonly things: string
}

export const QUIET_ADDRESSES: Quiet = {
  about: 'addresses',
  logs: [
    { seconds: 'a_quiet', answers: 'a_quiet_answers' },
    { seconds: 'aaaa_quiet', answers: 'aaaa_quiet_answers' },
  ],
  things: 'address of the name',
}

export const QUIET_NAME_SERVERS: Quiet = {
  about: 'name_servers',
  logs: [{ seconds: 'ns_quiet', answers: 'ns_quiet_answers' }],
  things: 'address of a name server',
}

/** Positive odds halve towards STILL_ODDS every `halfLifeSeconds` after `graceSeconds` of quiet; others stay. */
export function fade(odds: number, quiet: Quiet, features: FeatureTable, fading: Fading, now: number): Faded {
  const { seconds, answers } = latestMove(quiet, features)
  const over = seconds - fading.graceSeconds
  if (odds <= 0 || over <= 0 || answers < fading.leastAnswers)
    return { odds, evidence: null, quietSince: null }
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

function latestMove({ logs }: Quiet, features: FeatureTable): { seconds: number; answers: number } {
  let latest = { seconds: Infinity, answers: 0 }
  for (const log of logs) {
    const seconds = features.value(log.seconds)
    if (seconds !== null && seconds < latest.seconds)
      latest = { seconds, answers: features.count(log.answers) }
  }
  return latest
}
