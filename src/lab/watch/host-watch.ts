// Watches one name in virtual time as the service would: rounds of its zone, of its zone's name servers and of itself, each
// when the schedule says so; series folded, every round of the name assessed. No sockets, no timers: hours take milliseconds.
import { assess } from '../../core/assess.ts'
import type { Enrichment } from '../../core/model/address-facts.ts'
import type { Assessment } from '../../core/model/assessment.ts'
import type { ProbeRound } from '../../core/model/observation.ts'
import type { Target } from '../../core/model/target.ts'
import { DEFAULT_POLICY } from '../../core/policy.ts'
import type { Policy } from '../../core/policy.ts'
import { nextHostProbe, nextSharedProbe } from '../../core/schedule/next-probe.ts'
import type { Outlook } from '../../core/schedule/outlook.ts'
import { questionsFor } from '../../core/schedule/questions.ts'
import { vantagesWorthAsking } from '../../core/schedule/vantages-worth-asking.ts'
import { zoneOf } from '../../core/schedule/zone-of.ts'
import type { DomainSeries } from '../../core/series/domain-series.ts'
import { foldHostRound, newHostSeries } from '../../core/series/host-series.ts'
import type { HostSeries } from '../../core/series/host-series.ts'
import { isNotableChange } from '../../core/series/watermark.ts'
import { currentNameServers, foldZoneRound, newZoneSeries } from '../../core/series/zone-series.ts'
import type { ZoneSeries } from '../../core/series/zone-series.ts'
import type { VantageView } from './watch-vantage.ts'

export interface HostWatchOptions {
  readonly host: string
  readonly startAt: number
  /** The last look falls on the end. Virtual seconds. */
  readonly forSeconds: number
  readonly views: readonly VantageView[]
  readonly enrichment: Enrichment
  /** Default: the default policy. */
  readonly policy?: Policy
  /** False for the series alone: no assessment is made, and the name is probed as while it is undecided. Default true. */
  readonly assess?: boolean
}

/** How a name is probed that nobody judges. */
const UNDECIDED: Outlook = { verdict: 'pending', fluxType: null, score: 0.5, typeSettled: true }

/** What is known after a round of the watched name. */
export interface WatchRound {
  /** Start of the round; ms since the epoch. */
  readonly at: number
  /** Rounds of the name so far. */
  readonly rounds: number
  /** A questions about the name so far, by vantage; of the direct vantage one an authority. The engine's own, it goes on counting. */
  readonly asked: ReadonlyMap<string, number>
  /** Starts of the rounds of every target so far, by its name: the zone and its name servers. The engine's own as well. */
  readonly sharedRounds: ReadonlyMap<string, readonly number[]>
  /** When a look showed for the first time that an address of a name server had changed; null before. ms since the epoch. */
  readonly nameServerMovedAt: number | null
  readonly series: DomainSeries
  /** Null without assessing. */
  readonly assessment: Assessment | null
}

/** Yields after each round of the name until its time is up. The same options give the same rounds. */
export function* watchHost(options: HostWatchOptions): Generator<WatchRound, void, undefined> {
  const { host: name, startAt, views, enrichment } = options
  const directVantages = views.filter((view) => view.isDirect).map((view) => view.id)
  const policy: Policy = { ...(options.policy ?? DEFAULT_POLICY), directVantages }
  const vantages = views.map((view) => view.id)
  const end = startAt + options.forSeconds * 1000
  const asked = new Map<string, number>()
  const sharedRounds = new Map<string, number[]>()
  const zoneName = zoneOf(name)
  let host = newHostSeries(name)
  let zone = newZoneSeries(zoneName)
  const servers = new Map<string, { series: HostSeries; dueAt: number }>()
  let zoneDueAt = startAt
  // After the zone and its servers: the first assessment reads them too.
  let hostDueAt = startAt + 1
  let assessment: Assessment | null = null
  let nameServerMovedAt: number | null = null

  const probe = (target: Target, series: HostSeries | ZoneSeries, now: number): ProbeRound => {
    const worthAsking = vantagesWorthAsking(series, vantages, policy, now)
    const asking = views.filter((view) => worthAsking.includes(view.id))
    const observations = questionsFor(target).flatMap((question) =>
      asking.flatMap((view) => view.look(question, now)),
    )
    return { target, number: series.rounds + 1, startedAt: now, observations }
  }
  const noteRound = (target: string, at: number): void => {
    const rounds = sharedRounds.get(target)
    if (rounds === undefined) sharedRounds.set(target, [at])
    else rounds.push(at)
  }

  for (;;) {
    let server: string | null = null
    let now = Math.min(zoneDueAt, hostDueAt)
    for (const [candidate, { dueAt }] of servers) {
      if (dueAt < now) {
        now = dueAt
        server = candidate
      }
    }
    if (now > end) return
    if (server !== null) {
      const before = servers.get(server)!.series
      const series = foldHostRound(before, probe({ kind: 'host', name: server }, before, now))
      servers.set(server, { series, dueAt: nextSharedProbe(series, policy, now) })
      noteRound(server, now)
      if (before.rounds > 0 && isNotableChange(before, series)) {
        nameServerMovedAt ??= now
        hostDueAt = Math.min(hostDueAt, Math.max(now, soonest(host, policy)))
      }
    } else if (zoneDueAt <= hostDueAt) {
      const glueChanges = zone.delegation?.glueChanges ?? 0
      zone = foldZoneRound(zone, probe({ kind: 'zone', name: zoneName }, zone, now))
      zoneDueAt = nextSharedProbe(zone, policy, now)
      noteRound(zoneName, now)
      if ((zone.delegation?.glueChanges ?? 0) > glueChanges) nameServerMovedAt ??= now
      const needed = currentNameServers(zone, now)
      for (const known of servers.keys()) if (!needed.includes(known)) servers.delete(known)
      for (const one of needed) {
        // A name that serves its own zone is one target with one series.
        if (one !== name && !servers.has(one)) servers.set(one, { series: newHostSeries(one), dueAt: now })
      }
    } else {
      const round = probe({ kind: 'host', name }, host, now)
      host = foldHostRound(host, round)
      for (const { qtype, vantage } of round.observations) {
        if (qtype === 'A') asked.set(vantage, (asked.get(vantage) ?? 0) + 1)
      }
      const series: DomainSeries = {
        domain: name,
        host,
        zone: zone.rounds > 0 ? zone : null,
        nameServers: currentNameServers(zone, now).flatMap((one) =>
          one === name ? host : (servers.get(one)?.series ?? []),
        ),
      }
      if (options.assess !== false) {
        assessment = assess(series, enrichment, policy, now, assessment?.verdict ?? null)
      }
      yield { at: now, rounds: host.rounds, asked, sharedRounds, nameServerMovedAt, series, assessment }
      if (now >= end) return
      hostDueAt = Math.min(assessment?.nextProbeAt ?? nextHostProbe(host, UNDECIDED, policy, now), end)
    }
  }
}

/** A host is not probed sooner than this, whatever happens. */
function soonest(host: HostSeries, policy: Policy): number {
  return (host.lastAt ?? 0) + policy.minIntervalSeconds * 1000
}
