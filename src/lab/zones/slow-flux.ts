// Slow flux: one new address an hour. It is flux, but two hours of watching need not be enough to know that.
import { createAgentPool, longTailWeights } from '../agent-pool.ts'
import { createRotation } from '../rotation.ts'
import { frameZone, typed } from './zone-frame.ts'
import type { ZoneContext, ZoneSet } from './zone.ts'

const APEX = 'maple-quarter.qz'
const WIDTH = 3
const HOUR_MS = 3_600_000

/**
 * Xu and Wang (Black Hat 2013): newer networks change more slowly than look-alikes do. Three agents an answer, and every
 * hour the oldest of them leaves: agent number n is shown during the hours n … n + 2.
 */
export function slowFlux({ dice, plan, dnsHosts }: ZoneContext): ZoneSet {
  const systems = plan.systemsOf('consumer')
  const pool = createAgentPool(
    { name: 'slow-flux', systems, weights: longTailWeights(systems.length), alive: 300, turnoverPerHour: 2 },
    dice,
  )
  const hours = createRotation({ minMs: HOUR_MS, maxMs: HOUR_MS }, dice, APEX)
  return {
    watched: [
      {
        ...frameZone({
          apex: APEX,
          nameServers: dnsHosts[2]!,
          names: {
            [APEX]: (_, { at }) => {
              const hour = hours.termAt(at)
              const shown = Array.from({ length: WIDTH }, (__, back) =>
                pool.draw(hour.startedAt - back * HOUR_MS, 'hour', hour.index - back),
              )
              return typed('A', 600, dice.shuffled([...new Set(shown)], 'order', at))
            },
          },
        }),
        class: 'slow-flux',
        host: APEX,
        summary:
          'Three agents an answer, TTL 600; one of them is replaced every hour. Name servers stay in a hosting AS.',
        expect: { verdict: ['pending', 'suspicious', 'flux'], fluxType: null },
        decidableAfterSeconds: null,
        delegated: true,
      },
    ],
  }
}
