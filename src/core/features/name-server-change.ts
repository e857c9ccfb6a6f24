// Whether the name servers move: their names (weak) and the addresses behind the names (the strongest single sign that
// was ever published). Per host and vantage: servers that differ between regions have not changed.
import type { FeatureDefinition, Measured } from './feature-definition.ts'
import type { DomainView, PoolView } from './domain-view.ts'
import { estimateDistinct, estimateTotal, sampledShare } from '../series/bottom-k.ts'
import type { ZoneSeries } from '../series/zone-series.ts'

/** Addresses that some vantage saw beyond those of its first answer, the most that any one vantage saw. */
export function countNewAddresses(pool: PoolView): number {
  let most = 0
  for (const view of pool.views) {
    const seen = pool.members.filter(
      (member) =>
        member.vantages.includes(view.vantage) && (view.type === 'A') === (member.address.family === 4),
    ).length
    most = Math.max(most, seen - view.firstWidth)
  }
  return most
}

function countFreshAnswers(view: DomainView): number {
  return view.nameServers.reduce(
    (sum, { pool }) => sum + pool.views.reduce((total, one) => total + one.freshAnswers, 0),
    0,
  )
}

/** Fresh answers with the zone's NS set, all vantages. */
function countFreshNames(zone: ZoneSeries): number {
  return zone.views.reduce((sum, view) => sum + (view.type === 'NS' ? view.freshAnswers : 0), 0)
}

/**
 * How long the addresses of the name servers were really watched: from the first to the last fresh answer of a view, the
 * median over all views of all name servers that gave one. What a cache repeats does not count.
 * Unit: seconds. Support: views.
 */
export function measureWatchedSeconds(view: DomainView): Measured {
  const spans = view.nameServers
    .flatMap(({ pool }) => pool.views.map((one) => one.lastFreshAt - one.firstFreshAt))
    .toSorted((a, b) => a - b)
  const median = spans[(spans.length - 1) >> 1]
  return { value: median === undefined ? null : Math.round(median / 1000), support: spans.length }
}

export const nameServerChange: readonly FeatureDefinition[] = [
  {
    id: 'ns_names',
    unit: 'names',
    meaning:
      'Distinct name-server names of the zone, at the child and at the parent; an estimate from the 65th on.',
    measure: ({ series }) => ({
      value: series.zone === null ? null : estimateDistinct(series.zone.nameServers),
      support: series.zone === null ? 0 : countFreshNames(series.zone),
    }),
  },
  {
    id: 'ns_new_names',
    unit: 'names',
    meaning: 'Name-server names that came after the first answered round.',
    measure: ({ series }) => {
      const zone = series.zone
      if (zone === null || zone.firstAnswerAt === null) return { value: null, support: 0 }
      const fresh = zone.nameServers.entries.filter((seen) => seen.first > zone.firstAnswerAt!)
      const all = estimateTotal(fresh.length, sampledShare(zone.nameServers))
      return { value: Math.round(all), support: countFreshNames(zone) }
    },
  },
  {
    id: 'ns_new_addresses',
    unit: 'addresses',
    meaning:
      'Addresses of name servers beyond those of the first answer (for glue: the first referral), the most that one vantage saw, summed over the hosts.',
    measure: (view) => ({
      value: view.nameServers.reduce((sum, { pool }) => sum + countNewAddresses(pool), 0),
      support: countFreshAnswers(view),
    }),
  },
  {
    id: 'ns_changed_hosts',
    unit: 'hosts',
    meaning: 'Name servers whose addresses changed at some vantage.',
    measure: (view) => ({
      value: view.nameServers.filter(({ pool }) => countNewAddresses(pool) > 0).length,
      support: view.nameServers.filter(({ pool }) => pool.members.length > 0).length,
    }),
  },
  {
    id: 'ns_fresh_answers',
    unit: 'answers',
    meaning: 'Address answers for the name servers that were no cached copy of one that had been seen.',
    measure: (view) => ({ value: countFreshAnswers(view), support: view.nameServers.length }),
  },
  {
    id: 'ns_watched',
    unit: 'seconds',
    meaning: 'From the first to the last fresh address answer of a name server at a vantage, median.',
    measure: measureWatchedSeconds,
  },
  {
    id: 'soa_retry',
    unit: 'seconds',
    meaning: 'RETRY of the SOA record. Never weighed.',
    measure: ({ series }) => ({
      value: series.zone?.soa?.retrySeconds ?? null,
      support: series.zone?.soa === null || series.zone === null ? 0 : 1,
    }),
  },
]
