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

  it('of a version that is not known is refused', () => {
    expect(() => decodeSeries('{"v":99,"k":"host"}')).toThrow('Expected a series of version 2, got 99')
  })
})
