// Pools of volunteers' servers, as NTP has: a random, region-weighted draw of a few addresses from very many ASNs. In the
// A set alone it looks like flux; its name servers never move.
import { addressIn } from '../address-plan.ts'
import type { LabRegion } from '../regions.ts'
import { LAB_REGIONS, regionOfCountry } from '../regions.ts'
import { frameZone, typed } from './zone-frame.ts'
import type { LabZone, Moment, ZoneContext, ZoneSet } from './zone.ts'

/** The NTP pool: 4 addresses an answer, TTL 150 (DnsRoot.pm: default_ttl 150, max_hosts 4). */
const TTL_SECONDS = 150
const PER_ANSWER = 4
const SERVERS = 800
/** Share of an answer's addresses that comes from the asker's region. */
const NEAR_RATIO = 0.85

export function volunteerPool(context: ZoneContext): ZoneSet {
  const { dice, plan, dnsHosts } = context
  const systems = [
    ...plan.systemsOf('volunteer'),
    ...plan.systemsOf('hosting'),
    ...plan.systemsOf('consumer'),
  ]
  const servers = (pool: string, family: 4 | 6): Record<LabRegion, string[]> => {
    const eligible = systems.filter((system) => system.networks.some((network) => network.family === family))
    const byRegion: Record<LabRegion, string[]> = { eu: [], us: [], asia: [] }
    for (let index = 0; index < SERVERS; index++) {
      const system = eligible[dice.below(eligible.length, 'server', pool, family, index)]!
      const region = regionOfCountry(system.networks[0]!.country)
      byRegion[region].push(addressIn(system, { family }, dice, 'server', pool, index))
    }
    return byRegion
  }

  return {
    watched: [
      build(
        'ntp.org',
        '2.lab.pool.ntp.org',
        'A pool whose suffix is on the list of known volunteer pools.',
        true,
      ),
      build(
        'volunteer-lab.example',
        'pool.volunteer-lab.example',
        'A pool that no list knows: honest watchers may suspect it.',
        false,
      ),
    ],
  }

  function build(apex: string, host: string, remark: string, dualStack: boolean): LabZone {
    const v4 = servers(host, 4)
    const v6 = dualStack ? servers(host, 6) : null
    const draw = (from: Record<LabRegion, string[]>, type: string, { at, region }: Moment): string[] => {
      const drawn = Array.from({ length: PER_ANSWER }, (_, seat) => {
        const labels = [host, type, region, at, seat]
        const near = dice.ratio('near', ...labels) < NEAR_RATIO
        const chosen = near ? region : LAB_REGIONS[dice.below(LAB_REGIONS.length, 'far', ...labels)]!
        return from[chosen][dice.below(from[chosen].length, 'draw', ...labels)]!
      })
      return [...new Set(drawn)]
    }
    return {
      ...frameZone({
        apex,
        nameServers: dnsHosts[3]!,
        names: {
          [host]: (_, moment) => [
            ...typed('A', TTL_SECONDS, draw(v4, 'A', moment)),
            ...(v6 ? typed('AAAA', TTL_SECONDS, draw(v6, 'AAAA', moment)) : []),
          ],
        },
      }),
      class: 'volunteer-pool',
      host,
      summary: `Four of ${SERVERS} volunteers' servers an answer, TTL ${TTL_SECONDS}, drawn anew each time and mostly from the asker's region. ${remark}`,
      expect: { verdict: ['no_flux_seen', 'suspicious', 'pending'], fluxType: null },
      decidableAfterSeconds: null,
      delegated: true,
    }
  }
}
