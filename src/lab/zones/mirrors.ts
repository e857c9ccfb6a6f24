// Mirrors run by volunteers: diverse like flux, but the set stands still.
import { addressesIn } from '../address-plan.ts'
import { frameZone, typed } from './zone-frame.ts'
import type { ZoneContext, ZoneSet } from './zone.ts'

const APEX = 'tallship-linux.qz'
const HOST = `download.${APEX}`
/** Mirrors per AS: eight in five ASNs (FluXOR names database.clamav.net: 21 addresses in 12 networks). */
const PER_SYSTEM = [2, 2, 2, 1, 1]

export function mirrors({ dice, plan, dnsHosts }: ZoneContext): ZoneSet {
  const systems = plan.systemsOf('volunteer')
  const servers = PER_SYSTEM.flatMap((count, system) =>
    addressesIn(systems[system * 5]!, count, {}, dice, HOST),
  )
  return {
    watched: [
      {
        ...frameZone({
          apex: APEX,
          nameServers: dnsHosts[1]!,
          names: { [HOST]: (_, { at }) => typed('A', 600, dice.shuffled(servers, 'order', HOST, at)) },
        }),
        class: 'mirrors',
        host: HOST,
        summary: 'The same eight addresses in five ASNs of universities and volunteers, TTL 600, permuted.',
        expect: { verdict: ['no_flux_seen'], fluxType: null },
        decidableAfterSeconds: 3600,
        delegated: true,
      },
    ],
  }
}
