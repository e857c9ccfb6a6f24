// What a round commits, and how the commit script gets it: texts and bytes, and the numbers in one piece.
import { packObservations } from '../core/outbox/pack-observations.ts'
import type { StoredObservation } from '../core/model/observation.ts'
import type { OutboxEntry, WatchEnd } from '../core/model/outbox.ts'
import type { TargetId } from '../core/model/target.ts'
import { encodeSeries } from '../core/series/codec.ts'
import type { HostSeries } from '../core/series/host-series.ts'
import type { ZoneSeries } from '../core/series/zone-series.ts'
import { NONE } from './scripts/commit-rounds.ts'
import {
  fluxTypeNumber,
  standingOf,
  verdictNumber,
  type DomainUpdate,
  type JudgedAgainst,
} from './target-record.ts'

export interface RoundCommit {
  readonly id: TargetId
  readonly expectedRound: number
  readonly series: HostSeries | ZoneSeries
  /** When the round is committed, ms. */
  readonly at: number
  readonly nextDueAt: number
  /** Whoever hastens the target does not get it before this; ms. */
  readonly earliestNextAt: number
  readonly observations: readonly StoredObservation[]
  /** Null when the target is not the host of a watched domain, or its verdict stands without a new assessment. */
  readonly domain: DomainUpdate | null
  /** The verdict that stands without a new assessment, and for how many rounds now. */
  readonly still?: { readonly judgedAgainst: JudgedAgainst; readonly rounds: number } | null
  /** Why the watch is over; null while it is not. */
  readonly watchOver: WatchEnd | null
  readonly entries: readonly OutboxEntry[]
  /** As the target was loaded. @defaultValue the tenant without a name */
  readonly tenant?: string
}

/**
 * `committed` · `unwatched`: committed without its verdict, for the domain was stopped while it was probed · `stale`: somebody
 * else committed that round, or the domain was watched anew · `gone`: nobody needs the target. The last two write nothing.
 */
export type CommitResult = 'committed' | 'unwatched' | 'stale' | 'gone'

/** The arguments of one round but for its partition; see the script. */
export function argumentsOf(commit: RoundCommit): (string | Buffer)[] {
  const { id, domain, observations, entries } = commit
  return [
    id,
    numbersOf(commit),
    encodeSeries(commit.series),
    domain && !domain.isAtRest ? JSON.stringify(domain.assessment) : '',
    entries.length > 0 ? JSON.stringify(entries.map((entry) => JSON.stringify(entry))) : '',
    observations.length > 0 ? packObservations(observations) : '',
  ]
}

const WATCH_ENDS: Readonly<Record<WatchEnd, number>> = { time_up: 1, answered: 2 }

/** As `ROUND_NUMBERS` of the script reads them. */
function numbersOf(commit: RoundCommit): Buffer {
  const { domain, still, at, watchOver, observations } = commit
  const against = domain?.judgedAgainst ?? still?.judgedAgainst
  const bytes = Buffer.allocUnsafe(53)
  let place = bytes.writeUInt32LE(commit.expectedRound, 0)
  const times = [commit.nextDueAt, at, commit.earliestNextAt]
  for (const time of [...times, domain?.firstFlaggedAt ?? 0, domain?.assessment.asOf ?? at]) {
    place = bytes.writeDoubleLE(time, place)
  }
  for (const octet of [
    domain ? 0 : (still?.rounds ?? NONE),
    against ? standingOf(against) : NONE,
    domain ? verdictNumber(domain.verdict) : NONE,
    domain ? fluxTypeNumber(domain.fluxType) : 0,
    watchOver === null ? 0 : WATCH_ENDS[watchOver],
  ]) {
    place = bytes.writeUInt8(octet, place)
  }
  place = bytes.writeUInt16LE(domain ? Math.round(domain.assessment.score * 10_000) : 0, place)
  bytes.writeUInt16LE(Math.min(observations.length, 0xffff), place)
  return bytes
}
