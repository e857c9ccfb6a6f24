// A cloud's load balancer: up to eight addresses of one AS with TTL 60, replaced when it scales.
import { addressIn } from '../address-plan.ts'
import { createRotation } from '../rotation.ts'
import { frameZone, typed } from './zone-frame.ts'
import type { ZoneContext, ZoneSet } from './zone.ts'

const APEX = 'brightwater-desk.example'
const HOST = `api.${APEX}`
const WIDTH = 8
const MINUTE_MS = 60_000

/** AWS: 60 s TTL, at most 8 addresses, replaced on scaling, one AS. How often is our assumption: each after 90-150 min. */
export function cloudBalancer({ dice, plan, dnsHosts }: ZoneContext): ZoneSet {
  const cloud = plan.systemsOf('cloud')[0]!
  const seats = Array.from({ length: WIDTH }, (_, seat) =>
    createRotation({ minMs: 90 * MINUTE_MS, maxMs: 150 * MINUTE_MS }, dice, HOST, seat),
  )
  return {
    watched: [
      {
        ...frameZone({
          apex: APEX,
          nameServers: dnsHosts[0]!,
          names: {
            [HOST]: (_, { at }) => {
              const nodes = seats.map((rotation, seat) =>
                addressIn(cloud, { region: 'us' }, dice, HOST, seat, rotation.termAt(at).index),
              )
              return typed('A', 60, dice.shuffled(nodes, 'order', HOST, at))
            },
          },
        }),
        class: 'cloud-balancer',
        host: HOST,
        summary: 'Eight addresses of one cloud AS, TTL 60; each is replaced after 90-150 min.',
        expect: { verdict: ['no_flux_seen'], fluxType: null },
        decidableAfterSeconds: 3600,
        delegated: true,
      },
    ],
  }
}
