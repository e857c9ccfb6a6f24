// How large a series can become in the store. Two worlds: the largest botnet anybody has seen, watched from ten vantages, and an
// owner who does all he can to fill our store: the longest names there are, names and addresses that change with each question.
import { beforeAll, describe, expect, it } from 'vitest'
import { settledHost, settledZone } from '../../../bench/settled-name.ts'
import type { Observation } from '../../../src/core/model/observation.ts'
import { estimateDistinct } from '../../../src/core/series/bottom-k.ts'
import { decodeSeries, encodeSeries } from '../../../src/core/series/codec.ts'
import { foldHostRound, newHostSeries } from '../../../src/core/series/host-series.ts'
import type { HostSeries } from '../../../src/core/series/host-series.ts'
import type { ZoneSeries } from '../../../src/core/series/zone-series.ts'
import { failedServer, ownAnswer, referral, TWO_DAYS, watchDelegation, ZONE } from './scripted-authorities.ts'
import { hostRound, observe } from './scripted-rounds.ts'
import type { Look } from './scripted-rounds.ts'

const MOST = 16 * 1024
const VANTAGES = Array.from({ length: 10 }, (_, index) =>
  `a-vantage-with-a-long-name-${index}`.padEnd(32, '.'),
)

const ipv4 = (n: number) =>
  `${20 + (n % 60)}.${Math.floor(n / 60) % 250}.${Math.floor(n / 15_000)}.${1 + (n % 250)}`
const ipv6 = (n: number) => `2a00:${(n % 60_000).toString(16)}:${Math.floor(n / 60_000) + 1}:a:b:c:d:e`
const tenFrom = (n: number, addressOf: (n: number) => string) =>
  Array.from({ length: 10 }, (_, seat) => addressOf(n * 10 + seat))

const LABEL = 'q'.repeat(63)
const long = (n: number) => `${LABEL}.${LABEL}.${LABEL}.x${n}.example`
const OCTETS = '\\007'.repeat(60)
/** The longest in presentation form: an escaped octet takes four characters. */
const escaped = (n: number) => `${OCTETS}.${OCTETS}.${OCTETS}.x${n}.example`

/** 1,000 rounds of ten vantages; `looksOf` has the number of the answer too. */
function watchFromTen(
  name: string,
  looksOf: (vantage: string, round: number, n: number) => Look[],
): HostSeries {
  let series = newHostSeries(name)
  for (let round = 0; round < 1000; round += 1) {
    const looks = VANTAGES.flatMap((vantage, index) => looksOf(vantage, round, round * 10 + index))
    series = foldHostRound(series, hostRound(name, round + 1, looks))
  }
  return series
}

describe('the series of a botnet of 100,000 addresses, watched from ten vantages', () => {
  let series: HostSeries
  beforeAll(() => {
    series = watchFromTen(long(0), (vantage, round, n) => [
      { at: round * 301, vantage, ttl: 300, a: tenFrom(n, ipv4) },
    ])
  })

  it('takes no more than 16 kB and comes back equal', () => {
    expect(encodeSeries(series).length).toBeLessThanOrEqual(MOST)
    expect(decodeSeries(encodeSeries(series), series.name)).toEqual(series)
  })

  it('still counts the addresses, within three standard errors of its sketch', () => {
    expect(series.addresses.entries).toHaveLength(320)
    const standardError = 1 / Math.sqrt(320 - 2)
    expect(Math.abs(estimateDistinct(series.addresses) / 100_000 - 1)).toBeLessThan(3 * standardError)
  })

  it('keeps of each vantage as many windows as there is room for, the latest', () => {
    for (const { windows, recent, windowAt, windowBeforeAt } of series.views) {
      expect(windows).toBe(1000)
      expect(recent).toHaveLength(16)
      expect(windowAt).toBe(series.lastAt)
      expect(windowBeforeAt).toBe(windowAt - 301_000)
    }
  })
})

describe('the series of a host whose owner wants it to be large', () => {
  it('takes no more than 16 kB when both families, CNAMEs and cached copies change with each question', () => {
    const series = watchFromTen(escaped(0), (vantage, round, n) => {
      // Long and different TTLs: each answer is a copy of another cache, and all of them are live.
      const ttl = 86_400 - ((n * 7) % 5000)
      return [
        { at: round * 30, vantage, ttl, a: tenFrom(n, ipv4), alias: escaped(n) },
        { at: round * 30 + 1, vantage, ttl, aaaa: tenFrom(n, ipv6), alias: long(n) },
      ]
    })
    expect(encodeSeries(series).length).toBeLessThanOrEqual(MOST)
    expect(decodeSeries(encodeSeries(series), series.name)).toEqual(series)
  })

  it('takes no more than 16 kB when all ten vantages ask authorities, most of which stay silent', () => {
    const name = escaped(0)
    let series = newHostSeries(name)
    for (let round = 0; round < 100; round += 1) {
      const observations = VANTAGES.flatMap((vantage, index) => {
        const n = round * 10 + index
        const looks: Look[] = [
          { at: round * 30, vantage, ttl: 300, a: tenFrom(n, ipv4), alias: escaped(n) },
          { at: round * 30, vantage, ttl: 300, aaaa: tenFrom(n, ipv6), alias: escaped(n) },
        ]
        return looks.flatMap((look) => authoritiesAnswer(name, look, round === 0 ? 60 : 0))
      })
      const startedAt = observations[0]!.at
      series = foldHostRound(series, {
        target: { kind: 'host', name },
        number: round + 1,
        startedAt,
        observations,
      })
    }
    expect(series.views[0]!.awaited.length).toBeGreaterThan(0)
    expect(encodeSeries(series).length).toBeLessThanOrEqual(MOST)
    expect(decodeSeries(encodeSeries(series), series.name)).toEqual(series)
  })
})

