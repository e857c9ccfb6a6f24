// What the direct vantage sends and does not send: parts of names, cached cuts, shared questions, limits, rates.
import { describe, expect, it } from 'vitest'
import { ROOT_HINTS } from './base-internet.ts'
import { host, ns, type Script } from './scripted-internet.ts'
import { shownReplies } from './story.ts'
import { stage } from './stage.ts'

const COM = ['192.5.6.30', '192.33.14.30'] as const

/** `site.com` on two servers; `deep.below.site.com` and its neighbours have addresses. */
const SITE: Script = {
  delegated: [
    {
      from: 'com',
      at: 'site.com',
      ns: ns('site.com', 172_800, 'ns1.site.com', 'ns2.site.com'),
      glue: [...host('ns1.site.com', 172_800, '20.1.0.1'), ...host('ns2.site.com', 172_800, '20.1.0.2')],
    },
  ],
  zones: [
    {
      apex: 'site.com',
      at: ['20.1.0.1', '20.1.0.2'],
      lines: [
        ...ns('site.com', 3600, 'ns1.site.com', 'ns2.site.com'),
        ...host('site.com', 60, '21.1.0.1'),
        ...host('deep.below.site.com', 60, '21.1.0.2'),
      ],
    },
  ],
}

describe('what the servers above are told', () => {
  it('tells the root and a top-level domain no more of a name than they need', async () => {
    const { source, askedOf } = stage([SITE])
    await source.look({ name: 'deep.below.site.com', type: 'AAAA' })
    expect(askedOf(...ROOT_HINTS)).toEqual([' NS', 'com A'])
    expect(askedOf(...COM)).toEqual(['site.com A'])
    await source.close()
  })

  it('asks for the whole name where nobody answers for a part of it', async () => {
    const { source, internet, askedOf } = stage([SITE])
    const answer = internet.answer.bind(internet)
    internet.answer = (address, query) => {
      const said = answer(address, query)
      return query.name === 'below.site.com' ? null : said
    }
    const replies = await source.look({ name: 'x.deep.below.site.com', type: 'A' })
    expect(shownReplies(replies)).toEqual([
      'child ns1.site.com 20.1.0.1: nxdomain',
      'child ns2.site.com 20.1.0.2: nxdomain',
    ])
    expect(new Set(askedOf('20.1.0.1', '20.1.0.2'))).toEqual(
      new Set(['below.site.com A', 'deep.below.site.com A', 'x.deep.below.site.com A']),
    )
    await source.close()
  })

  it("asks two of the parent's servers afresh for each look at a cut, and nobody above them", async () => {
    const { source, askedOf } = stage([SITE])
    await source.look({ name: 'site.com', type: 'NS' })
    await source.look({ name: 'site.com', type: 'NS' })
    expect(askedOf(...COM)).toEqual(Array.from({ length: 4 }, () => 'site.com NS'))
    expect(askedOf(...ROOT_HINTS)).toEqual([' NS', 'com A'])
    await source.close()
  })

  it('asks the parent nothing for a host whose zone it remembers, until its time is over', async () => {
    const { source, askedOf, passSeconds } = stage([SITE])
    await source.look({ name: 'site.com', type: 'A' })
    passSeconds(3599)
    await source.look({ name: 'deep.below.site.com', type: 'A' })
    expect(askedOf(...COM)).toEqual(['site.com A'])
    passSeconds(2)
    await source.look({ name: 'deep.below.site.com', type: 'A' })
    expect(askedOf(...COM)).toEqual(['site.com A', 'site.com A'])
    await source.close()
  })

  it('sends a question once that several looks need at the same time', async () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>()
    const { source, internet, askedOf } = stage([SITE], { gate })
    const looks = ['A', 'AAAA', 'NS', 'SOA'].map((type) =>
      source.look({ name: 'site.com', type: type as 'A' }),
    )
    open()
    const replies = await Promise.all(looks)
    expect(replies.map((all) => all.filter(({ side }) => side === 'child').length)).toEqual([2, 2, 2, 2])
    expect(internet.asked.length).toBe(new Set(internet.asked).size)
    expect(askedOf(...ROOT_HINTS)).toEqual([' NS', 'com A'])
    await source.close()
  })
})

