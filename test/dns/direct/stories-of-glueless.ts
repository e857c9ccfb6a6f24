// Delegations without glue: whom to ask must be found first, sometimes in a circle.
import { host, ns, type Cut, type ScriptedZone } from './scripted-internet.ts'
import type { Story } from './story.ts'

const PARENT_TTL = 172_800

/** A cut below a top-level domain without glue. */
function glueless(at: string, ...names: readonly string[]): Cut & { readonly from: string } {
  return { from: at.slice(at.lastIndexOf('.') + 1), at, ns: ns(at, PARENT_TTL, ...names) }
}

/** A cut with one name server, `ns1` in the zone, and the zone that it serves. */
function hosted(
  apex: string,
  address: string,
  ...lines: readonly string[]
): { readonly cut: Cut & { readonly from: string }; readonly zone: ScriptedZone } {
  const name = `ns1.${apex}`
  return {
    cut: { ...glueless(apex, name), glue: host(name, PARENT_TTL, address) },
    zone: { apex, at: [address], lines: [...ns(apex, 3600, name), ...host(name, 3600, address), ...lines] },
  }
}

const OUTSIDE = hosted('outside.org', '20.20.0.1')
const LEVEL_4 = hosted('level4.com', '20.23.0.4', ...host('ns.level4.com', 3600, '20.23.0.3'))
const DEEPEST = hosted('deep8.net', '20.24.0.8', ...host('ns.deep8.net', 3600, '20.24.0.7'))
const DUAL = hosted('dual.org', '20.25.0.9', ...host('ns.dual.org', 3600, '20.25.0.1', '2a0e:b107::25:1'))
const HALF = hosted('half.org', '20.27.0.1')
const ALIASES = hosted(
  'aliases.org',
  '20.28.0.9',
  'ns.aliases.org 3600 CNAME real.aliases.org',
  ...host('real.aliases.org', 3600, '20.28.0.1'),
)
const EMPTY = hosted('empty.org', '20.29.0.9')

