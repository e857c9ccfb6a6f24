// A site that moves house once: everything changes, and then nothing more.
import { addressesIn } from '../address-plan.ts'
import { frameZone, typed } from './zone-frame.ts'
import type { ZoneContext, ZoneSet } from './zone.ts'

const APEX = 'stonebridge-hall.zz'
const MOVES_AFTER_MS = 45 * 60_000

/** Konte 2009: 12.6 % of the Alexa 500 changed something within four weeks, mostly once. */
export function migration({ dice, plan, dnsHosts, startAt }: ZoneContext): ZoneSet {
  const hosting = plan.systemsOf('hosting')
  const before = addressesIn(hosting[1]!, 2, {}, dice, 'before')
  const after = addressesIn(hosting[8]!, 2, {}, dice, 'after')
  return {
    watched: [
      {
        ...frameZone({
          apex: APEX,
          nameServers: dnsHosts[2]!,
          names: {
            [APEX]: (_, { at }) => typed('A', 300, at < startAt + MOVES_AFTER_MS ? before : after),
          },
        }),
        class: 'migration',
        host: APEX,
        summary:
          'Two addresses, TTL 300; 45 min after the world began both move from one hosting AS to another, once.',
        expect: { verdict: ['no_flux_seen'], fluxType: null },
        decidableAfterSeconds: 7200,
        delegated: true,
      },
    ],
  }
}
