// When a watch has answered its question: further looks would not change what is said. Whether the watch may end then, or was
// ordered for a time, is decided by who keeps it.
import type { FluxType, VerdictName } from '../model/assessment.ts'
import type { Policy } from '../policy.ts'
import type { DomainSeries } from '../series/domain-series.ts'
import type { HostSeries } from '../series/host-series.ts'
import { outlookOf } from './outlook.ts'

export interface WatchFacts {
  /** With the latest round. */
  readonly series: DomainSeries
  readonly verdict: VerdictName
  readonly fluxType: FluxType | null
  readonly score: number
  /** When the name was first called `flux`, ms since the epoch; null when it never was. */
  readonly firstFlaggedAt: number | null
  /** Since when it is watched without a break, ms since the epoch: what was before nobody saw. */
  readonly watchedSince: number
}

/**
 * `flux`: its type is settled, and a day has passed since it was first called so · `no_flux_seen`: a day without a new address
 * of the name or its name servers · `unresolvable`: a day without an answer · never while `pending` or `suspicious`. The
 * days are the policy's. `now`: ms since the epoch.
 */
export function watchIsAnswered(facts: WatchFacts, policy: Policy, now: number): boolean {
  const { series, watchedSince } = facts
  switch (facts.verdict) {
    case 'flux':
      return (
        outlookOf(series, facts, policy).typeSettled &&
        isPast(Math.max(facts.firstFlaggedAt ?? now, watchedSince), policy.answeredFluxSeconds, now)
      )
    case 'no_flux_seen':
      return (
        freshAnswers(series.host) >= policy.answeredFreshAnswers &&
        isExact(series) &&
        isPast(Math.max(latestNews(series), watchedSince), policy.answeredQuietSeconds, now)
      )
    case 'unresolvable':
      return isPast(
        Math.max(series.host.lastAnswerAt ?? watchedSince, watchedSince),
        policy.answeredQuietSeconds,
        now,
      )
    case 'pending':
    case 'suspicious':
      return false
  }
}

function isPast(since: number, seconds: number, now: number): boolean {
  return now - since >= seconds * 1000
}

function freshAnswers({ views }: HostSeries): number {
  return views.reduce((sum, view) => sum + view.freshAnswers, 0)
}

/** A sketch can miss the latest address: such a name is never quiet for sure. */
function isExact({ host, nameServers }: DomainSeries): boolean {
  return [host, ...nameServers].every(({ addresses }) => !addresses.dropped)
}

/** When an address of the name or of one of its name servers, or a name server, was seen for the first time; the latest such time. */
function latestNews({ host, zone, nameServers }: DomainSeries): number {
  const glue = zone?.delegation?.glue ?? []
  const addresses = [host, ...nameServers, ...glue].flatMap((series) => series.addresses.entries)
  const news = [...addresses, ...(zone?.nameServers.entries ?? [])]
  return news.reduce((latest, { first }) => Math.max(latest, first), -Infinity)
}
