// How the direct vantage treats the authorities: rates, silence, who may not be asked, and what is kept open.
import { describe, expect, it } from 'vitest'
import { ROOT_HINTS } from './base-internet.ts'
import { host, ns, type Script } from './scripted-internet.ts'
import { shownReplies } from './story.ts'
import { stage } from './stage.ts'

/** `site.com`: ns1 has two addresses, ns2 one. */
const SITE: Script = {
  delegated: [
    {
      from: 'com',
      at: 'site.com',
      ns: ns('site.com', 172_800, 'ns1.site.com', 'ns2.site.com'),
      glue: [
        ...host('ns1.site.com', 172_800, '20.1.0.1', '20.1.0.2'),
        ...host('ns2.site.com', 172_800, '20.1.0.3'),
      ],
    },
  ],
  zones: [
    { apex: 'site.com', at: ['20.1.0.1', '20.1.0.2', '20.1.0.3'], lines: host('site.com', 60, '21.1.0.1') },
  ],
}
const ONE_SILENT: Script = { ...SITE, quirks: { '20.1.0.3': 'silent' } }

describe('rates', () => {
  it('fails what would come too fast for one address as throttled', async () => {
    const { source } = stage([SITE], { qpsPerAuthority: 1, qpsPerName: 1000, limits: { maxWaitMs: 0 } })
    await source.look({ name: 'site.com', type: 'A' })
    expect(shownReplies(await source.look({ name: 'site.com', type: 'AAAA' }))).toEqual([
      'child ns1.site.com 20.1.0.1: throttled TIMEOUT',
      'child ns1.site.com 20.1.0.2: throttled TIMEOUT',
      'child ns2.site.com 20.1.0.3: throttled TIMEOUT',
    ])
    await source.close()
  })

  it("holds all addresses of one name server to the name's rate", async () => {
    const { source } = stage([SITE], { qpsPerName: 1, limits: { maxWaitMs: 0 } })
    const shown = shownReplies(await source.look({ name: 'site.com', type: 'A' }))
    expect(
      shown.filter((line) => line.startsWith('child ns1.site.com')).map((line) => line.split(': ')[1]),
    ).toHaveLength(2)
    expect(shown.filter((line) => line.includes('throttled'))).toHaveLength(1)
    await source.close()
  })

  it('does not call a zone unreachable that its own rate kept it from reaching', async () => {
    const { source, askedOf } = stage([SITE], { qpsPerName: 1, limits: { maxWaitMs: 0 } })
    await source.look({ name: 'other.com', type: 'NS' })
    expect(askedOf('192.5.6.30', '192.33.14.30')).toEqual(['other.com NS', 'other.com NS'])
    expect(shownReplies(await source.look({ name: 'site.com', type: 'NS' }))).toEqual(['nobody: throttled'])
    await source.close()
  })
})

describe('silence', () => {
  it('does not wait again for a server that was silent lately, and still says that it is', async () => {
    const { source, askedOf, passSeconds } = stage([ONE_SILENT])
    const seen = [
      'child ns1.site.com 20.1.0.1: 21.1.0.1',
      'child ns1.site.com 20.1.0.2: 21.1.0.1',
      'child ns2.site.com 20.1.0.3: timeout TIMEOUT',
    ]
    for (let look = 0; look < 2; look++)
      expect(shownReplies(await source.look({ name: 'site.com', type: 'A' }))).toEqual(seen)
    expect(askedOf('20.1.0.3')).toEqual(['site.com A'])
    passSeconds(31)
    await source.look({ name: 'site.com', type: 'A' })
    expect(askedOf('20.1.0.3')).toEqual(['site.com A', 'site.com A'])
    await source.close()
  })

  it('counts a server as silent that nobody listens at, where others of its family are heard', async () => {
    const { source } = stage([{ ...SITE, quirks: { '20.1.0.3': 'unreachable' } }])
    const shown = shownReplies(await source.look({ name: 'site.com', type: 'A' }))
    expect(shown).toContain('child ns2.site.com 20.1.0.3: timeout TIMEOUT')
    await source.close()
  })

  it('takes a failing socket for its own trouble, where nobody of that family was heard', async () => {
    const quirks = { '2a02:6b8::1': 'unreachable', '2a02:6b8::2': 'unreachable' } as const
    const { source } = stage([{ zones: [], quirks }])
    expect(shownReplies(await source.look({ name: 'site.six', type: 'NS' }))).toEqual(['nobody: network'])
    await source.close()
  })

  it('tells silent roots as a time-out, since that says nothing about the name', async () => {
    const quirks = Object.fromEntries(ROOT_HINTS.map((address) => [address, 'silent' as const]))
    const { source } = stage([{ zones: [], quirks }])
    expect(shownReplies(await source.look({ name: 'site.com', type: 'A' }))).toEqual(['nobody: timeout'])
    expect(shownReplies(await source.look({ name: 'site.com', type: 'NS' }))).toEqual(['nobody: timeout'])
    await source.close()
  })
})

describe('silence to the names of one zone', () => {
  it('does not keep other zones of a server from being asked that answers for them', async () => {
    const shared = '20.1.0.3'
    const lapsed = ['lapsed1.com', 'lapsed2.com']
    const parked: Script = {
      delegated: lapsed.map((zone) => ({
        from: 'com',
        at: zone,
        ns: ns(zone, 172_800, 'ns2.site.com'),
        glue: host('ns2.site.com', 172_800, shared),
      })),
      zones: [],
    }
    const { source, internet } = stage([SITE, parked])
    const answer = internet.answer.bind(internet)
    // As many servers do: nothing at all for names that they do not serve.
    internet.answer = (address, query) => {
      const said = answer(address, query)
      return address === shared && lapsed.includes(query.name) ? null : said
    }
    await source.look({ name: 'site.com', type: 'A' })
    for (const name of lapsed)
      expect(shownReplies(await source.look({ name, type: 'A' }))).toEqual([
        `child ns2.site.com ${shared}: timeout TIMEOUT`,
      ])
    expect(shownReplies(await source.look({ name: 'site.com', type: 'A' }))).toContain(
      `child ns2.site.com ${shared}: 21.1.0.1`,
    )
    await source.close()
  })
})

