// Double flux: the web addresses and the addresses of the name servers flux over the same agents.
import { createAgentPool, longTailWeights } from '../agent-pool.ts'
import { createSeats, fluxNameServer } from './flux-seats.ts'
import { frameZone, typed } from './zone-frame.ts'
import type { LabZone, ZoneContext, ZoneSet } from './zone.ts'

const DOMAINS = [
  { apex: 'willow-station.example', width: 8, ttlSeconds: 300 },
  { apex: 'northern-parcel.zz', width: 10, ttlSeconds: 180 },
] as const

/** Of a name server's terms, the share that an agent gets which shows the web site at that time. */
const SHARED_ROLE_RATIO = 0.8

/**
 * Recorded campaigns: four NS names that stay, 70 of about 120 agents in both roles; Konte 2009: 88 % of the NS addresses
 * also served as A over four weeks. NS addresses move every 12-20 min over tens of ASNs, the glue TTL is two days.
 */
export function doubleFlux({ dice, plan }: ZoneContext): ZoneSet {
  const systems = plan.systemsOf('consumer')
  const pool = createAgentPool(
    {
      name: 'double-flux',
      systems,
      weights: longTailWeights(systems.length),
      alive: 120,
      turnoverPerHour: 5,
    },
    dice,
  )
  return { watched: DOMAINS.map(build) }

  function build({ apex, width, ttlSeconds }: (typeof DOMAINS)[number]): LabZone {
    const seats = createSeats({ pool, count: width, minMinutes: 15, maxMinutes: 25 }, dice, apex)
    const nameServers = [1, 2, 3, 4].map((number) =>
      fluxNameServer(
        {
          name: `ns${number}.${apex}`,
          minMinutes: 12,
          maxMinutes: 20,
          choose: ({ index, startedAt }) => {
            const shown = seats.occupantsAt(startedAt)
            return dice.ratio('shared-role', apex, number, index) < SHARED_ROLE_RATIO
              ? shown[dice.below(shown.length, 'shared-agent', apex, number, index)]!
              : pool.draw(startedAt, 'name-server', apex, number, index)
          },
        },
        dice,
      ),
    )
    const host = (_: unknown, { at }: { at: number }) =>
      typed('A', ttlSeconds, dice.shuffled(seats.occupantsAt(at), 'order', apex, at))
    return {
      ...frameZone({
        apex,
        nameServers,
        names: { [apex]: host, [`www.${apex}`]: host },
        nsTtlSeconds: 172_800,
        nsAddressTtlSeconds: 300,
        soaRetrySeconds: 600,
      }),
      class: 'double-flux',
      host: apex,
      summary: `${width} agents an answer, TTL ${ttlSeconds}, each shown for 15-25 min; four stable name-server names whose addresses move every 12-20 min over the same 120 agents.`,
      expect: { verdict: ['flux'], fluxType: 'double' },
      decidableAfterSeconds: 5400,
      delegated: true,
    }
  }
}