describe('limits of one look', () => {
  it('spends no more than its packets on a delegation that is made to cost many', async () => {
    const names = Array.from({ length: 13 }, (_, index) => `ns.victim${index}.net`)
    const hostile: Script = {
      zones: [],
      delegated: [
        { from: 'com', at: 'costly.com', ns: ns('costly.com', 60, ...names) },
        ...names.map((_, index) => ({
          from: 'net',
          at: `victim${index}.net`,
          ns: ns(
            `victim${index}.net`,
            60,
            ...Array.from({ length: 13 }, (__, inner) => `ns${inner}.victim${(index + inner + 1) % 13}.net`),
          ),
        })),
      ],
    }
    // So deep that only counting what is looked up ends it: every cut is in the cache after some packets.
    const { source, internet } = stage([hostile], { limits: { gluelessDepth: 100 } })
    expect(shownReplies(await source.look({ name: 'costly.com', type: 'A' }))).toEqual([
      'nobody: unreachable_zone',
    ])
    expect(internet.asked.length).toBeLessThanOrEqual(100)
    await source.close()
  })

  it('asks no more of many servers than its packets allow', async () => {
    const { source, internet } = stage([SITE], { limits: { packets: 4 } })
    const shown = shownReplies(await source.look({ name: 'site.com', type: 'A' }))
    expect(internet.asked).toHaveLength(4)
    expect(shown).toHaveLength(1)
    await source.close()
  })

  it('asks the same servers of many at every look, in whatever order the parent lists them', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `ns${index}.crowd.com`)
    const cut = (order: readonly string[]) => ({
      from: 'com',
      at: 'crowd.com',
      ns: ns('crowd.com', 60, ...order),
      glue: order.flatMap((name) => {
        const index = names.indexOf(name)
        return host(name, 60, `20.4.2.${index}`, `20.4.0.${index}`, `20.4.1.${index}`)
      }),
    })
    const zones = names.map((_, index) => ({
      apex: 'crowd.com',
      at: [`20.4.0.${index}`, `20.4.1.${index}`, `20.4.2.${index}`],
      lines: host('crowd.com', 60, `21.4.0.${index}`),
    }))
    const { source, internet, passSeconds } = stage([{ delegated: [cut(names)], zones }])
    const seen = new Set<string>()
    for (let look = 0; look < 6; look++) {
      const order = [...names.slice(look * 3), ...names.slice(0, look * 3)]
      internet.changeCut('com', cut(look % 2 === 0 ? order : order.toReversed()))
      seen.add(shownReplies(await source.look({ name: 'crowd.com', type: 'A' })).join('\n'))
      passSeconds(61)
    }
    expect([...seen]).toHaveLength(1)
    expect([...seen][0]!.split('\n')).toHaveLength(16)
    await source.close()
  })

  it('finds the one name server that can be found behind twelve that wait for themselves', async () => {
    const looping = Array.from({ length: 12 }, (_, index) => `ns${index}.crowd.com`)
    const crowd: Script = {
      delegated: [
        { from: 'com', at: 'crowd.com', ns: ns('crowd.com', 60, ...looping, 'ns1.helper.net') },
        {
          from: 'net',
          at: 'helper.net',
          ns: ns('helper.net', 60, 'ns1.helper.net'),
          glue: ['ns1.helper.net 60 A 20.3.0.1'],
        },
      ],
      zones: [
        { apex: 'helper.net', at: ['20.3.0.1'], lines: host('ns1.helper.net', 60, '20.3.0.1') },
        { apex: 'crowd.com', at: ['20.3.0.1'] },
      ],
    }
    const { source } = stage([crowd])
    expect(shownReplies(await source.look({ name: 'crowd.com', type: 'SOA' }))).toEqual([
      'child ns1.helper.net 20.3.0.1: ns.crowd.com',
    ])
    await source.close()
  })

  it('climbs as many levels of name servers without glue as it may, and no more', async () => {
    const levels = [1, 2, 3]
    const chain: Script = {
      delegated: [
        ...levels.map((level) => ({
          from: 'net',
          at: `rung${level}.net`,
          ns: ns(`rung${level}.net`, 60, `ns.rung${level + 1}.net`),
        })),
        {
          from: 'net',
          at: 'rung4.net',
          ns: ns('rung4.net', 60, 'ns.rung4.net'),
          glue: ['ns.rung4.net 60 A 20.2.0.4'],
        },
      ],
      zones: [
        ...levels.map((level) => ({
          apex: `rung${level}.net`,
          at: [`20.2.0.${level}`],
          lines: host(`ns.rung${level}.net`, 60, `20.2.0.${level - 1}`),
        })),
        { apex: 'rung4.net', at: ['20.2.0.4'], lines: host('ns.rung4.net', 60, '20.2.0.3') },
      ],
    }
    const enough = stage([chain], { limits: { gluelessDepth: 3 } })
    expect(shownReplies(await enough.source.look({ name: 'rung1.net', type: 'A' }))).toEqual([
      'child ns.rung2.net 20.2.0.1: nodata',
    ])
    const tooFew = stage([chain], { limits: { gluelessDepth: 2 } })
    expect(shownReplies(await tooFew.source.look({ name: 'rung1.net', type: 'A' }))).toEqual([
      'nobody: unreachable_zone',
    ])
    await enough.source.close()
    await tooFew.source.close()
  })

  it('ends when its time is over, and says what it has not heard', async () => {
    const never = new Promise<void>(() => {})
    const { source } = stage([SITE], { gate: never, limits: { lookMs: 20 } })
    expect(shownReplies(await source.look({ name: 'site.com', type: 'NS' }))).toEqual(['nobody: timeout'])
    expect(source.inFlight).toBe(0)
    await source.close()
  })

  it('rejects with the reason of an aborted signal and leaves nothing on its way', async () => {
    const never = new Promise<void>(() => {})
    const { source, opened } = stage([SITE], { gate: never })
    const controller = new AbortController()
    const look = source.look({ name: 'site.com', type: 'NS' }, controller.signal)
    const reason = new Error('nobody waits any more')
    controller.abort(reason)
    await expect(look).rejects.toBe(reason)
    expect(source.inFlight).toBe(0)
    expect(opened.map(([, { inFlight }]) => inFlight)).toEqual([0])
    await source.close()
  })

  it('goes on with a question that another look still waits for when one is aborted', async () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>()
    const { source } = stage([SITE], { gate })
    const controller = new AbortController()
    const aborted = source.look({ name: 'site.com', type: 'A' }, controller.signal)
    const other = source.look({ name: 'site.com', type: 'A' })
    controller.abort(new Error('not me'))
    await expect(aborted).rejects.toThrow('not me')
    open()
    expect(shownReplies(await other)).toEqual([
      'child ns1.site.com 20.1.0.1: 21.1.0.1',
      'child ns2.site.com 20.1.0.2: 21.1.0.1',
    ])
    await source.close()
  })
})
