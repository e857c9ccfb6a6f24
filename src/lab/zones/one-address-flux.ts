// Flux that shows one agent at a time with TTL 0, as Storm and Kelihos did: no answer is wide, none may be cached.
import { createAgentPool, longTailWeights } from '../agent-pool.ts'
import { frameZone, typed } from './zone-frame.ts'
import type { ZoneContext, ZoneSet } from './zone.ts'

const APEX = 'copper-lantern.zz'

/**
 * Nazario and Holz (2008) saw Storm answer 800-1,100 times an hour with 300-500 unique addresses: a draw per answer from
 * about 450 agents that are alive gives 1 - e^(-1000/450) of 450 = 400.
 */
export function oneAddressFlux({ dice, plan, dnsHosts }: ZoneContext): ZoneSet {
  const systems = plan.systemsOf('consumer')
  const pool = createAgentPool(
    {
      name: 'one-address',
      systems,
      weights: longTailWeights(systems.length),
      alive: 450,
      turnoverPerHour: 60,
    },
    dice,
  )
  return {
    watched: [
      {
        ...frameZone({
          apex: APEX,
          nameServers: dnsHosts[2]!,
          names: {
            [APEX]: (_, { at, region }) => typed('A', 0, [pool.draw(at, 'answer', at, region)]),
          },
        }),
        class: 'one-address-ttl0-flux',
        host: APEX,
        summary:
          'One agent an answer, TTL 0, a new draw from 450 live agents each time; name servers stay in a hosting AS.',
        expect: { verdict: ['flux'], fluxType: 'single' },
        decidableAfterSeconds: 1800,
        delegated: true,
      },
    ],
  }
}
