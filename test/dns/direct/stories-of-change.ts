// Delegations that change between two looks, and referrals that are large or short-lived.
import { host, ns, type Cut } from './scripted-internet.ts'
import type { Story } from './story.ts'

const PARENT_TTL = 172_800
const MANY_NAMES = Array.from({ length: 12 }, (_, index) => `name-server-number-${index + 1}.bulky`)
const BULKY_ZONE = 'delegation-with-a-rather-long-name-that-fills-a-packet.net'

function oneServer(
  apex: string,
  address: string,
  ttlSeconds = PARENT_TTL,
  name = `ns1.${apex}`,
): Cut & { readonly from: string } {
  return {
    from: apex.slice(apex.lastIndexOf('.') + 1),
    at: apex,
    ns: ns(apex, ttlSeconds, name),
    glue: host(name, ttlSeconds, address),
  }
}

export const STORIES_OF_CHANGE: readonly Story[] = [
  {
    title: 'sees other name servers at once where the delegation changes within its TTL',
    delegated: [oneServer('moving.com', '20.80.0.1')],
    zones: [
      { apex: 'moving.com', at: ['20.80.0.1'], lines: ns('moving.com', 3600, 'ns1.moving.com') },
      { apex: 'moving.com', at: ['20.80.0.2'], lines: ns('moving.com', 3600, 'ns2.moving.com') },
    ],
    rounds: [
      {
        ask: 'moving.com NS',
        seen: [
          'parent NS 172800 ns1.moving.com',
          'parent glue 172800 ns1.moving.com 20.80.0.1',
          'child ns1.moving.com 20.80.0.1: ns1.moving.com',
        ],
      },
      {
        change: oneServer('moving.com', '20.80.0.2', PARENT_TTL, 'ns2.moving.com'),
        ask: 'moving.com NS',
        seen: [
          'parent NS 172800 ns2.moving.com',
          'parent glue 172800 ns2.moving.com 20.80.0.2',
          'child ns2.moving.com 20.80.0.2: ns2.moving.com',
        ],
      },
    ],
  },
  {
    title: 'sees glue flux beneath a glue TTL of two days',
    delegated: [oneServer('fluxing.net', '20.81.0.1')],
    zones: [
      {
        apex: 'fluxing.net',
        at: ['20.81.0.1', '20.81.0.2', '20.81.0.3'],
        lines: [...ns('fluxing.net', 60, 'ns1.fluxing.net'), ...host('fluxing.net', 60, '21.81.0.1')],
      },
    ],
    rounds: ['20.81.0.1', '20.81.0.2', '20.81.0.3'].flatMap((address) => [
      {
        change: oneServer('fluxing.net', address),
        ask: 'fluxing.net NS' as const,
        seen: [
          'parent NS 172800 ns1.fluxing.net',
          `parent glue 172800 ns1.fluxing.net ${address}`,
          `child ns1.fluxing.net ${address}: ns1.fluxing.net`,
        ],
      },
      { ask: 'fluxing.net A' as const, seen: [`child ns1.fluxing.net ${address}: 21.81.0.1`] },
    ]),
  },
  {
    title: 'asks the parent again when no server of a remembered delegation serves the zone any more',
    delegated: [oneServer('vacated.com', '20.82.0.1')],
    zones: [
      { apex: 'old-tenant.com', at: ['20.82.0.1'] },
      { apex: 'vacated.com', at: ['20.82.0.2'], lines: host('vacated.com', 60, '21.82.0.1') },
    ],
    rounds: [
      { ask: 'vacated.com A', seen: ['child ns1.vacated.com 20.82.0.1: lame REFUSED'] },
      {
        change: oneServer('vacated.com', '20.82.0.2'),
        ask: 'vacated.com A',
        seen: ['child ns1.vacated.com 20.82.0.2: 21.82.0.1'],
      },
    ],
  },
  {
    title: 'does not remember glue with a TTL of zero',
    delegated: [oneServer('instant.com', '20.83.0.1', 0)],
    zones: [
      {
        apex: 'instant.com',
        at: ['20.83.0.1', '20.83.0.2'],
        lines: host('instant.com', 0, '21.83.0.1'),
      },
    ],
    rounds: [
      { ask: 'instant.com A', seen: ['child ns1.instant.com 20.83.0.1: 21.83.0.1'] },
      {
        change: oneServer('instant.com', '20.83.0.2', 0),
        ask: 'instant.com A',
        seen: ['child ns1.instant.com 20.83.0.2: 21.83.0.1'],
      },
    ],
  },
  {
    title: 'takes a referral over TCP that is too large for UDP',
    delegated: [
      {
        from: 'net',
        at: BULKY_ZONE,
        ns: ns(BULKY_ZONE, PARENT_TTL, ...MANY_NAMES.map((name) => `${name}.${BULKY_ZONE}`)),
        glue: MANY_NAMES.flatMap((name, index) =>
          host(`${name}.${BULKY_ZONE}`, PARENT_TTL, `20.84.0.${index + 1}`),
        ),
      },
    ],
    zones: [
      {
        apex: BULKY_ZONE,
        at: MANY_NAMES.map((_, index) => `20.84.0.${index + 1}`),
        lines: host(BULKY_ZONE, 60, '21.84.0.1'),
      },
    ],
    rounds: [
      {
        ask: `${BULKY_ZONE} A`,
        seen: MANY_NAMES.map((name, index) => `child ${name}.${BULKY_ZONE} 20.84.0.${index + 1}: 21.84.0.1`),
      },
    ],
  },
]
