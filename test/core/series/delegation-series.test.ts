import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Observation } from '../../../src/core/model/observation.ts'
import { decodeSeries, encodeSeries } from '../../../src/core/series/codec.ts'
import {
  foldAndMarkZoneRound,
  newZoneSeries,
  currentNameServers,
} from '../../../src/core/series/zone-series.ts'
import { failedServer, ownAnswer, referral, TWO_DAYS, watchDelegation, ZONE } from './scripted-authorities.ts'
import type { Side } from './scripted-authorities.ts'
import { scattered, START, zoneRound } from './scripted-rounds.ts'

const NS1 = 'ns1.evil.example'
const NS2 = 'ns2.evil.example'
const side = (names: Side['names'], more: Partial<Side> = {}): Side => ({ names, ttl: TWO_DAYS, ...more })
const stable = side({ [NS1]: ['61.1.1.1'], [NS2]: ['62.1.1.1'] })

/** Looks at the parent alone, `every` seconds apart. */
const watchParent = (sides: readonly Side[], every = 600) =>
  watchDelegation(sides.map((one, index) => [referral(index * every, one)])).delegation!

describe('the delegation', () => {
  it('keeps what each side said last: names, TTL, and the addresses beside them', () => {
    const { delegation } = watchDelegation([
      [
        referral(0, stable),
        ownAnswer(1, side({ [NS1]: ['61.1.1.1'], 'ns3.evil.example': [] }, { ttl: 300, glueTtl: 60 })),
      ],
    ])
    expect(delegation!.parent).toEqual({
      at: START,
      names: [NS1, NS2],
      ttlSeconds: TWO_DAYS,
      hosts: [
        { name: NS1, addresses: ['61.1.1.1'], ttlSeconds: TWO_DAYS },
        { name: NS2, addresses: ['62.1.1.1'], ttlSeconds: TWO_DAYS },
      ],
    })
    expect(delegation!.child).toEqual({
      at: START + 1000,
      names: [NS1, 'ns3.evil.example'],
      ttlSeconds: 300,
      hosts: [{ name: NS1, addresses: ['61.1.1.1'], ttlSeconds: 60 }],
    })
  })

  it('keeps the last word of a side that has fallen silent', () => {
    const { delegation } = watchDelegation([
      [referral(0, stable), ownAnswer(0, stable)],
      [referral(600, stable), failedServer(600, 'timeout', NS1)],
    ])
    expect([delegation!.looks, delegation!.child!.at]).toEqual([2, START])
  })

  it('reads the parent’s NS set from an answer as well as from a referral', () => {
    const { authority, ...rest } = referral(0, stable)
    const { delegation } = watchDelegation([[{ ...rest, answer: authority, authority: [] }]])
    expect(delegation!.parent!.names).toEqual([NS1, NS2])
  })

  it('reads a referral that answers the question for the SOA', () => {
    const { delegation } = watchDelegation([[{ ...referral(0, stable), qtype: 'SOA', outcome: 'nodata' }]])
    expect([delegation!.looks, delegation!.parent!.names]).toEqual([1, [NS1, NS2]])
  })

  it('does not take an address for glue that belongs to no name in the NS set', () => {
    const stray = { name: 'www.evil.example', type: 'A', ttlSeconds: 60, data: '66.6.6.7' }
    const plain = referral(0, side({ [NS1]: ['61.1.1.1'] }))
    const { delegation } = watchDelegation([[{ ...plain, additional: [...plain.additional, stray] }]])
    expect(delegation!.parent!.hosts.map(({ name }) => name)).toEqual([NS1])
    expect(delegation!.glue.map(({ name }) => name)).toEqual([NS1])
  })

  it('does not take the NS set of another zone for the referral', () => {
    const elsewhere = referral(0, stable)
    const authority = elsewhere.authority.map((record) => ({ ...record, name: 'other.example' }))
    expect(watchDelegation([[{ ...elsewhere, authority }]]).delegation).toBeNull()
  })

  it('counts changes of glue, and those that came before the TTL was over', () => {
    const glue = (address: string, glueTtl: number) =>
      side({ [NS1]: [address], [NS2]: ['62.1.1.1'] }, { glueTtl })
    const early = watchParent([
      glue('61.1.1.1', TWO_DAYS),
      glue('61.1.1.2', TWO_DAYS),
      glue('61.1.1.2', TWO_DAYS),
      glue('61.1.1.3', TWO_DAYS),
    ])
    expect(early).toMatchObject({ looks: 4, changes: 2, glueChanges: 2, changesWithinTtl: 2 })
    const inTime = watchParent([glue('61.1.1.1', 300), glue('61.1.1.2', 300), glue('61.1.1.3', 300)])
    expect(inTime).toMatchObject({ changes: 2, glueChanges: 2, changesWithinTtl: 0 })
  })

  it('counts changes of names by the TTL of the NS set, one a look', () => {
    const names = (...list: string[]) =>
      side(Object.fromEntries(list.map((name) => [name, []])), { ttl: 900 })
    const moved = watchParent(
      [names(NS1), names(NS2, 'ns3.evil.example'), names(NS2), names('ns4.evil.example')],
      600,
    )
    expect(moved).toMatchObject({ changes: 2, glueChanges: 0, changesWithinTtl: 2 })
    expect(watchParent([names(NS1), names(NS2)], 900)).toMatchObject({ changes: 1, changesWithinTtl: 0 })
  })

  it('takes it for no change when glue is left out, comes back, or comes for the first time', () => {
    const without = side({ [NS1]: ['61.1.1.1'], [NS2]: [] })
    expect(watchParent([stable, without, stable, without])).toMatchObject({ changes: 0 })
    const withIpv6 = side({ [NS1]: ['61.1.1.1', '2a00::1'], [NS2]: ['62.1.1.1'] })
    expect(watchParent([stable, withIpv6])).toMatchObject({ changes: 0 })
  })

  it('takes the parent’s servers of one look together', () => {
    const other = side({ [NS1]: ['61.1.1.9'], [NS2]: ['62.1.1.1'] })
    const { delegation } = watchDelegation([
      [referral(0, stable, 'a'), referral(0, other, 'bb')],
      [referral(600, other)],
    ])
    expect(delegation!.parent!.hosts[0]!.addresses).toEqual(['61.1.1.9'])
    expect(delegation).toMatchObject({ looks: 2, changes: 0 })
    expect(delegation!.glue[0]!.views[0]).toMatchObject({
      vantage: 'direct (parent)',
      firstWidth: 2,
      freshAnswers: 3,
    })
  })

  it('remembers lame servers once a round, by name', () => {
    const { delegation } = watchDelegation([
      [
        referral(0, stable),
        failedServer(0, 'lame', NS2),
        failedServer(1, 'lame', NS2),
        failedServer(1, 'timeout', NS1),
      ],
      [referral(600, stable), failedServer(600, 'lame', NS2)],
    ])
    expect(delegation!.lame.entries).toEqual([{ key: NS2, first: START, last: START + 600_000, count: 2 }])
  })

  it('is bounded when each look brings other names and addresses, and comes back equal from storage', () => {
    const series = watchDelegation(
      Array.from({ length: 200 }, (_, round) => [
        referral(
          round * 600,
          side(
            Object.fromEntries(
              Array.from({ length: 20 }, (__, seat) => [
                `ns${round * 4 + seat}.evil.example`,
                [scattered(round * 20 + seat)],
              ]),
            ),
          ),
        ),
        failedServer(round * 600, 'lame', `ns${round}.evil.example`),
      ]),
    )
    const { delegation } = series
    expect(delegation!.glue).toHaveLength(13)
    expect(delegation!.lame.entries).toHaveLength(16)
    expect(delegation!.parent!.names).toHaveLength(20)
    expect(delegation!.glue.every(({ name }) => delegation!.parent!.names.includes(name))).toBe(true)
    expect(decodeSeries(encodeSeries(series), series.name)).toEqual(series)
  })

  it('keeps the glue of a name server that is listed now before that of those that left', () => {
    const others = Array.from(
      { length: 12 },
      (_, seat) => [`old${seat}.evil.example`, [scattered(seat)]] as const,
    )
    const { glue } = watchParent([
      side({ [NS1]: ['61.1.1.1'] }),
      side({ [NS1]: [], ...Object.fromEntries(others) }),
      side({ [NS1]: [], [NS2]: ['62.1.1.1'] }),
    ])
    expect(glue).toHaveLength(13)
    expect(glue.map(({ name }) => name)).toEqual(expect.arrayContaining([NS1, NS2]))
  })

  it('does not depend on who answered first', () => {
    const spoken = fc.array(
      fc.record({
        at: fc.integer({ min: 0, max: 3 }),
        parent: fc.boolean(),
        server: fc.constantFrom('a', 'bb', 'ccc'),
        names: fc.dictionary(
          fc.constantFrom(NS1, NS2, 'ns3.evil.example'),
          fc.uniqueArray(fc.constantFrom('61.1.1.1', '61.1.1.2', '2a00::1'), { maxLength: 2 }),
          { minKeys: 1 },
        ),
        ttl: fc.constantFrom(0, 300, TWO_DAYS),
      }),
      { minLength: 1, maxLength: 5 },
    )
    fc.assert(
      fc.property(fc.array(spoken, { minLength: 1, maxLength: 4 }), (rounds) => {
        const observed = rounds.map((round, index) =>
          round.map(({ at, parent, server, names, ttl }) =>
            (parent ? referral : ownAnswer)(index * 600 + at, { names, ttl, glueTtl: ttl }, server),
          ),
        )
        const fold = (script: readonly (readonly Observation[])[]) =>
          script.reduce(
            (held, observations, index) =>
              foldAndMarkZoneRound(held, {
                target: { kind: 'zone', name: ZONE },
                number: index + 1,
                startedAt: START + index * 600_000,
                observations,
              }).series,
            newZoneSeries(ZONE),
          )
        expect(fold(observed.map((round) => round.toReversed()))).toEqual(fold(observed))
      }),
    )
  })
})

