// The verdict of a watched domain in one round: reads the series that belong to it, and has them assessed. Writes nothing.
import { assess } from '../core/assess.ts'
import { firstFlaggedAt } from '../core/detect/verdict-change.ts'
import type { OutboxEntry } from '../core/model/outbox.ts'
import { targetId } from '../core/model/target.ts'
import type { HostSeries } from '../core/series/host-series.ts'
import { currentNameServers } from '../core/series/zone-series.ts'
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
  { store, enrichment, policy }: RoundParts,
  now: number,
) {
  const zoneId = zoneTarget(loaded.target.name)
  const shared = await store.seriesOf(zoneId)
  const zone = shared?.kind === 'zone' ? shared : null
  const hosts = zone ? currentNameServers(zone, now) : []
  const companions = await Promise.all(hosts.map((name) => store.seriesOf(targetId({ kind: 'host', name }))))
  const nameServers = companions.filter((series) => series?.kind === 'host')
  const assessment = assess(
    { domain: loaded.target.name, host, zone, nameServers },
    enrichment,
    intervalSeconds === null ? policy : { ...policy, intervalSeconds },
    now,
    watch.verdict,
  )
  const version = loaded.round + 1
  const watchOver = now >= watch.watchUntil
  const change = verdictEntry(watch, assessment, version)
  const { verdict, fluxType } = assessment
  const ended: OutboxEntry = { kind: 'watch-ended', domain: loaded.target.name, verdict, version, at: now }
  return {
    assessment,
    watchOver,
    lookUntil: watchOver ? Infinity : watch.watchUntil,
    domain: {
      judgedAgainst: watch,
      verdict,
      fluxType,
      firstFlaggedAt: firstFlaggedAt(watch, assessment),
      version,
      assessment,
    },
    entries: [...(change ? [change] : []), ...(watchOver ? [ended] : [])] as OutboxEntry[],
  }
}
