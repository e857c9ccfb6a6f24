// What one vantage showed of one question type in one round: a resolver gives one observation, the `direct` vantage one for
// each authority that it asked. Decides what belongs together, what its outcome is, and which answers need no memory of
// caches to be called fresh.
import type { QuestionType } from '../dns/record.ts'
import { isOwnFailure } from '../dns/reply.ts'
import type { FailureKind, Outcome } from '../dns/reply.ts'
import type { Observation } from '../model/observation.ts'
import { inFixedOrder } from './round-order.ts'

export interface VantageLook {
  readonly vantage: string
  readonly qtype: QuestionType
  /** At least one, in fixed order. */
  readonly observations: readonly Observation[]
}

/**
 * The looks of a round, in fixed order. Of a vantage that names the servers it asked, all observations of one question type
 * are one look, those without a server (nobody could be asked) included; every other observation is a look of its own.
 */
export function looksOf(observations: readonly Observation[]): readonly VantageLook[] {
  const looks: VantageLook[] = []
  const ordered = inFixedOrder(observations)
  if (!observations.some(isFromAuthority)) {
    for (const one of ordered) looks.push({ vantage: one.vantage, qtype: one.qtype, observations: [one] })
    return looks
  }
  const direct = new Set(observations.filter(isFromAuthority).map((observation) => observation.vantage))
  const together = new Map<string, Observation[]>()
  for (const observation of ordered) {
    const { vantage, qtype } = observation
    const key = `${vantage} ${qtype}`
    const held = together.get(key)
    if (held !== undefined) {
      held.push(observation)
      continue
    }
    const members = [observation]
    looks.push({ vantage, qtype, observations: members })
    if (direct.has(vantage)) together.set(key, members)
  }
  return looks
}

export function isFromAuthority({ server, side }: Observation): boolean {
  return server !== undefined || side !== undefined
}

/**
 * Whether the answer comes out of zone data: an authority's own answer (AA), or a parent's referral. Nothing counts its TTL
 * down, so it is always fresh. The AA bit of a resolver is not relied on: whether it repeats a copy, its TTLs tell.
 */
export function isFirstHand(observation: Observation): boolean {
  if (!isFromAuthority(observation)) return false
  return observation.side === 'parent' || observation.authoritative === true
}

export interface LookOutcome {
  readonly outcome: Outcome
  readonly failure?: FailureKind
}

const BY_WEIGHT: readonly Outcome[] = ['answer', 'nodata', 'nxdomain']

/**
 * What the look says about the name: the best that any of the servers answered, since a resolver would have found it too.
 * That one of thirteen servers is lame or silent is no failure of the name. A parent's referral counts only when nobody else
 * was asked: it does not make a dead zone live. When all failed, a failure of theirs counts before one of our own, and
 * among those the first by name.
 */
export function outcomeOfLook({ observations }: VantageLook): LookOutcome {
  if (observations.length === 1) {
    const { outcome, failure } = observations[0]!
    return outcome === 'failed' ? { outcome, failure: failure ?? 'rcode_other' } : { outcome }
  }
  const own = observations.filter(({ side }) => side !== 'parent')
  const telling = own.length > 0 ? own : observations
  const outcomes = new Set(telling.map(({ outcome }) => outcome))
  const best = BY_WEIGHT.find((outcome) => outcomes.has(outcome))
  if (best !== undefined) return { outcome: best }
  const kinds = telling.map(({ failure }) => failure ?? 'rcode_other').toSorted()
  return { outcome: 'failed', failure: kinds.find((kind) => !isOwnFailure(kind)) ?? kinds[0]! }
}
