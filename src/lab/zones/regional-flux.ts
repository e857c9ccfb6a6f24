// Single flux within two countries and a handful of consumer ISPs: what defeats counting ASNs and countries.
import { createAgentPool } from '../agent-pool.ts'
import type { AutonomousSystem } from '../autonomous-systems.ts'
import { createSeats } from './flux-seats.ts'
import { frameZone, typed } from './zone-frame.ts'
import type { ZoneContext, ZoneSet } from './zone.ts'

const APEX = 'silver-harvest.zz'

/** DarkCloud: 84 % of its agents in one country, 12 % in the next (RiskAnalytics 2016); here UA and RO. */
const SHARE_BY_COUNTRY: Readonly<Record<string, number>> = { UA: 0.85, RO: 0.15 }

export function regionalFlux({ dice, plan, dnsHosts }: ZoneContext): ZoneSet {
  const systems = plan.systemsOf('consumer').filter((system) => countryOf(system) in SHARE_BY_COUNTRY)
  const weights = systems.map((system) => {
    const country = countryOf(system)
    const peers = systems.filter((other) => countryOf(other) === country).length
    return SHARE_BY_COUNTRY[country]! / peers
  })
  const pool = createAgentPool(
    { name: 'regional-flux', systems, weights, alive: 500, turnoverPerHour: 20 },
    dice,
  )
  const seats = createSeats({ pool, count: 10, minMinutes: 12, maxMinutes: 20 }, dice, APEX)
  return {
    watched: [
      {
        ...frameZone({
          apex: APEX,
          nameServers: dnsHosts[3]!,
          names: {
            [APEX]: (_, { at }) => typed('A', 150, dice.shuffled(seats.occupantsAt(at), 'order', APEX, at)),
          },
        }),
        class: 'regional-flux',
        host: APEX,
        summary: `Ten agents an answer, TTL 150, each shown for 12-20 min, all of them in ${systems.length} consumer ISPs of two countries; name servers stay in a hosting AS.`,
        expect: { verdict: ['flux'], fluxType: 'single' },
        decidableAfterSeconds: 3600,
        delegated: true,
      },
    ],
  }
}

/** A consumer ISP of the lab works in one country. */
function countryOf(system: AutonomousSystem): string {
  return system.networks[0]?.country ?? ''
}
