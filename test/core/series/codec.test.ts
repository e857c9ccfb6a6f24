import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { estimateDistinct } from '../../../src/core/series/bottom-k.ts'
import { decodeSeries, encodeSeries } from '../../../src/core/series/codec.ts'
import { newHostSeries } from '../../../src/core/series/host-series.ts'
import { newZoneSeries } from '../../../src/core/series/zone-series.ts'
import { scattered, watchHost, watchZone } from './scripted-rounds.ts'

describe('a stored series', () => {
  it('comes back equal', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            vantage: fc.constantFrom('quad9', 'google', 'v1'),
            ttl: fc.constantFrom(0, 60, 3600),
            alias: fc.constantFrom('e1.akamai.net', 'x.example', 'y.example'),
            a: fc.uniqueArray(fc.nat({ max: 900 }).map(scattered), { maxLength: 25 }),
          }),
          { maxLength: 12 },
        ),
        (looks) => {
          const host = watchHost(
            'www.example',
            looks.map((look, index) => [{ ...look, at: index * 61 }]),
          )
          expect(decodeSeries(encodeSeries(host))).toEqual(host)
        },
      ),
    )
    const zone = watchZone('example.org', [
      { at: 0, nameServers: ['ns1.example'], soa: 'a b 1 2 3 4 5' },
      { at: 60, nameServers: ['ns2.example'] },
    ])
    expect(zone.current).toEqual(['ns2.example'])
    expect(decodeSeries(encodeSeries(zone))).toEqual(zone)
    expect(decodeSeries(encodeSeries(newHostSeries('a.example')))).toEqual(newHostSeries('a.example'))
    expect(decodeSeries(encodeSeries(newZoneSeries('a.example')))).toEqual(newZoneSeries('a.example'))
  })

  it('is bounded: 20,000 addresses from three vantages take no more than 60 kB and are still counted', () => {
    const host = watchHost(
      'huge.example',
      Array.from({ length: 500 }, (_round, round) =>
        ['v1', 'v2', 'v3'].map((vantage) => ({
          at: round * 60,
          vantage,
          ttl: 30,
          a: Array.from(
            { length: 40 },
            (_, index) => `${60 + (round % 30)}.${Math.floor(round / 30)}.7.${index + 1}`,
          ),
        })),
      ),
    )
    expect(encodeSeries(host).length).toBeLessThan(60_000)
    const estimate = estimateDistinct(host.addresses)
    expect(estimate).toBeGreaterThan(17_000)
    expect(estimate).toBeLessThan(23_000)
    expect(decodeSeries(encodeSeries(host))).toEqual(host)
  })

  it('of version 2 is read: what it knew is kept, its cached copies are forgotten', () => {
    const host = decodeSeries(
      '{"v":2,"k":"host","s":{"name":"www.example","rounds":2,"firstAt":1795305600000,"lastAt":1795305700000,"previousAt":1795305600000,"lastAnswerAt":1795305700000,"outcomes":{"answer":2,"nodata":0,"nxdomain":0,"failures":{}}},"i":["v1"],"a":{"l":512,"d":0,"e":[["61.1.1.1",4,0,100000,1,[0]]]},"c":{"l":32,"d":0,"e":[["edge.example",0,0,1,[[0,4,1]]]]},"w":[{"vantage":"v1","type":"A","freshAnswers":1,"repeats":1,"windows":1,"windowAt":1795305600000,"windowSet":["61.1.1.1"],"firstWidth":1,"widthMin":1,"widthMax":1,"widthSum":1,"ttlMinSeconds":300,"ttlMaxSeconds":300,"expiresAt":1795305900000,"firstFreshAt":1795305600000,"lastFreshAt":1795305600000,"r":[[0,1,1,1,0]],"c":[[300000,0,247273254]]}]}',
    )
    const today = watchHost('www.example', [
      [{ at: 0, a: ['61.1.1.1'], ttl: 300, alias: 'edge.example' }],
      [{ at: 100, a: ['61.1.1.1'], ttl: 200 }],
    ])
    expect(host).toEqual({ ...today, views: [{ ...today.views[0]!, cache: [], caches: 0 }] })
    const zone = decodeSeries(
      '{"v":2,"k":"zone","s":{"name":"example.org","rounds":1,"firstAt":1795305600000,"lastAt":1795305600000,"previousAt":null,"firstAnswerAt":1795305600000,"lastAnswerAt":1795305600000,"outcomes":{"answer":1,"nodata":0,"nxdomain":0,"failures":{}},"current":["ns1.example"],"nsTtlMaxSeconds":86400,"soa":{"serial":1,"serialChanges":0,"retrySeconds":3,"primary":"a"}},"n":{"l":64,"d":0,"e":[["ns1.example",0,0,1]]}}',
    )
    expect(zone).toEqual({
      ...watchZone('example.org', [{ at: 0, nameServers: ['ns1.example'], soa: 'a b 1 2 3 4 5' }]),
      views: [],
    })
  })

  it('of a version that is not known is refused', () => {
    expect(() => decodeSeries('{"v":99,"k":"host"}')).toThrow('Expected a series of version 3, got 99')
  })
})
