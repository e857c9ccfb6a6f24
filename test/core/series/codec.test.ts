import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeSeries, encodeSeries } from '../../../src/core/series/codec.ts'
import { foldHostRound, newHostSeries } from '../../../src/core/series/host-series.ts'
import type { HostSeries } from '../../../src/core/series/host-series.ts'
import { stableHash } from '../../../src/core/series/stable-hash.ts'
import { newZoneSeries } from '../../../src/core/series/zone-series.ts'
import { failedServer, ownAnswer, referral, watchDelegation } from './scripted-authorities.ts'
import { hostRound, scattered, watchHost, watchZone } from './scripted-rounds.ts'
import { HOST_OF_VERSION_4, ZONE_OF_VERSION_4 } from './version-4-texts.ts'
import { HOST_OF_VERSION_3, ZONE_OF_VERSION_3 } from './version-3-texts.ts'

const FAILURES = ['timeout', 'servfail', 'rcode_other', 'opted_out'] as const

describe('a stored series', () => {
  it('comes back equal', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            vantage: fc.constantFrom('quad9', 'google', 'v1', 'größe'),
            ttl: fc.constantFrom(0, 60, 3600),
            alias: fc.constantFrom('e1.akamai.net', 'x.example', 'y.example'),
            late: fc.constantFrom(0, 0, 0.02, 0.5, 7),
            addresses: fc.oneof(
              fc.record({ a: fc.uniqueArray(fc.nat({ max: 900 }).map(scattered), { maxLength: 25 }) }),
              fc.record({ aaaa: fc.uniqueArray(fc.ipV6(), { maxLength: 5 }) }),
              fc.record({ aaaa: fc.constant(['2a00::1']) }),
              fc.record({ outcome: fc.constant('nxdomain' as const) }),
              fc.record({ outcome: fc.constant('failed' as const), failure: fc.constantFrom(...FAILURES) }),
            ),
          }),
          { maxLength: 24 },
        ),
        (looks) => {
          const host = watchHost(
            'www.example',
            looks.map(({ late, addresses, ...look }, index) => [
              { ...look, ...addresses, at: Math.floor(index / 3) * 61 + late },
            ]),
          )
          expect(decodeSeries(encodeSeries(host), host.name)).toEqual(host)
        },
      ),
      { numRuns: 300 },
    )
    const zone = watchZone('example.org', [
      { at: 0, nameServers: ['ns1.example'], soa: 'a b 1 2 3 4 5' },
      { at: 60, nameServers: ['ns2.example'] },
    ])
    expect(zone.current).toEqual(['ns2.example'])
    expect(decodeSeries(encodeSeries(zone), zone.name)).toEqual(zone)
    expect(decodeSeries(encodeSeries(newHostSeries('a.example')), 'a.example')).toEqual(
      newHostSeries('a.example'),
    )
    expect(decodeSeries(encodeSeries(newZoneSeries('a.example')), 'a.example')).toEqual(
      newZoneSeries('a.example'),
    )
  })

  it('of version 2 is read: what it knew is kept, its cached copies are forgotten', () => {
    const host = decodeSeries(
      '{"v":2,"k":"host","s":{"name":"www.example","rounds":2,"firstAt":1795305600000,"lastAt":1795305700000,"previousAt":1795305600000,"lastAnswerAt":1795305700000,"outcomes":{"answer":2,"nodata":0,"nxdomain":0,"failures":{}}},"i":["v1"],"a":{"l":512,"d":0,"e":[["61.1.1.1",4,0,100000,1,[0]]]},"c":{"l":32,"d":0,"e":[["edge.example",0,0,1,[[0,4,1]]]]},"w":[{"vantage":"v1","type":"A","freshAnswers":1,"repeats":1,"windows":1,"windowAt":1795305600000,"windowSet":["61.1.1.1"],"firstWidth":1,"widthMin":1,"widthMax":1,"widthSum":1,"ttlMinSeconds":300,"ttlMaxSeconds":300,"expiresAt":1795305900000,"firstFreshAt":1795305600000,"lastFreshAt":1795305600000,"r":[[0,1,1,1,0]],"c":[[300000,0,247273254]]}]}',
      'www.example',
    )
    const today = watchHost('www.example', [
      [{ at: 0, a: ['61.1.1.1'], ttl: 300, alias: 'edge.example' }],
      [{ at: 100, a: ['61.1.1.1'], ttl: 200 }],
    ])
    expect(host).toEqual({ ...today, views: [{ ...today.views[0]!, cache: [], caches: 0 }] })
    const zone = decodeSeries(
      '{"v":2,"k":"zone","s":{"name":"example.org","rounds":1,"firstAt":1795305600000,"lastAt":1795305600000,"previousAt":null,"firstAnswerAt":1795305600000,"lastAnswerAt":1795305600000,"outcomes":{"answer":1,"nodata":0,"nxdomain":0,"failures":{}},"current":["ns1.example"],"nsTtlMaxSeconds":86400,"soa":{"serial":1,"serialChanges":0,"retrySeconds":3,"primary":"a"}},"n":{"l":64,"d":0,"e":[["ns1.example",0,0,1]]}}',
      'example.org',
    )
    expect(zone).toEqual({
      ...watchZone('example.org', [{ at: 0, nameServers: ['ns1.example'], soa: 'a b 1 2 3 4 5' }]),
      views: [],
    })
  })

  it('of version 3 is read: all that it knew, within today’s room', () => {
    const edge = { at: 0, a: ['61.1.1.1'], ttl: 300, alias: 'edge.example' }
    const host = watchHost('www.example', [
      [edge],
      [
        { at: 100, a: ['61.1.1.1'], ttl: 200 },
        { at: 100, vantage: 'v2', aaaa: ['2a00::1'], ttl: 60 },
      ],
    ])
    expect(decodeSeries(HOST_OF_VERSION_3, 'www.example')).toEqual(host)

    const side = (address: string) => ({ names: { 'ns1.evil.example': [address] }, ttl: 300 })
    const zone = watchDelegation([
      [
        referral(0, side('61.1.1.1')),
        ownAnswer(0, side('61.1.1.1')),
        failedServer(0, 'lame', 'ns2.evil.example'),
      ],
      [referral(600, side('62.1.1.1'))],
    ])
    const glue = zone.delegation!.glue[0]!
    // What version 3 did not count.
    const view = { ...glue.views[0]!, looksWithinTtl: 0, changesWithinTtl: 0 }
    expect(decodeSeries(ZONE_OF_VERSION_3, 'evil.example')).toEqual({
      ...zone,
      delegation: { ...zone.delegation!, glue: [{ ...glue, views: [view] }] },
    })
  })

  it('of version 3 that is larger than today’s room is cut to it, as a sketch', () => {
    const stored = JSON.parse(HOST_OF_VERSION_3) as { a: { e: unknown[] } }
    const [row] = stored.a.e as [unknown[]]
    const keys = Array.from({ length: 500 }, (_, n) => scattered(n)).toSorted(
      (a, b) => stableHash(a) - stableHash(b),
    )
    const large = { ...stored, a: { l: 512, d: 0, e: keys.map((key) => [key, ...row.slice(1)]) } }
    const { addresses } = decodeSeries(JSON.stringify(large), 'www.example') as HostSeries
    expect(addresses.entries.map(({ key }) => key)).toEqual(keys.slice(0, 320))
    expect(addresses).toMatchObject({ limit: 320, dropped: true })
  })

  it('of version 4 is read, from text and from bytes: all that it knew', () => {
    const host = watchHost('www.example', [
      [{ at: 0, a: ['61.1.1.1'], ttl: 300, alias: 'edge.example' }],
      [
        { at: 100, a: ['61.1.1.1'], ttl: 200 },
        { at: 100, vantage: 'v2', aaaa: ['2a00::1'], ttl: 60 },
        { at: 100, vantage: 'v3', a: [], outcome: 'failed', failure: 'timeout' },
      ],
      [{ at: 500, a: ['61.1.1.1', '62.1.1.1'], ttl: 300 }],
    ])
    const side = (address: string) => ({ names: { 'ns1.evil.example': [address] }, ttl: 300 })
    const zone = watchDelegation([
      [
        referral(0, side('61.1.1.1')),
        ownAnswer(0, side('61.1.1.1')),
        failedServer(0, 'lame', 'ns2.evil.example'),
      ],
      [referral(600, side('62.1.1.1'))],
    ])
    for (const form of [(text: string) => text, (text: string) => Buffer.from(text)]) {
      expect(decodeSeries(form(HOST_OF_VERSION_4), 'www.example')).toEqual(host)
      expect(decodeSeries(form(ZONE_OF_VERSION_4), 'evil.example')).toEqual(zone)
    }
  })

  it('begins with a byte that no text of JSON begins with, and does not hold the name', () => {
    const series = newHostSeries('a-name-that-is-not-there.example')
    const bytes = encodeSeries(series)
    expect(bytes[0]).toBe(5)
    expect(bytes.toString('latin1')).not.toContain('name')
    expect(decodeSeries(new Uint8Array(bytes), series.name)).toEqual(series)
  })

  it('of which the end is missing is refused', () => {
    const bytes = encodeSeries(watchHost('www.example', [[{ at: 0, a: ['61.1.1.1'], aaaa: [] }]]))
    for (let length = 1; length < bytes.length; length += 1)
      expect(() => decodeSeries(bytes.subarray(0, length), 'www.example')).toThrow()
  })

  it('folds its next rounds as if it had never been stored', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            at: fc.integer({ min: 0, max: 400 }),
            vantage: fc.constantFrom('quad9', 'google', 'v1'),
            ttl: fc.constantFrom(0, 60, 3600),
            alias: fc.constantFrom('e1.akamai.net', 'x.example'),
            a: fc.uniqueArray(fc.nat({ max: 40 }).map(scattered), { maxLength: 25 }),
          }),
          { maxLength: 12 },
        ),
        (looks) => {
          let kept = newHostSeries('www.example')
          let stored = kept
          for (const [index, look] of looks.entries()) {
            const round = hostRound(kept.name, index + 1, [{ ...look, at: look.at + index * 400 }])
            kept = foldHostRound(kept, round)
            stored = decodeSeries(encodeSeries(foldHostRound(stored, round)), kept.name) as HostSeries
          }
          expect(stored).toEqual(kept)
        },
      ),
    )
  })

  it('of a version that is not known is refused', () => {
    expect(() => decodeSeries('{"v":99,"k":"host"}', 'www.example')).toThrow(
      'Expected a series of version 5, got 99',
    )
    expect(() => decodeSeries(Uint8Array.of(6, 0, 0), 'www.example')).toThrow(
      'Expected a series of version 5, got 6',
    )
  })
})
