// How long nothing new has come, although it was asked: what clears a network that stopped. Time in which nobody asked, or
// in which only caches repeated themselves, does not count.
import type { HostSeries } from '../series/host-series.ts'
import type { HostView } from '../series/host-view.ts'
import type { NewsLog } from '../series/address-news.ts'
import { A, AAAA } from './address-family.ts'
import type { DomainView } from './domain-view.ts'
import { UNMEASURED } from './feature-definition.ts'
import type { FeatureDefinition, Measured } from './feature-definition.ts'

/**
 * From the latest address that nobody had given before to the latest fresh answer, all vantages; from the first fresh answer
 * while no such address came. Unit: seconds. Undefined without a fresh answer. Support: fresh answers after it.
 */
export function measureQuiet(log: NewsLog | undefined, views: readonly HostView[]): Measured {
  if (log === undefined) return UNMEASURED
  const latest = views.reduce((most, view) => Math.max(most, view.lastFreshAt), log.at)
  return { value: Math.round((latest - log.at) / 1000), support: log.answers }
}

/** Fresh answers after the latest address that nobody had given before. Unit: answers. Support: the same. */
export function countQuietAnswers(log: NewsLog | undefined): Measured {
  return log === undefined ? UNMEASURED : { value: log.answers, support: log.answers }
}

/** The log with the latest news of any name server; a name server that was not listed before is news itself. */
function latestNews({ series }: DomainView): NewsLog | undefined {
  const glue = series.zone?.delegation?.glue ?? []
  let latest: NewsLog | undefined
  for (const host of [...series.nameServers, ...glue]) {
    for (const log of logsOf(host)) {
      // Of two at one time the one that was asked less since: the other cannot speak for it.
      if (
        latest === undefined ||
        log.at > latest.at ||
        (log.at === latest.at && log.answers < latest.answers)
      )
        latest = log
    }
  }
  return latest
}

function logsOf({ news }: HostSeries): readonly NewsLog[] {
  return [news.A, news.AAAA].filter((log) => log !== undefined)
}

const BLIND_SPOT =
  'Slow flux is quiet for hours between two changes, and of a sketch it hears only the addresses sampled.'

export const quiet: readonly FeatureDefinition[] = [
  ...[A, AAAA].flatMap(({ prefix, type, pool }): FeatureDefinition[] => [
    {
      id: `${prefix}_quiet`,
      unit: 'seconds',
      meaning: `From the latest ${type} address that no vantage had given before to the latest fresh answer.`,
      direction: 'no_flux',
      source: 'Nazario and Holz, MALWARE 2008, let a domain expire after 24 h without a new address',
      blindSpot: BLIND_SPOT,
      measure: (view) => measureQuiet(view.series.host.news[type], pool(view).views),
    },
    {
      id: `${prefix}_quiet_answers`,
      unit: 'answers',
      meaning: `Fresh answers since the latest ${type} address that no vantage had given before.`,
      direction: 'no_flux',
      source: 'ours',
      blindSpot: BLIND_SPOT,
      measure: (view) => countQuietAnswers(view.series.host.news[type]),
    },
  ]),
  {
    id: 'ns_quiet',
    unit: 'seconds',
    meaning:
      'From the latest new address of any name server, glue included, to the latest fresh answer for one.',
    direction: 'no_flux',
    source: 'as a_quiet',
    blindSpot: 'NS flux changes within hours to days, and resolvers hold its addresses for as long.',
    measure: (view) => measureQuiet(latestNews(view), view.nameServerPool.views),
  },
  {
    id: 'ns_quiet_answers',
    unit: 'answers',
    meaning: 'Fresh answers since then for the name server that had the latest new address.',
    direction: 'no_flux',
    source: 'ours',
    blindSpot: 'Answers for the other name servers are left out.',
    measure: (view) => countQuietAnswers(latestNews(view)),
  },
]
