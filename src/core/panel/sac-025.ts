// The signs that ICANN's SSAC named as monitorable (SAC 025, March 2008, finding 4): "frequent modifications to name server
// records by a registrant and short TTLs in name server A records in TLD zone files".
// Open: how often is frequent, how short is short. We take two changes, and less than the 30 minutes that are quoted as an
// example of a minimum; one sign is enough.
import type { DelegationSeries } from '../series/delegation-series.ts'
import type { ZoneSeries } from '../series/zone-series.ts'
import type { PanelDetector } from './panel-detector.ts'

const FREQUENT_CHANGES = 2
const SHORT_SECONDS = 1800

export interface DelegationSigns {
  /** Times at which the zone's NS records changed. */
  readonly changes: number
  /** Smallest TTL of a name server's address at the parent, seconds; null when the parent gave none. */
  readonly glueTtlSeconds: number | null
}

/** How many of the two signs are there, 0…2. */
export function countSac025Signs({ changes, glueTtlSeconds }: DelegationSigns): number {
  return Number(changes >= FREQUENT_CHANGES) + Number((glueTtlSeconds ?? Infinity) < SHORT_SECONDS)
}

export const sac025: PanelDetector = {
  detector: 'sac-025',
  computes: 'The number of its signs (changes of the delegation, a short glue TTL)',
  threshold: 0,
  meaning:
    'Signs, one each: the NS records of the zone (or their glue) changed at two or more looks · an address of a name server has a TTL under 1,800 s at the parent. Flags when one is there. SAC 025 names the signs without numbers.',
  source: 'ICANN SSAC: SAC 025, Advisory on Fast Flux Hosting and DNS, March 2008, finding 4',
  blindSpot:
    'Says nothing of single flux. Most flux has a glue TTL of a day and more; the changes are hours apart. A provider that moves its name servers twice flags.',
  leftOut:
    'The TTL sign without the direct vantage, which alone asks the parent; who made the change, which only registrars know.',
  measure({ view }) {
    const { zone } = view.series
    if (zone === null || zone.firstAnswerAt === null) return null
    const { delegation } = zone
    return countSac025Signs({
      changes: Math.max(delegation?.changes ?? 0, countNameChanges(zone)),
      glueTtlSeconds: shortestGlueTtl(delegation),
    })
  },
}

/** Rounds after the first in which a name server's name was new. */
function countNameChanges({ nameServers, firstAnswerAt }: ZoneSeries): number {
  const times = new Set<number>()
  for (const { first } of nameServers.entries) if (first > firstAnswerAt!) times.add(first)
  return times.size
}

function shortestGlueTtl(delegation: DelegationSeries | null): number | null {
  const ttls = delegation?.parent?.hosts.map(({ ttlSeconds }) => ttlSeconds) ?? []
  return ttls.length === 0 ? null : Math.min(...ttls)
}
