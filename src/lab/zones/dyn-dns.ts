// A home machine behind dynamic DNS: one address with a short TTL, another one of the same ISP every day.
import { addressIn } from '../address-plan.ts'
import { createRotation } from '../rotation.ts'
import { frameZone, typed } from './zone-frame.ts'
import type { ZoneContext, ZoneSet } from './zone.ts'

const APEX = 'homeward-ddns.zz'
const HOST = `cellar.${APEX}`
const DAY_MS = 86_400_000

/** A prior rather than a measurement: one A, TTL 60-900, a new address every 1-7 days in one ISP. */
export function dynDns({ dice, plan, dnsHosts }: ZoneContext): ZoneSet {
  const isp = plan.systemsOf('consumer')[3]!
  const days = createRotation({ minMs: DAY_MS, maxMs: DAY_MS }, dice, HOST)
  return {
    watched: [
      {
        ...frameZone({
          apex: APEX,
          nameServers: dnsHosts[0]!,
          names: {
            [HOST]: (_, { at }) => typed('A', 60, [addressIn(isp, {}, dice, HOST, days.termAt(at).index)]),
          },
        }),
        class: 'dyn-dns',
        host: HOST,
        summary: 'One address, TTL 60, in one consumer ISP; another one every 24 h.',
        expect: { verdict: ['no_flux_seen'], fluxType: null },
        decidableAfterSeconds: 3600,
        delegated: true,
      },
    ],
  }
}
