// Name-server flux: the web address stays, the addresses behind four stable name-server names move over consumer agents.
import { addressesIn } from '../address-plan.ts'
import { createAgentPool, longTailWeights } from '../agent-pool.ts'
import { fluxNameServer } from './flux-seats.ts'
import { fixedAddresses, frameZone } from './zone-frame.ts'
import type { ZoneContext, ZoneSet } from './zone.ts'

const APEX = 'granite-ledger.qz'

/**
 * Konte 2009: "Watch-B" domains changed nothing but name-server addresses; NS names stood still, the NS TTL was over a
 * day, glue TTL two days while the address changed within minutes. The zone's own TTL of those addresses is short here
 * (10 min): through caches alone nothing else would show within two hours.
 */
export function nsFlux({ dice, plan }: ZoneContext): ZoneSet {
  const systems = plan.systemsOf('consumer')
  const pool = createAgentPool(
    { name: 'ns-flux', systems, weights: longTailWeights(systems.length), alive: 200, turnoverPerHour: 8 },
    dice,
  )
  const nameServers = [1, 2, 3, 4].map((number) =>
    fluxNameServer(
      {
        name: `ns${number}.${APEX}`,
        minMinutes: 12,
        maxMinutes: 20,
        choose: (term) => pool.draw(term.startedAt, 'name-server', number, term.index),
      },
      dice,
    ),
  )
  const web = addressesIn(plan.systemsOf('hosting')[11]!, 2, {}, dice, APEX)
  return {
    watched: [
      {
        ...frameZone({
          apex: APEX,
          nameServers,
          names: { [APEX]: fixedAddresses(1800, web), [`www.${APEX}`]: fixedAddresses(1800, web) },
          nsTtlSeconds: 172_800,
          nsAddressTtlSeconds: 600,
          soaRetrySeconds: 600,
        }),
        class: 'ns-flux',
        host: APEX,
        summary:
          'Two stable addresses, TTL 1800, in a hosting AS; four stable name-server names whose addresses move over 200 consumer agents every 12-20 min, TTL 600 in the zone, two days in the glue.',
        expect: { verdict: ['flux'], fluxType: 'ns' },
        decidableAfterSeconds: 5400,
        delegated: true,
      },
    ],
  }
}
