// Plain round robin: the same six servers in changing order.
import { addressesIn } from '../address-plan.ts'
import { frameZone, typed } from './zone-frame.ts'
import type { ZoneContext, ZoneSet } from './zone.ts'

const APEX = 'oakfield-archive.qz'
const WIDTH = 6

/** Holz et al. 2008: the set is constant, its fluxiness 1; a third of the Alexa 500 answered with more than one address. */
export function roundRobin({ dice, plan, dnsHosts }: ZoneContext): ZoneSet {
  const servers = addressesIn(plan.systemsOf('hosting')[4]!, WIDTH, {}, dice, APEX)
  return {
    watched: [
      {
        ...frameZone({
          apex: APEX,
          nameServers: dnsHosts[0]!,
          names: { [APEX]: (_, { at }) => typed('A', 300, dice.shuffled(servers, 'order', APEX, at)) },
        }),
        class: 'round-robin',
        host: APEX,
        summary: 'The same six addresses of one hosting AS in changing order, TTL 300.',
        expect: { verdict: ['no_flux_seen'], fluxType: null },
        decidableAfterSeconds: 3600,
        delegated: true,
      },
    ],
  }
}