describe('who may be asked', () => {
  it('sends nothing to an address that has opted out', async () => {
    const { source, askedOf } = stage([SITE], { mayAsk: (address) => address !== '20.1.0.2' })
    expect(shownReplies(await source.look({ name: 'site.com', type: 'A' }))).toEqual([
      'child ns1.site.com 20.1.0.1: 21.1.0.1',
      'child ns1.site.com 20.1.0.2: opted_out TIMEOUT',
      'child ns2.site.com 20.1.0.3: 21.1.0.1',
    ])
    expect(askedOf('20.1.0.2')).toEqual([])
    await source.close()
  })

  it.each(['NS', 'SOA'] as const)(
    'does not call a zone unreachable whose only way leads to somebody who may not be asked, for %s',
    async (type) => {
      const { source } = stage([SITE], { mayAsk: (address) => !address.startsWith('192.') })
      expect(shownReplies(await source.look({ name: 'site.com', type }))).toEqual(['nobody: opted_out'])
      await source.close()
    },
  )

  it.each([
    '127.0.0.1',
    '::ffff:127.0.0.1',
    '::7f00:1',
    '64:ff9b::7f00:1',
    '64:ff9b::1401:1',
    '64:ff9b:1::1',
    '2002:7f00:1::1',
    'fec0::1',
    'fe80::1',
    'ff02::1',
    '224.0.0.251',
    '255.255.255.255',
  ])('sends nothing to %s, which no authority has', async (address) => {
    const inward: Script = {
      delegated: [
        {
          from: 'com',
          at: 'inward.com',
          ns: ns('inward.com', 60, 'ns.inward.com'),
          glue: host('ns.inward.com', 60, address),
        },
      ],
      zones: [{ apex: 'inward.com', at: [address], lines: host('inward.com', 60, '21.1.0.1') }],
    }
    const { source, opened } = stage([inward])
    const replies = await source.look({ name: 'inward.com', type: 'A' })
    expect(replies.map(({ failure }) => failure)).toEqual(['opted_out'])
    const above = [...ROOT_HINTS, '192.5.6.30', '192.33.14.30']
    expect(opened.filter(([one]) => !above.includes(one))).toEqual([])
    await source.close()
  })

  it('asks special-purpose addresses where the configuration allows them', async () => {
    const inward: Script = {
      delegated: [
        {
          from: 'com',
          at: 'inward.com',
          ns: ns('inward.com', 60, 'ns.inward.com'),
          glue: ['ns.inward.com 60 A 10.0.0.1'],
        },
      ],
      zones: [{ apex: 'inward.com', at: ['10.0.0.1'], lines: host('inward.com', 60, '21.1.0.1') }],
    }
    const { source } = stage([inward], { allowSpecialPurpose: true })
    expect(shownReplies(await source.look({ name: 'inward.com', type: 'A' }))).toEqual([
      'child ns.inward.com 10.0.0.1: 21.1.0.1',
    ])
    await source.close()
  })

  it('names the servers of the root once it has asked them who they are', async () => {
    const { source } = stage([SITE])
    const replies = await source.look({ name: 'com', type: 'NS' })
    expect(
      replies
        .filter(({ side }) => side === 'parent')
        .map(({ server }) => server?.name)
        .toSorted(),
    ).toEqual(['a.root-servers.net', 'b.root-servers.net'])
    await source.close()
  })

  it('asks every server of the root for the root itself', async () => {
    const { source } = stage([SITE])
    expect(shownReplies(await source.look({ name: '', type: 'NS' }))).toEqual([
      'child a.root-servers.net 198.41.0.4: a.root-servers.net b.root-servers.net',
      'child b.root-servers.net 199.9.14.201: a.root-servers.net b.root-servers.net',
    ])
    await source.close()
  })
})

describe('open authorities', () => {
  it('keeps no more of them open than it may, and forgets no count of those that it closed', async () => {
    const { source, opened } = stage([ONE_SILENT], { limits: { authorities: 2 } })
    await source.look({ name: 'site.com', type: 'A' })
    await source.look({ name: 'never-registered.net', type: 'A' })
    expect(opened.filter(([, { closed }]) => !closed)).toHaveLength(2)
    expect(source.counters).toEqual({ late: 0, mismatched: 0, truncated: 0, retried: 1 })
    await source.close()
  })

  it('goes over the limit rather than close one that is about to be asked', async () => {
    const { source } = stage([SITE], { limits: { authorities: 1 } })
    expect(shownReplies(await source.look({ name: 'site.com', type: 'A' }))).toEqual([
      'child ns1.site.com 20.1.0.1: 21.1.0.1',
      'child ns1.site.com 20.1.0.2: 21.1.0.1',
      'child ns2.site.com 20.1.0.3: 21.1.0.1',
    ])
    await source.close()
  })

  it('closes all of them with itself, and then asks nobody any more', async () => {
    const { source, opened, internet } = stage([SITE])
    await source.look({ name: 'site.com', type: 'A' })
    await source.close()
    expect(opened.every(([, { closed }]) => closed)).toBe(true)
    const before = internet.asked.length
    const replies = await source.look({ name: 'other.com', type: 'A' })
    expect(new Set(replies.map(({ failure }) => failure))).toEqual(new Set(['network']))
    expect(internet.asked).toHaveLength(before)
  })
})
