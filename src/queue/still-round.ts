// When a round of a watched host needs no assessment: nothing new was seen, and the verdict rests. A name that stays still costs next
// to nothing then. What counts as nothing new is core's (isStill).
import type { VerdictBefore } from '../core/detect/verdict-change.ts'
import type { VerdictName } from '../core/model/assessment.ts'
import type { Policy } from '../core/policy.ts'
import { nextHostProbe } from '../core/schedule/next-probe.ts'
import type { HostSeries } from '../core/series/host-series.ts'
import { isStill } from '../core/series/still-round.ts'
import type { RoundParts, RoundTarget, RoundWatch } from './round-ports.ts'

/** Of so many rounds of a name at rest one assesses: six hours at the longest wait. Hand-set. */
export const RESTING_ROUNDS = 6

export interface StillRound {
  readonly judgedAgainst: VerdictBefore
  /** Since the latest assessment, with this one. */
  readonly rounds: number
  readonly nextDueAt: number
}

/** Verdicts whose assessment is made again when it is read, once they stand. */
export function mayRest(verdict: VerdictName): boolean {
  return verdict === 'no_flux_seen'
}

/**
 * Null when the round is to be assessed: the verdict may not rest, something new was seen, somebody hastened the name, its watch
 * is over, or the five before it were not. Its name servers are probed by themselves, and
 * hasten it when they move.
 */
export function standsStill(
  {
    loaded,
    watch,
    before,
    series,
    intervalSeconds,
  }: {
    readonly loaded: RoundTarget
    readonly watch: RoundWatch
    readonly before: HostSeries | null
    /** With this round. */
    readonly series: HostSeries
    readonly intervalSeconds: number | null
  },
  { policy }: Pick<RoundParts, 'policy'>,
  now: number,
): StillRound | null {
  const { stillRounds } = loaded
  if (stillRounds === null || before === null || !mayRest(watch.verdict)) return null
  if (stillRounds + 1 >= RESTING_ROUNDS || now >= watch.watchUntil || !isStill(before, series)) return null
  return {
    judgedAgainst: watch,
    rounds: stillRounds + 1,
    nextDueAt: Math.min(nextRestingProbe(series, intervalSeconds, policy, now), watch.watchUntil),
  }
}

function nextRestingProbe(
  series: HostSeries,
  intervalSeconds: number | null,
  policy: Policy,
  now: number,
): number {
  // At rest the score lies beyond the lower bound: as certain as it gets.
  const outlook = { verdict: 'no_flux_seen', fluxType: null, score: 0, typeSettled: true } as const
  return nextHostProbe(series, outlook, { ...policy, intervalSeconds }, now)
}
