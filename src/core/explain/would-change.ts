// What would change the verdict: how far the score is from the next bars, which evidence carries it, what is still open.
import { boundsFor } from '../detect/bounds.ts'
import { countOf } from '../detect/signs/sign.ts'
import type { Assessment, Evidence } from '../model/assessment.ts'
import type { EvidenceFloor, Policy } from '../policy.ts'
import { NAME_SERVER_WATCH_SECONDS } from './bounds.ts'
import { logOdds, natsText, scoreText } from './prose.ts'
import type { Readings } from './readings.ts'

export function describeChange(
  assessment: Assessment,
  readings: Readings,
  policy: Policy,
): readonly string[] {
  return [
    ...distance(assessment, policy),
    ...openType(assessment, readings),
    ...listed(assessment),
    ...missing(readings),
  ]
}

function distance(assessment: Assessment, policy: Policy): readonly string[] {
  const { verdict, score } = assessment
  const bounds = boundsFor(1 - policy.priors.none, policy.errorRates)
  const { fluxExitScore, suspiciousScore, suspiciousExitScore } = policy
  switch (verdict) {
    case 'unresolvable':
      return ['An answer with an address, through any vantage, would end this verdict.']
    case 'pending':
      return [
        `\`flux\` is said from a score of ${scoreText(bounds.flux)} on, \`no_flux_seen\` from ${scoreText(bounds.clear)} down; it stands at ${scoreText(score)}.`,
        ...lackForNoFlux(assessment, policy.noFluxFloor),
      ]
    case 'flux':
      return [
        `The verdict is withdrawn when the score falls under ${fluxExitScore}: it stands ${apart(score, fluxExitScore)} above.`,
        ...carriers(assessment, apartNats(score, fluxExitScore), 'flux'),
        ...standstill(assessment, policy),
      ]
    case 'suspicious':
      return [
        `\`flux\` is said from a score of ${scoreText(bounds.flux)} on: ${apart(score, bounds.flux)} away.`,
        `The suspicion is dropped when the score falls under ${suspiciousExitScore}: ${apart(score, suspiciousExitScore)} away.`,
      ]
    case 'no_flux_seen':
      return [
        `\`no_flux_seen\` holds up to a score of ${scoreText(bounds.clear)}: it stands ${apart(score, bounds.clear)} below; \`suspicious\` begins at ${suspiciousScore}.`,
        'New addresses in unrelated networks at later looks would raise it, or new addresses behind the name servers.',
        ...carriers(assessment, apartNats(score, bounds.clear), 'no_flux'),
      ]
  }
}

function lackForNoFlux({ rounds, observedForSeconds }: Assessment, floor: EvidenceFloor): readonly string[] {
  if (rounds >= floor.rounds && observedForSeconds >= floor.observedSeconds) return []
  return [
    `\`no_flux_seen\` takes at least ${countOf(floor.rounds, 'round')} and ${floor.observedSeconds} s, and \`flux\` new addresses at later looks.`,
  ]
}

/** Distance of two scores in nats of log-odds. A score of 0 or 1 is rounded, so the distance from it is a least one. */
function apartNats(score: number, bar: number): number {
  return Math.abs(logOdds(Math.min(0.9999, Math.max(0.0001, score))) - logOdds(bar))
}

function apart(score: number, bar: number): string {
  const isRounded = score >= 0.9999 || score <= 0.0001
  return `${isRounded ? 'at least ' : ''}${natsText(apartNats(score, bar))} (log-odds)`
}

/** Which single pieces outweigh the margin; when none does, that is worth saying too. */
function carriers(
  { evidence }: Assessment,
  margin: number,
  direction: Evidence['pointsTo'],
): readonly string[] {
  const along = evidence.filter(({ pointsTo }) => pointsTo === direction)
  const decisive = along.filter(({ weight }) => Math.abs(weight) > margin)
  if (decisive.length > 0) {
    return decisive.map(({ id, weight }) => `Without “${id}” (${natsText(weight)}) it would hardly stand.`)
  }
  const heaviest = along[0]
  return heaviest === undefined
    ? []
    : [
        `No single piece of evidence carries it: the heaviest, “${heaviest.id}”, weighs ${natsText(heaviest.weight)}.`,
      ]
}

/** What has stopped moving is forgotten by and by. */
function standstill({ fluxType }: Assessment, policy: Policy): readonly string[] {
  const { graceSeconds, halfLifeSeconds } = fluxType === 'ns' ? policy.nameServerFading : policy.addressFading
  return [
    `After ${graceSeconds} s without a new address what was seen fades, by half every ${halfLifeSeconds} s.`,
  ]
}

function openType({ verdict, fluxType }: Assessment, readings: Readings): readonly string[] {
  if (verdict !== 'flux' || fluxType === 'double') return []
  if (fluxType === 'ns') {
    return [
      'New addresses of the name itself, look after look in unrelated networks, would make it double flux.',
    ]
  }
  const watched = readings.value('ns_watched') ?? 0
  if (watched >= NAME_SERVER_WATCH_SECONDS) return []
  return [
    `New addresses behind its name servers would make it double flux: they were watched for ${countOf(watched, 'second')}, and it takes up to ${NAME_SERVER_WATCH_SECONDS} s until three in four that move have moved once.`,
  ]
}

function listed({ context }: Assessment): readonly string[] {
  return context
    .filter(({ effect }) => effect < 0)
    .map(
      ({ list, entry, effect }) =>
        `Without the entry ${entry} of ${list}, ${natsText(effect)} would not be taken off.`,
    )
}

function missing(readings: Readings): readonly string[] {
  const unmapped = readings.count('a_addresses') > 0 && readings.value('a_asns') === null
  return unmapped ? ['An ASN database (`fluxwatch geo update`) would tell whose networks these are.'] : []
}