function authoritiesAnswer(name: string, look: Look, silent: number): Observation[] {
  const { at, vantage } = look
  const none: Look = look.aaaa === undefined ? { at, a: [] } : { at, aaaa: [] }
  return [
    {
      ...observe(name, look),
      authoritative: true,
      side: 'child',
      server: { name: 'ns1.x', address: '198.51.100.1' },
    },
    ...Array.from({ length: silent }, (_, index): Observation => {
      const server = { name: 'ns2.x', address: `198.51.101.${index}` }
      return {
        ...observe(name, {
          ...none,
          ...(vantage !== undefined && { vantage }),
          outcome: 'failed',
          failure: 'timeout',
        }),
        side: 'child',
        server,
      }
    }),
  ]
}

/** Each round the parent, the child and nine resolvers answer with the same names and other addresses. */
function watchHostileZone(
  names: number,
  width: number,
  nameOf: (round: number, seat: number) => string,
  addressOf: (n: number) => string,
): ZoneSeries {
  return watchDelegation(
    Array.from({ length: 100 }, (_, round) => {
      const listed = Array.from({ length: names }, (__, seat) => nameOf(round, seat))
      const side = (number: number) => ({
        ttl: TWO_DAYS,
        names: Object.fromEntries(
          listed.map((name, seat) => [
            name,
            Array.from({ length: width }, (__, index) =>
              addressOf((((round * names + seat) * width + index) << 1) + number),
            ),
          ]),
        ),
      })
      const record = (type: string, data: string) => ({
        name: ZONE,
        type,
        ttlSeconds: TWO_DAYS - round * 13,
        data,
      })
      const resolved = (qtype: 'NS' | 'SOA', data: readonly string[]) =>
        VANTAGES.slice(1).map((vantage): Observation => ({
          ...observe(ZONE, { at: round * 600, vantage }),
          qtype,
          outcome: 'answer',
          answer: data.map((one) => record(qtype, one)),
        }))
      return [
        referral(round * 600, side(0)),
        ownAnswer(round * 600, side(1)),
        ...listed.map((name) => failedServer(round * 600, 'lame', name)),
        ...resolved('NS', listed),
        ...resolved('SOA', [`a.example b.example ${round} 1 2 3 4`]),
      ]
    }),
  )
}

describe('the series of a zone', () => {
  const steady = (_round: number, seat: number) => `ns${seat}.${ZONE}`
  it.each([
    ['with 13 name servers whose glue moves for ever', 13, 1, steady, ipv4],
    ['with 13 name servers of eight IPv6 addresses each that move for ever', 13, 8, steady, ipv6],
    [
      'with other name servers each time',
      13,
      2,
      (round: number, seat: number) => `ns${round * 13 + seat}.${ZONE}`,
      ipv4,
    ],
    [
      'with other name servers each time, of the longest names',
      20,
      8,
      (round: number, seat: number) => long(round * 20 + seat),
      ipv6,
    ],
    [
      'with other name servers each time, of names full of escapes',
      20,
      8,
      (round: number, seat: number) => escaped(round * 20 + seat),
      ipv6,
    ],
  ] as const)(
    '%s takes no more than 16 kB and comes back equal',
    (_what, names, width, nameOf, addressOf) => {
      const series = watchHostileZone(names, width, nameOf, addressOf)
      expect(series.current.length).toBeGreaterThanOrEqual(4)
      expect(encodeSeries(series).length).toBeLessThanOrEqual(MOST)
      expect(decodeSeries(encodeSeries(series), series.name)).toEqual(series)
    },
  )
})

describe('the series of a name at rest, 60 rounds from three vantages', () => {
  it('takes no more than 220 bytes with one A and one AAAA address', () => {
    const host = settledHost(true)
    expect(host.views).toHaveLength(6)
    expect(host.addresses.entries).toHaveLength(2)
    expect(encodeSeries(host).length).toBeLessThanOrEqual(220)
    expect(decodeSeries(encodeSeries(host), host.name)).toEqual(host)
  })

  it('takes no more than 160 bytes for its zone with two name servers', () => {
    const zone = settledZone()
    expect(zone.views).toHaveLength(6)
    expect(zone.nameServers.entries).toHaveLength(2)
    expect(encodeSeries(zone).length).toBeLessThanOrEqual(160)
    expect(decodeSeries(encodeSeries(zone), zone.name)).toEqual(zone)
  })
})
