// Names on the way to the zone and in it: empty non-terminals, wildcards, aliases, odd labels, cuts that cannot be seen.
import { host, ns, type Cut, type ScriptedZone } from './scripted-internet.ts'
import type { Story } from './story.ts'

const PARENT_TTL = 172_800

/** A zone below a top-level domain with one name server, `ns1` in it, at `address`. */
function single(
  apex: string,
  address: string,
  ...lines: readonly string[]
): { readonly cut: Cut & { readonly from: string }; readonly zone: ScriptedZone } {
  const name = `ns1.${apex}`
  return {
    cut: {
      from: apex.slice(apex.lastIndexOf('.') + 1),
      at: apex,
      ns: ns(apex, PARENT_TTL, name),
      glue: host(name, PARENT_TTL, address),
    },
    zone: { apex, at: [address], lines: [...ns(apex, 3600, name), ...host(name, 3600, address), ...lines] },
  }
}

const LONG_LABEL = 'l'.repeat(60)
const LONG_ZONE = `${LONG_LABEL}.${LONG_LABEL}.${LONG_LABEL}.org`
const TWELVE_LABELS = 'l12.l11.l10.l9.l8.l7.l6.l5.l4.l3.l2.l1'

const DEEP = single(
  'deep.com',
  '20.60.0.1',
  ...host('a.b.c.d.deep.com', 60, '21.60.0.1'),
  ...host(`${TWELVE_LABELS}.deep.com`, 60, '21.60.0.2'),
)
const STUBBORN = single('stubborn.com', '20.61.0.1', ...host('a.b.stubborn.com', 60, '21.61.0.1'))
const WILD = single('wild.com', '20.62.0.1', ...host('*.wild.com', 60, '21.62.0.1'))
const REDIRECT = single('redirect.com', '20.63.0.1', 'old.redirect.com 60 DNAME new.plain.com')
const ALIAS = single(
  'alias.com',
  '20.64.0.1',
  'away.alias.com 60 CNAME edge.cdn-elsewhere.net',
  'home.alias.com 60 CNAME real.alias.com',
  ...host('real.alias.com', 60, '21.64.0.1'),
)
const SHARED = single('shared.com', '20.65.0.1')
const IDN = single('xn--bcher-kva.com', '20.67.0.1', ...host('xn--bcher-kva.com', 60, '21.67.0.1'))
const UNDERSCORE = single(
  'under.com',
  '20.68.0.1',
  'x._domainkey.under.com 60 CNAME k.under.com',
  ...host('k.under.com', 60, '21.68.0.1'),
)
const LONG = single(LONG_ZONE, '20.70.0.1')
const SECOND = single('second.org', '20.71.0.1')
const LOUD = single('loud.net', '20.72.0.1')
const FLUX = ['20.73.0.1', '20.73.0.2'] as const
const MIDDLE = single('middle.com', '20.74.0.1')

