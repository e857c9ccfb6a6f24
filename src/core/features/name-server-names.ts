// The names of the name servers: how many, whether new ones come (a weak sign: in double flux the names stand still while their
// addresses rotate), and whether they lie in the zone that they serve.
import { isWithin } from '../dns/name-tree.ts'
import { registrableDomain } from '../names/registrable-domain.ts'
import { estimateDistinct, estimateTotal, sampledShare } from '../series/bottom-k.ts'
import type { ZoneSeries } from '../series/zone-series.ts'
import { UNMEASURED } from './feature-definition.ts'
import type { FeatureDefinition, Measured } from './feature-definition.ts'

/** Fresh answers with the zone's NS set, all vantages. */
function countFreshNames(zone: ZoneSeries): number {
  return zone.views.reduce((sum, view) => sum + (view.type === 'NS' ? view.freshAnswers : 0), 0)
}

/**
 * Name servers that lie in the registrable domain of the zone that they serve ÷ all that were seen. Unit: ratio 0…1. Support:
 * name servers. Undefined without one.
 */
export function measureOwnZoneShare({ name, nameServers }: ZoneSeries): Measured {
  const servers = nameServers.entries
  if (servers.length === 0) return UNMEASURED
  const registrable = registrableDomain(name) ?? name
  const own = servers.reduce((sum, { key }) => sum + (isWithin(key, registrable) ? 1 : 0), 0)
  return { value: own / servers.length, support: servers.length }
}

export const nameServerNames: readonly FeatureDefinition[] = [
  {
    id: 'ns_names',
    unit: 'names',
    meaning:
      'Distinct name-server names of the zone, at the child and at the parent; an estimate once a zone burns through many.',
    direction: 'none',
    source: 'Nazario and Holz, MALWARE 2008, rule 7',
    blindSpot: 'Large sites list as many.',
    measure: ({ series: { zone } }) =>
      zone === null
        ? UNMEASURED
        : { value: estimateDistinct(zone.nameServers), support: countFreshNames(zone) },
  },
  {
    id: 'ns_new_names',
    unit: 'names',
    meaning: 'Name-server names that came after the first answered round.',
    direction: 'either',
    source: 'Konte et al., PAM 2009: alone rather a sign of an ordinary move (likelihood ratio 0.26)',
    blindSpot: 'A change of hoster replaces all of them at once.',
    measure: ({ series: { zone } }) => {
      if (zone === null || zone.firstAnswerAt === null) return UNMEASURED
      const fresh = zone.nameServers.entries.filter((seen) => seen.first > zone.firstAnswerAt!)
      const all = estimateTotal(fresh.length, sampledShare(zone.nameServers))
      return { value: Math.round(all), support: countFreshNames(zone) }
    },
  },
  {
    id: 'ns_own_zone_share',
    unit: 'ratio',
    meaning: 'Share of the name servers whose names lie in the zone’s own registrable domain.',
    direction: 'either',
    source: 'Konte et al., PAM 2009 (examples); the ratio is ours',
    blindSpot:
      'Large sites run their own as well, and flux networks share those of another of their domains.',
    measure: ({ series: { zone } }) => (zone === null ? UNMEASURED : measureOwnZoneShare(zone)),
  },
]
