// A DNS seed of a peer-to-peer network: very wide answers, drawn from its known good nodes, with a TTL of an hour.
import { addressIn } from '../address-plan.ts'
import { frameZone, typed } from './zone-frame.ts'
import type { ZoneContext, ZoneSet } from './zone.ts'

const APEX = 'ledgerfield.qz'
const HOST = `seed.${APEX}`
const NODES = 300
const PER_ANSWER = 25

/** bitcoin-seeder: up to 32 addresses an answer, TTL 3600, NS TTL 40000; homes and clouds mixed (the mix is assumed). */
export function dnsSeed({ dice, plan, dnsHosts }: ZoneContext): ZoneSet {
  const systems = [...plan.systemsOf('consumer'), ...plan.systemsOf('hosting'), ...plan.systemsOf('cloud')]
  const nodes = Array.from({ length: NODES }, (_, index) =>
    addressIn(systems[dice.below(systems.length, 'node', index)]!, {}, dice, HOST, index),
  )
  return {
    watched: [
      {
        ...frameZone({
          apex: APEX,
          nameServers: dnsHosts[1]!,
          nsTtlSeconds: 40_000,
          names: {
            [HOST]: (_, { at, region }) =>
              typed(
                'A',
                3600,
                dice.distinct(NODES, PER_ANSWER, 'draw', region, at).map((index) => nodes[index]!),
              ),
          },
        }),
        class: 'dns-seed',
        host: HOST,
        summary: `${PER_ANSWER} of ${NODES} nodes an answer, drawn anew each time, TTL 3600; homes and data centres mixed.`,
        expect: { verdict: ['no_flux_seen', 'suspicious', 'pending'], fluxType: null },
        decidableAfterSeconds: null,
        delegated: true,
      },
    ],
  }
}
