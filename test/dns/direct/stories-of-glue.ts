// Delegations whose name servers come with glue, believed or not.
import { host, ns } from './scripted-internet.ts'
import type { Story } from './story.ts'

const PARENT_TTL = 172_800

export const STORIES_OF_GLUE: readonly Story[] = [
  {
    title: 'sees in-domain glue at the parent and both name servers at the child',
    delegated: [
      {
        from: 'com',
        at: 'plain.com',
        ns: ns('plain.com', PARENT_TTL, 'ns1.plain.com', 'ns2.plain.com'),
        glue: [
          ...host('ns1.plain.com', PARENT_TTL, '20.1.0.1'),
          ...host('ns2.plain.com', PARENT_TTL, '20.1.0.2'),
        ],
      },
    ],
    zones: [
      {
        apex: 'plain.com',
        at: ['20.1.0.1', '20.1.0.2'],
        lines: ns('plain.com', 3600, 'ns1.plain.com', 'ns2.plain.com'),
      },
    ],
    rounds: [
      {
        ask: 'plain.com NS',
        seen: [
          'parent NS 172800 ns1.plain.com',
          'parent NS 172800 ns2.plain.com',
          'parent glue 172800 ns1.plain.com 20.1.0.1',
          'parent glue 172800 ns2.plain.com 20.1.0.2',
          'child ns1.plain.com 20.1.0.1: ns1.plain.com ns2.plain.com',
          'child ns2.plain.com 20.1.0.2: ns1.plain.com ns2.plain.com',
        ],
      },
    ],
  },
  {
    title: "believes a sibling's glue from the zone above both",
    delegated: [
      {
        from: 'com',
        at: 'sibling.com',
        ns: ns('sibling.com', PARENT_TTL, 'ns1.elder.com'),
        glue: host('ns1.elder.com', PARENT_TTL, '20.2.0.1'),
      },
    ],
    zones: [{ apex: 'sibling.com', at: ['20.2.0.1'], lines: ns('sibling.com', 3600, 'ns1.elder.com') }],
    rounds: [
      {
        ask: 'sibling.com NS',
        seen: [
          'parent NS 172800 ns1.elder.com',
          'parent glue 172800 ns1.elder.com 20.2.0.1',
          'child ns1.elder.com 20.2.0.1: ns1.elder.com',
        ],
      },
    ],
  },
  {
    title: 'takes no glue for a name outside the delegating zone, and asks the zone of that name instead',
    delegated: [
      {
        from: 'com',
        at: 'poisoned.com',
        ns: ns('poisoned.com', PARENT_TTL, 'ns1.honest.org'),
        glue: host('ns1.honest.org', PARENT_TTL, '20.3.0.66'),
      },
      {
        from: 'org',
        at: 'honest.org',
        ns: ns('honest.org', PARENT_TTL, 'ns1.honest.org'),
        glue: host('ns1.honest.org', PARENT_TTL, '20.3.0.1'),
      },
    ],
    zones: [
      {
        apex: 'honest.org',
        at: ['20.3.0.1'],
        lines: [...ns('honest.org', 3600, 'ns1.honest.org'), ...host('ns1.honest.org', 3600, '20.3.0.1')],
      },
      { apex: 'poisoned.com', at: ['20.3.0.1'], lines: ns('poisoned.com', 3600, 'ns1.honest.org') },
      { apex: 'poisoned.com', at: ['20.3.0.66'], lines: ns('poisoned.com', 3600, 'evil.poisoned.com') },
    ],
    rounds: [
      {
        ask: 'poisoned.com NS',
        seen: ['parent NS 172800 ns1.honest.org', 'child ns1.honest.org 20.3.0.1: ns1.honest.org'],
      },
    ],
  },
  {
    title: 'believes no glue of a name server that the referral does not list',
    delegated: [
      {
        from: 'com',
        at: 'extra.com',
        ns: ns('extra.com', PARENT_TTL, 'ns1.extra.com'),
        glue: [
          ...host('ns1.extra.com', PARENT_TTL, '20.4.0.1'),
          ...host('www.plain.com', PARENT_TTL, '20.4.0.66'),
        ],
      },
    ],
    zones: [{ apex: 'extra.com', at: ['20.4.0.1'], lines: ns('extra.com', 3600, 'ns1.extra.com') }],
    rounds: [
      {
        ask: 'extra.com NS',
        seen: [
          'parent NS 172800 ns1.extra.com',
          'parent glue 172800 ns1.extra.com 20.4.0.1',
          'child ns1.extra.com 20.4.0.1: ns1.extra.com',
        ],
      },
    ],
  },
  {
    title: 'reaches name servers that have IPv6 addresses only',
    delegated: [
      {
        from: 'net',
        at: 'newer.net',
        ns: ns('newer.net', PARENT_TTL, 'ns1.newer.net'),
        glue: host('ns1.newer.net', PARENT_TTL, '2a0e:b107::5:1'),
      },
    ],
    zones: [{ apex: 'newer.net', at: ['2a0e:b107::5:1'], lines: ns('newer.net', 3600, 'ns1.newer.net') }],
    rounds: [
      {
        ask: 'newer.net NS',
        seen: [
          'parent NS 172800 ns1.newer.net',
          'parent glue 172800 ns1.newer.net 2a0e:b107::5:1',
          'child ns1.newer.net 2a0e:b107::5:1: ns1.newer.net',
        ],
      },
    ],
  },
  {
    title: 'walks through a top-level domain whose servers have IPv6 addresses only',
    delegated: [
      {
        from: 'six',
        at: 'beyond.six',
        ns: ns('beyond.six', PARENT_TTL, 'ns1.beyond.six'),
        glue: host('ns1.beyond.six', PARENT_TTL, '20.6.0.1'),
      },
    ],
    zones: [{ apex: 'beyond.six', at: ['20.6.0.1'], lines: ns('beyond.six', 3600, 'ns1.beyond.six') }],
    rounds: [
      {
        ask: 'beyond.six NS',
        seen: [
          'parent NS 172800 ns1.beyond.six',
          'parent glue 172800 ns1.beyond.six 20.6.0.1',
          'child ns1.beyond.six 20.6.0.1: ns1.beyond.six',
        ],
      },
    ],
  },
  {
    title: 'asks a name server at its addresses of both families',
    delegated: [
      {
        from: 'com',
        at: 'mixed.com',
        ns: ns('mixed.com', PARENT_TTL, 'ns1.mixed.com'),
        glue: host('ns1.mixed.com', PARENT_TTL, '20.7.0.1', '20.7.0.2', '2a0e:b107::7:1'),
      },
    ],
    zones: [
      {
        apex: 'mixed.com',
        at: ['20.7.0.1', '20.7.0.2', '2a0e:b107::7:1'],
        lines: ns('mixed.com', 3600, 'ns1.mixed.com'),
      },
    ],
    rounds: [
      {
        ask: 'mixed.com NS',
        seen: [
          'parent NS 172800 ns1.mixed.com',
          'parent glue 172800 ns1.mixed.com 20.7.0.1',
          'parent glue 172800 ns1.mixed.com 20.7.0.2',
          'parent glue 172800 ns1.mixed.com 2a0e:b107::7:1',
          'child ns1.mixed.com 20.7.0.1: ns1.mixed.com',
          'child ns1.mixed.com 2a0e:b107::7:1: ns1.mixed.com',
        ],
      },
    ],
  },
  {
    title: 'sends nothing to special-purpose addresses',
    delegated: [
      {
        from: 'com',
        at: 'inward.com',
        ns: ns('inward.com', PARENT_TTL, 'ns1.inward.com', 'ns2.inward.com', 'ns3.inward.com'),
        glue: [
          ...host('ns1.inward.com', PARENT_TTL, '127.0.0.1'),
          ...host('ns2.inward.com', PARENT_TTL, '10.8.0.1'),
          ...host('ns3.inward.com', PARENT_TTL, '20.8.0.3'),
        ],
      },
    ],
    zones: [{ apex: 'inward.com', at: ['20.8.0.3'], lines: ns('inward.com', 3600, 'ns3.inward.com') }],
    rounds: [
      {
        ask: 'inward.com NS',
        seen: [
          'parent NS 172800 ns1.inward.com',
          'parent NS 172800 ns2.inward.com',
          'parent NS 172800 ns3.inward.com',
          'parent glue 172800 ns1.inward.com 127.0.0.1',
          'parent glue 172800 ns2.inward.com 10.8.0.1',
          'parent glue 172800 ns3.inward.com 20.8.0.3',
          'child ns1.inward.com 127.0.0.1: opted_out TIMEOUT',
          'child ns2.inward.com 10.8.0.1: opted_out TIMEOUT',
          'child ns3.inward.com 20.8.0.3: ns3.inward.com',
        ],
      },
    ],
  },
  {
    title: 'passes over a record of another type where an address should be',
    delegated: [
      {
        from: 'com',
        at: 'oddglue.com',
        ns: ns('oddglue.com', PARENT_TTL, 'ns1.oddglue.com', 'ns2.oddglue.com'),
        glue: [
          'ns1.oddglue.com 172800 CNAME ns2.oddglue.com',
          ...host('ns2.oddglue.com', PARENT_TTL, '20.9.0.2'),
        ],
      },
    ],
    zones: [
      {
        apex: 'oddglue.com',
        at: ['20.9.0.2'],
        lines: ns('oddglue.com', 3600, 'ns1.oddglue.com', 'ns2.oddglue.com'),
      },
    ],
    rounds: [
      {
        ask: 'oddglue.com NS',
        seen: [
          'parent NS 172800 ns1.oddglue.com',
          'parent NS 172800 ns2.oddglue.com',
          'parent glue 172800 ns2.oddglue.com 20.9.0.2',
          'child ns2.oddglue.com 20.9.0.2: ns1.oddglue.com ns2.oddglue.com',
        ],
      },
    ],
  },
  {
    title: 'asks an address once that two name servers share, and counts a repeated NS record once',
    delegated: [
      {
        from: 'com',
        at: 'twice.com',
        ns: ns('twice.com', PARENT_TTL, 'ns1.twice.com', 'ns2.twice.com', 'ns1.twice.com'),
        glue: [
          ...host('ns1.twice.com', PARENT_TTL, '20.10.0.1'),
          ...host('ns2.twice.com', PARENT_TTL, '20.10.0.1'),
        ],
      },
    ],
    zones: [
      {
        apex: 'twice.com',
        at: ['20.10.0.1'],
        lines: ns('twice.com', 3600, 'ns1.twice.com', 'ns2.twice.com'),
      },
    ],
    rounds: [
      {
        ask: 'twice.com NS',
        seen: [
          'parent NS 172800 ns1.twice.com',
          'parent NS 172800 ns2.twice.com',
          'parent glue 172800 ns1.twice.com 20.10.0.1',
          'parent glue 172800 ns2.twice.com 20.10.0.1',
          'child ns1.twice.com 20.10.0.1: ns1.twice.com ns2.twice.com',
        ],
      },
    ],
  },
]