describe('a zone whose authorities are asked', () => {
  it('has the name servers of both sides watched, whichever type was asked for', () => {
    const zone = watchDelegation([
      [
        referral(0, side({ [NS1]: [], 'old.evil.example': [] })),
        ownAnswer(0, side({ [NS1]: [], 'new.evil.example': [] })),
      ],
    ])
    expect(currentNameServers(zone, START)).toEqual(['new.evil.example', NS1, 'old.evil.example'])
  })

  it('counts one answer however many authorities gave it, and none as failed while one answers', () => {
    const zone = watchDelegation([
      [
        referral(0, stable),
        ownAnswer(0, stable, 'a'),
        ownAnswer(0, stable, 'bb'),
        failedServer(0, 'lame', NS2),
      ],
    ])
    expect(zone.outcomes).toEqual({ answer: 1, nodata: 0, nxdomain: 0, failures: {} })
    // The child's set once, and the parent's.
    expect(zone.views).toMatchObject([{ vantage: 'direct', type: 'NS', freshAnswers: 2, repeats: 0 }])
  })

  it('counts a dead zone as failed although the parent still delegates it', () => {
    const zone = watchDelegation([[referral(0, stable), failedServer(0, 'timeout', NS1)]])
    expect(zone.outcomes).toEqual({ answer: 0, nodata: 0, nxdomain: 0, failures: { timeout: 1 } })
    expect(zone.current).toEqual([NS1, NS2])
  })

  it('has every word of an authority marked fresh, a referral that answers the SOA question too', () => {
    const observations: Observation[] = [
      referral(0, stable),
      { ...referral(0, stable), qtype: 'SOA', outcome: 'nodata' },
      ownAnswer(0, stable),
      failedServer(0, 'lame', NS2),
    ]
    const round = { target: { kind: 'zone', name: ZONE }, number: 1, startedAt: START, observations } as const
    const first = foldAndMarkZoneRound(newZoneSeries(ZONE), round)
    const again = foldAndMarkZoneRound(first.series, { ...round, number: 2 })
    for (const { observations: marked } of [first, again]) {
      expect(marked.map(({ freshness }) => freshness)).toEqual(['fresh', 'fresh', 'fresh', undefined])
    }
  })

  it('takes the highest serial of a look: a secondary that lags behind changes nothing', () => {
    const soa = (at: number, server: string, serial: number): Observation => ({
      ...ownAnswer(at, stable, server),
      qtype: 'SOA',
      answer: [{ name: ZONE, type: 'SOA', ttlSeconds: 300, data: `a b ${serial} 2 3 4 5` }],
    })
    const zone = watchDelegation([
      [soa(0, 'a', 7), soa(0, 'bb', 7)],
      [soa(600, 'a', 8), soa(601, 'bb', 7)],
      [soa(1200, 'a', 7), soa(1201, 'bb', 8)],
    ])
    expect(zone.soa).toMatchObject({ serial: 8, serialChanges: 1 })
  })

  it('has no delegation while only resolvers are asked', () => {
    const { series } = foldAndMarkZoneRound(newZoneSeries(ZONE), zoneRound(ZONE, 1, 0, [NS1]))
    expect(series.delegation).toBeNull()
  })
})
