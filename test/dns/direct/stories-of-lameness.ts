// Name servers that do not serve the zone they are listed for, each in its own way, and sides that disagree.
import { host, ns, type Cut, type Quirk } from './scripted-internet.ts'
import type { Story } from './story.ts'

const PARENT_TTL = 172_800

/** Name servers `ns1`, `ns2`, … of a zone with glue `20.<block>.0.1`, `20.<block>.0.2`, … */
function glued(apex: string, block: number, count: number): Cut & { readonly from: string } {
  const names = Array.from({ length: count }, (_, index) => `ns${index + 1}.${apex}`)
  return {
    from: apex.slice(apex.lastIndexOf('.') + 1),
    at: apex,
    ns: ns(apex, PARENT_TTL, ...names),
    glue: names.flatMap((name, index) => host(name, PARENT_TTL, `20.${block}.0.${index + 1}`)),
  }
}

/** Two name servers, of which the second misbehaves, asked for A. */
function oneOfTwo(title: string, block: number, quirk: Quirk, second: string): Story {
  const apex = `half-${quirk}.com`
  const addresses = [`20.${block}.0.1`, `20.${block}.0.2`] as const
  return {
    title,
    delegated: [glued(apex, block, 2)],
    zones: [
      {
        apex,
        at: addresses,
        lines: [...ns(apex, 3600, `ns1.${apex}`, `ns2.${apex}`), ...host(apex, 300, `21.${block}.0.1`)],
      },
    ],
    quirks: { [addresses[1]]: quirk },
    rounds: [
      {
        ask: `${apex} A`,
        seen: [
          `child ns1.${apex} ${addresses[0]}: 21.${block}.0.1`,
          `child ns2.${apex} ${addresses[1]}: ${second}`,
        ],
      },
    ],
  }
}