export const STORIES_OF_GLUELESS: readonly Story[] = [
  {
    title: 'finds the addresses of name servers under another top-level domain',
    delegated: [glueless('foreign.com', 'ns1.outside.org'), OUTSIDE.cut],
    zones: [
      OUTSIDE.zone,
      { apex: 'foreign.com', at: ['20.20.0.1'], lines: ns('foreign.com', 3600, 'ns1.outside.org') },
    ],
    rounds: [
      {
        ask: 'foreign.com NS',
        seen: ['parent NS 172800 ns1.outside.org', 'child ns1.outside.org 20.20.0.1: ns1.outside.org'],
      },
    ],
  },
  {
    title: 'says that a zone cannot be reached whose name servers wait for each other across two zones',
    delegated: [glueless('loop-a.com', 'ns1.loop-b.net'), glueless('loop-b.net', 'ns1.loop-a.com')],
    zones: [],
    rounds: [
      { ask: 'loop-a.com NS', seen: ['parent NS 172800 ns1.loop-b.net', 'nobody: unreachable_zone'] },
      { ask: 'www.loop-b.net A', seen: ['nobody: unreachable_zone'] },
    ],
  },
  {
    title: 'says that a zone cannot be reached whose only name server lies in it and has no glue',
    delegated: [glueless('self-loop.com', 'ns1.self-loop.com')],
    zones: [],
    rounds: [
      { ask: 'self-loop.com NS', seen: ['parent NS 172800 ns1.self-loop.com', 'nobody: unreachable_zone'] },
    ],
  },
  {
    title: 'climbs through four levels of name servers that come without glue',
    delegated: [
      glueless('level1.com', 'ns.level2.net'),
      glueless('level2.net', 'ns.level3.org'),
      glueless('level3.org', 'ns.level4.com'),
      LEVEL_4.cut,
    ],
    zones: [
      LEVEL_4.zone,
      {
        apex: 'level3.org',
        at: ['20.23.0.3'],
        lines: [...ns('level3.org', 3600, 'ns.level4.com'), ...host('ns.level3.org', 3600, '20.23.0.2')],
      },
      {
        apex: 'level2.net',
        at: ['20.23.0.2'],
        lines: [...ns('level2.net', 3600, 'ns.level3.org'), ...host('ns.level2.net', 3600, '20.23.0.1')],
      },
      { apex: 'level1.com', at: ['20.23.0.1'], lines: ns('level1.com', 3600, 'ns.level2.net') },
    ],
    rounds: [
      {
        ask: 'level1.com NS',
        seen: ['parent NS 172800 ns.level2.net', 'child ns.level2.net 20.23.0.1: ns.level2.net'],
      },
      { ask: 'level2.net SOA', seen: ['child ns.level3.org 20.23.0.2: ns.level2.net'] },
    ],
  },
  {
    title: 'gives up on name servers that hang on each other eight levels deep',
    delegated: [
      ...[1, 2, 3, 4, 5, 6, 7].map((level) => glueless(`deep${level}.net`, `ns.deep${level + 1}.net`)),
      DEEPEST.cut,
    ],
    zones: [
      { apex: 'deep1.net', at: ['20.24.0.1'] },
      ...[2, 3, 4, 5, 6, 7].map((level) => ({
        apex: `deep${level}.net`,
        at: [`20.24.0.${level}`],
        lines: host(`ns.deep${level}.net`, 3600, `20.24.0.${level - 1}`),
      })),
      DEEPEST.zone,
    ],
    rounds: [{ ask: 'deep1.net NS', seen: ['parent NS 172800 ns.deep2.net', 'nobody: unreachable_zone'] }],
  },
  {
    title: 'looks for the addresses of both families of a name server without glue',
    delegated: [glueless('dualstack.com', 'ns.dual.org'), DUAL.cut],
    zones: [
      DUAL.zone,
      {
        apex: 'dualstack.com',
        at: ['20.25.0.1', '2a0e:b107::25:1'],
        lines: ns('dualstack.com', 3600, 'ns.dual.org'),
      },
    ],
    rounds: [
      {
        ask: 'dualstack.com NS',
        seen: [
          'parent NS 172800 ns.dual.org',
          'child ns.dual.org 20.25.0.1: ns.dual.org',
          'child ns.dual.org 2a0e:b107::25:1: ns.dual.org',
        ],
      },
    ],
  },
  {
    title: 'says that a zone cannot be reached whose name server does not exist',
    delegated: [glueless('ghost.com', 'ns1.no-such-zone.org')],
    zones: [],
    rounds: [
      { ask: 'ghost.com NS', seen: ['parent NS 172800 ns1.no-such-zone.org', 'nobody: unreachable_zone'] },
    ],
  },
  {
    title: 'asks the one name server that can be found for the address of one that waits for its own zone',
    delegated: [glueless('half.com', 'ns1.half.com', 'ns1.half.org'), HALF.cut],
    zones: [
      HALF.zone,
      {
        apex: 'half.com',
        at: ['20.27.0.1', '20.27.0.2'],
        lines: [
          ...ns('half.com', 3600, 'ns1.half.com', 'ns1.half.org'),
          ...host('ns1.half.com', 3600, '20.27.0.2'),
        ],
      },
    ],
    rounds: [
      {
        ask: 'half.com NS',
        seen: [
          'parent NS 172800 ns1.half.com',
          'parent NS 172800 ns1.half.org',
          'child ns1.half.com 20.27.0.2: ns1.half.com ns1.half.org',
          'child ns1.half.org 20.27.0.1: ns1.half.com ns1.half.org',
        ],
      },
    ],
  },
  {
    title: 'follows no alias for the name of a name server',
    delegated: [glueless('aliased.com', 'ns.aliases.org'), ALIASES.cut],
    zones: [
      ALIASES.zone,
      { apex: 'aliased.com', at: ['20.28.0.1'], lines: ns('aliased.com', 3600, 'ns.aliases.org') },
    ],
    rounds: [
      { ask: 'aliased.com NS', seen: ['parent NS 172800 ns.aliases.org', 'nobody: unreachable_zone'] },
    ],
  },
  {
    title: 'says that a zone cannot be reached whose name server has no address',
    delegated: [glueless('addressless.com', 'www.empty.org', '.'), EMPTY.cut],
    zones: [{ ...EMPTY.zone, lines: [...(EMPTY.zone.lines ?? []), ...ns('www.empty.org', 60, 'nowhere')] }],
    rounds: [
      {
        ask: 'addressless.com NS',
        seen: ['parent NS 172800 www.empty.org', 'parent NS 172800 ', 'nobody: unreachable_zone'],
      },
    ],
  },
]