export const STORIES_OF_NAMES: readonly Story[] = [
  {
    title: 'walks over names that only have names below them',
    delegated: [DEEP.cut],
    zones: [DEEP.zone],
    rounds: [
      { ask: 'a.b.c.d.deep.com A', seen: ['child ns1.deep.com 20.60.0.1: 21.60.0.1'] },
      { ask: `${TWELVE_LABELS}.deep.com A`, seen: ['child ns1.deep.com 20.60.0.1: 21.60.0.2'] },
      { ask: 'a.b.c.d.deep.com AAAA', seen: ['child ns1.deep.com 20.60.0.1: nodata'] },
    ],
  },
  {
    title: 'does not believe NXDOMAIN for a part of the name',
    delegated: [STUBBORN.cut],
    zones: [STUBBORN.zone],
    quirks: { '20.61.0.1': 'nxdomain-for-empty-names' },
    rounds: [{ ask: 'a.b.stubborn.com A', seen: ['child ns1.stubborn.com 20.61.0.1: 21.61.0.1'] }],
  },
  {
    title: 'takes what a wildcard answers',
    delegated: [WILD.cut],
    zones: [WILD.zone],
    rounds: [
      { ask: 'any.thing.wild.com A', seen: ['child ns1.wild.com 20.62.0.1: 21.62.0.1'] },
      { ask: 'wild.com A', seen: ['child ns1.wild.com 20.62.0.1: nodata'] },
    ],
  },
  {
    title: 'leaves the alias that a DNAME makes as it is',
    delegated: [REDIRECT.cut],
    zones: [REDIRECT.zone],
    rounds: [
      {
        ask: 'www.old.redirect.com A',
        seen: ['child ns1.redirect.com 20.63.0.1: alias:www.new.plain.com'],
      },
    ],
  },
  {
    title: 'leaves an alias out of the zone as it is, and takes the chain inside of it',
    delegated: [ALIAS.cut],
    zones: [ALIAS.zone],
    rounds: [
      { ask: 'away.alias.com A', seen: ['child ns1.alias.com 20.64.0.1: alias:edge.cdn-elsewhere.net'] },
      { ask: 'away.alias.com NS', seen: ['parent nodata'] },
      { ask: 'home.alias.com A', seen: ['child ns1.alias.com 20.64.0.1: 21.64.0.1 alias:real.alias.com'] },
    ],
  },
  {
    title: 'takes a child zone on the servers of its parent for what it is, though no referral is seen',
    delegated: [SHARED.cut],
    zones: [
      SHARED.zone,
      {
        apex: 'sub.shared.com',
        at: ['20.65.0.1', '20.65.0.2'],
        lines: [
          ...ns('sub.shared.com', 3600, 'ns1.shared.com', 'ns2.sub.shared.com'),
          ...host('ns2.sub.shared.com', 3600, '20.65.0.2'),
          ...host('www.sub.shared.com', 60, '21.65.0.1'),
        ],
      },
    ],
    rounds: [
      {
        ask: 'www.sub.shared.com AAAA',
        seen: ['child ns1.shared.com 20.65.0.1: nodata', 'child ns2.sub.shared.com 20.65.0.2: nodata'],
      },
      {
        ask: 'sub.shared.com NS',
        seen: [
          'child ns1.shared.com 20.65.0.1: ns1.shared.com ns2.sub.shared.com',
          'child ns2.sub.shared.com 20.65.0.2: ns1.shared.com ns2.sub.shared.com',
        ],
      },
      {
        ask: 'sub.shared.com SOA',
        seen: [
          'child ns1.shared.com 20.65.0.1: ns.sub.shared.com',
          'child ns2.sub.shared.com 20.65.0.2: ns.sub.shared.com',
        ],
      },
    ],
  },
  {
    title: 'says that a name without a zone cut has none, and that an unknown name is unknown',
    delegated: [],
    zones: [],
    rounds: [
      { ask: 'a.nic.com NS', seen: ['parent nodata'] },
      { ask: 'never-registered.com NS', seen: ['parent nxdomain'] },
      { ask: 'never-registered.com SOA', seen: ['parent nxdomain'] },
      {
        ask: 'www.never-registered.com A',
        seen: ['child a.nic.com 192.5.6.30: nxdomain', 'child b.nic.com 192.33.14.30: nxdomain'],
      },
    ],
  },
  {
    title: 'asks for internationalised names by their A-labels',
    delegated: [IDN.cut],
    zones: [IDN.zone],
    rounds: [{ ask: 'xn--bcher-kva.com A', seen: ['child ns1.xn--bcher-kva.com 20.67.0.1: 21.67.0.1'] }],
  },
  {
    title: 'walks over labels with an underscore',
    delegated: [UNDERSCORE.cut],
    zones: [UNDERSCORE.zone],
    rounds: [
      {
        ask: 'x._domainkey.under.com A',
        seen: ['child ns1.under.com 20.68.0.1: 21.68.0.1 alias:k.under.com'],
      },
    ],
  },
  {
    title: 'knows a name server by its name in whatever case it is written',
    delegated: [
      {
        from: 'com',
        at: 'case.com',
        ns: ['CASE.com 172800 NS NS1.Case.COM'],
        glue: ['nS1.cASE.com 172800 A 20.69.0.1'],
      },
    ],
    zones: [{ apex: 'case.com', at: ['20.69.0.1'], lines: ['case.com 3600 NS ns1.CASE.com'] }],
    rounds: [
      {
        ask: 'case.com NS',
        seen: [
          'parent NS 172800 ns1.case.com',
          'parent glue 172800 ns1.case.com 20.69.0.1',
          'child ns1.case.com 20.69.0.1: ns1.case.com',
        ],
      },
    ],
  },
  {
    title: 'reaches a zone whose name is nearly as long as a name can be',
    delegated: [LONG.cut],
    zones: [LONG.zone],
    rounds: [{ ask: `${LONG_ZONE} SOA`, seen: [`child ns1.${LONG_ZONE} 20.70.0.1: ns.${LONG_ZONE}`] }],
  },
  {
    title: 'finds the closest of several cuts on the way',
    delegated: [SECOND.cut],
    zones: [
      {
        ...SECOND.zone,
        cuts: [
          {
            at: 'third.second.org',
            ns: ns('third.second.org', 300, 'ns.third.second.org'),
            glue: host('ns.third.second.org', 300, '20.71.0.3'),
          },
        ],
      },
      {
        apex: 'third.second.org',
        at: ['20.71.0.3'],
        cuts: [
          {
            at: 'x.fourth.third.second.org',
            ns: ns('x.fourth.third.second.org', 300, 'ns.third.second.org'),
            glue: host('ns.third.second.org', 300, '20.71.0.4'),
          },
        ],
      },
      {
        apex: 'x.fourth.third.second.org',
        at: ['20.71.0.4'],
        lines: ns('x.fourth.third.second.org', 60, 'ns.third.second.org'),
      },
    ],
    rounds: [
      {
        ask: 'x.fourth.third.second.org NS',
        seen: [
          'parent NS 300 ns.third.second.org',
          'parent glue 300 ns.third.second.org 20.71.0.4',
          'child ns.third.second.org 20.71.0.4: ns.third.second.org',
        ],
      },
      { ask: 'y.fourth.third.second.org A', seen: ['child ns.third.second.org 20.71.0.3: nxdomain'] },
    ],
  },
  {
    title: 'takes a referral for one that has the AA bit set',
    delegated: [LOUD.cut],
    zones: [
      {
        ...LOUD.zone,
        cuts: [
          {
            at: 'quiet.loud.net',
            ns: ns('quiet.loud.net', 300, 'ns.quiet.loud.net'),
            glue: host('ns.quiet.loud.net', 300, '20.72.0.2'),
          },
        ],
      },
      { apex: 'quiet.loud.net', at: ['20.72.0.2'], lines: host('quiet.loud.net', 60, '21.72.0.1') },
    ],
    quirks: { '20.72.0.1': 'aa-in-referrals' },
    rounds: [{ ask: 'quiet.loud.net A', seen: ['child ns.quiet.loud.net 20.72.0.2: 21.72.0.1'] }],
  },
  {
    title: 'shows each authority by itself where they give different addresses',
    delegated: [
      {
        from: 'com',
        at: 'twofaced.com',
        ns: ns('twofaced.com', PARENT_TTL, 'ns1.twofaced.com', 'ns2.twofaced.com'),
        glue: [
          ...host('ns1.twofaced.com', PARENT_TTL, FLUX[0]),
          ...host('ns2.twofaced.com', PARENT_TTL, FLUX[1]),
        ],
      },
    ],
    zones: [
      { apex: 'twofaced.com', at: [FLUX[0]], lines: host('twofaced.com', 60, '21.73.0.1', '21.73.0.2') },
      { apex: 'twofaced.com', at: [FLUX[1]], lines: host('twofaced.com', 60, '21.73.0.3') },
    ],
    rounds: [
      {
        ask: 'twofaced.com A',
        seen: [
          'child ns1.twofaced.com 20.73.0.1: 21.73.0.1 21.73.0.2',
          'child ns2.twofaced.com 20.73.0.2: 21.73.0.3',
        ],
      },
    ],
  },
  {
    title: 'follows a cut that only some of the servers above know of',
    delegated: [
      {
        ...MIDDLE.cut,
        ns: ns('middle.com', PARENT_TTL, 'ns1.middle.com', 'ns2.middle.com'),
        glue: [
          ...host('ns1.middle.com', PARENT_TTL, '20.74.0.1'),
          ...host('ns2.middle.com', PARENT_TTL, '20.74.0.2'),
        ],
      },
    ],
    zones: [
      { ...MIDDLE.zone, lines: host('part.middle.com', 60, '21.74.0.1') },
      {
        apex: 'middle.com',
        at: ['20.74.0.2'],
        cuts: [
          {
            at: 'part.middle.com',
            ns: ns('part.middle.com', 300, 'ns.part.middle.com'),
            glue: host('ns.part.middle.com', 300, '20.74.0.3'),
          },
        ],
      },
      { apex: 'part.middle.com', at: ['20.74.0.3'], lines: ns('part.middle.com', 60, 'ns.part.middle.com') },
    ],
    rounds: [
      {
        ask: 'part.middle.com NS',
        seen: [
          'parent NS 300 ns.part.middle.com',
          'parent glue 300 ns.part.middle.com 20.74.0.3',
          'parent nodata',
          'child ns.part.middle.com 20.74.0.3: ns.part.middle.com',
        ],
      },
    ],
  },
]