export const STORIES_OF_LAMENESS: readonly Story[] = [
  oneOfTwo('calls a server lame that refuses its zone', 40, 'refuses', 'lame REFUSED'),
  oneOfTwo('calls a server lame that fails to serve its zone', 41, 'servfails', 'lame SERVFAIL'),
  oneOfTwo('calls a server lame that refers upward to the root', 42, 'refers-to-root', 'lame NOERROR'),
  oneOfTwo('calls a server lame that refers to its own zone', 43, 'refers-to-itself', 'lame NOERROR'),
  oneOfTwo('calls a server lame that answers without authority', 44, 'not-authoritative', 'lame NOERROR'),
  oneOfTwo('tells a silent server from a lame one', 45, 'silent', 'timeout TIMEOUT'),
  oneOfTwo('asks a server for addresses that is silent to NS questions', 46, 'silent-to-ns', '21.46.0.1'),
  {
    title: 'shows every server of a zone that all of them are lame for',
    delegated: [glued('all-lame.net', 47, 3)],
    zones: [],
    quirks: { '20.47.0.1': 'refuses', '20.47.0.2': 'refers-to-root', '20.47.0.3': 'servfails' },
    rounds: [
      {
        ask: 'all-lame.net SOA',
        seen: [
          'child ns1.all-lame.net 20.47.0.1: lame REFUSED',
          'child ns2.all-lame.net 20.47.0.2: lame NOERROR',
          'child ns3.all-lame.net 20.47.0.3: lame SERVFAIL',
        ],
      },
      {
        ask: 'www.all-lame.net A',
        seen: [
          'child ns1.all-lame.net 20.47.0.1: lame REFUSED',
          'child ns2.all-lame.net 20.47.0.2: lame NOERROR',
          'child ns3.all-lame.net 20.47.0.3: lame SERVFAIL',
        ],
      },
    ],
  },
  {
    title: 'says that a zone below lame servers cannot be reached',
    delegated: [glued('lame-above.net', 48, 1)],
    zones: [],
    quirks: { '20.48.0.1': 'refuses' },
    rounds: [{ ask: 'zone.lame-above.net NS', seen: ['nobody: unreachable_zone'] }],
  },
  {
    title: 'asks the name servers of both sides where the child lists others than the parent',
    delegated: [glued('disagree.com', 49, 2)],
    zones: [
      {
        apex: 'disagree.com',
        at: ['20.49.0.1', '20.49.0.2'],
        lines: [
          ...ns('disagree.com', 3600, 'ns2.disagree.com', 'ns9.disagree.com'),
          ...host('ns9.disagree.com', 3600, '20.49.0.9'),
        ],
      },
    ],
    quirks: { '20.49.0.9': 'refuses' },
    rounds: [
      {
        ask: 'disagree.com NS',
        seen: [
          'parent NS 172800 ns1.disagree.com',
          'parent NS 172800 ns2.disagree.com',
          'parent glue 172800 ns1.disagree.com 20.49.0.1',
          'parent glue 172800 ns2.disagree.com 20.49.0.2',
          'child ns1.disagree.com 20.49.0.1: ns2.disagree.com ns9.disagree.com',
          'child ns2.disagree.com 20.49.0.2: ns2.disagree.com ns9.disagree.com',
          'child ns9.disagree.com 20.49.0.9: lame REFUSED',
        ],
      },
    ],
  },
  {
    title: "shows glue that differs from the child's own address, for whoever asks the name server's host",
    delegated: [glued('moved.com', 50, 1)],
    zones: [
      {
        apex: 'moved.com',
        at: ['20.50.0.1'],
        lines: [...ns('moved.com', 3600, 'ns1.moved.com'), ...host('ns1.moved.com', 3600, '20.50.0.9')],
      },
    ],
    rounds: [
      {
        ask: 'moved.com NS',
        seen: [
          'parent NS 172800 ns1.moved.com',
          'parent glue 172800 ns1.moved.com 20.50.0.1',
          'child ns1.moved.com 20.50.0.1: ns1.moved.com',
        ],
      },
      { ask: 'ns1.moved.com A', seen: ['child ns1.moved.com 20.50.0.1: 20.50.0.9'] },
    ],
  },
  {
    title: 'sees stale glue of one of two servers as a silent server',
    delegated: [glued('stale.com', 51, 2)],
    zones: [
      {
        apex: 'stale.com',
        at: ['20.51.0.1', '20.51.0.99'],
        lines: [
          ...ns('stale.com', 3600, 'ns1.stale.com', 'ns2.stale.com'),
          ...host('ns2.stale.com', 3600, '20.51.0.99'),
        ],
      },
    ],
    quirks: { '20.51.0.2': 'silent' },
    rounds: [
      {
        ask: 'ns2.stale.com A',
        seen: ['child ns1.stale.com 20.51.0.1: 20.51.0.99', 'child ns2.stale.com 20.51.0.2: timeout TIMEOUT'],
      },
    ],
  },
  {
    title: 'asks all of thirteen name servers',
    delegated: [glued('thirteen.com', 52, 13)],
    zones: [
      {
        apex: 'thirteen.com',
        at: Array.from({ length: 13 }, (_, index) => `20.52.0.${index + 1}`),
        lines: host('thirteen.com', 60, '21.52.0.1'),
      },
    ],
    rounds: [
      {
        ask: 'thirteen.com A',
        seen: Array.from(
          { length: 13 },
          (_, index) => `child ns${index + 1}.thirteen.com 20.52.0.${index + 1}: 21.52.0.1`,
        ),
      },
    ],
  },
  {
    title: 'asks the first thirteen by name of forty name servers',
    delegated: [glued('forty.com', 53, 40)],
    zones: [
      {
        apex: 'forty.com',
        at: Array.from({ length: 40 }, (_, index) => `20.53.0.${index + 1}`),
        lines: ns('forty.com', 60, 'ns1.forty.com'),
      },
    ],
    rounds: [
      {
        ask: 'forty.com SOA',
        seen: Array.from({ length: 40 }, (_, index) => `${index + 1}`)
          .toSorted()
          .slice(0, 13)
          .map((number) => `child ns${number}.forty.com 20.53.0.${number}: ns.forty.com`),
      },
    ],
  },
]
