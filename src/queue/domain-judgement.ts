// The verdict of a watched domain in one round: reads the series that belong to it, and has them assessed. Writes nothing.
import { assess } from '../core/assess.ts'
import { firstFlaggedAt } from '../core/detect/verdict-change.ts'
import type { VerdictName } from '../core/model/assessment.ts'
import type { OutboxEntry, WatchEnd } from '../core/model/outbox.ts'
import { targetId } from '../core/model/target.ts'
import { watchIsAnswered } from '../core/schedule/watch-answered.ts'
import type { HostSeries } from '../core/series/host-series.ts'
import { currentNameServers } from '../core/series/zone-series.ts'
import { agentNews, withNeighbours } from './flagged-agents.ts'
import { withSightings } from './sensor-sightings.ts'
import { mayRest } from './still-round.ts'
import type { RoundParts, RoundTarget, RoundWatch } from './round-ports.ts'
import { zoneTarget } from './target-references.ts'
import { verdictEntry } from './verdict-entry.ts'

export interface Judged {
  readonly loaded: RoundTarget
  readonly watch: RoundWatch
  /** With this round. */
  readonly series: HostSeries
  /** The wait until the next look; null: the scheduler decides. Seconds. */
  readonly intervalSeconds: number | null
}

/** The verdict of a watched domain after this round, and what is to be told of it. */
export async function judge(
  { loaded, watch, series: host, intervalSeconds }: Judged,
  parts: RoundParts,
  now: number,
) {
  const { store, policy } = parts
  const zoneId = zoneTarget(loaded.target.name)
  const shared = await store.seriesOf(zoneId)
  const zone = shared?.kind === 'zone' ? shared : null
  const hosts = zone ? currentNameServers(zone, now) : []
  const companions = await Promise.all(hosts.map((name) => store.seriesOf(targetId({ kind: 'host', name }))))
  const nameServers = companions.filter((series) => series?.kind === 'host')
  const domainSeries = { domain: loaded.target.name, host, zone, nameServers }
  const neighbourly = await withNeighbours(domainSeries, parts, now)
  const enrichment = await withSightings(domainSeries, neighbourly, parts, now)
  const assessment = assess(
    domainSeries,
    enrichment,
    intervalSeconds === null ? policy : { ...policy, intervalSeconds },
    now,
    watch.verdict,
  )
  const version = loaded.round + 1
  const change = verdictEntry(watch, assessment, version)
  const { verdict, fluxType, score } = assessment
  const flaggedAt = firstFlaggedAt(watch, assessment)
  const isAnswered =
    watch.openSince !== null &&
    watchIsAnswered(
      {
        series: domainSeries,
        verdict,
        fluxType,
        score,
        firstFlaggedAt: flaggedAt,
        watchedSince: watch.openSince,
      },
      policy,
      now,
    )
  const watchOver: WatchEnd | null = isAnswered ? 'answered' : now >= watch.watchUntil ? 'time_up' : null
  return {
    assessment,
    agentNews: agentNews(domainSeries, assessment, watch, { enrichment, policy }, now),
    watchOver,
    lookUntil: watchOver === null ? watch.watchUntil : Infinity,
    domain: {
      judgedAgainst: watch,
      verdict,
      fluxType,
      firstFlaggedAt: flaggedAt,
      version,
      assessment,
      // It stood before and stands: what says so is made from the series when somebody asks.
      isAtRest: mayRest(verdict) && verdict === watch.verdict && watchOver === null,
    },
    entries: [...(change ? [change] : []), ...endOf(loaded.target.name, watchOver, verdict, version, now)],
  }
}

function endOf(
  domain: string,
  reason: WatchEnd | null,
  verdict: VerdictName,
  version: number,
  at: number,
): readonly OutboxEntry[] {
  return reason === null ? [] : [{ kind: 'watch-ended', domain, verdict, version, reason, at }]
}
