import { describe, expect, it } from 'vitest'
import { nazarioHolz2008, nazarioHolzPoints } from '../../../src/core/panel/nazario-holz-2008.ts'
import { meanPairDistance } from '../../../src/core/panel/numeric-distance.ts'
import { watchHost, watchZone } from '../series/scripted-rounds.ts'
import { hostAlone, opinionOn } from './panel-of.ts'

const NOTHING = {
  ttlSeconds: null,
  addresses: 0,
  meanDistance: null,
  asns: null,
  nameServers: null,
  nameServerMeanDistance: null,
  nameServerAsns: null,
  soaRetrySeconds: null,
}

describe('the mean distance of numbers', () => {
  it('is over all pairs', () => {
    expect(meanPairDistance([131_072, 0, 65_536])).toBeCloseTo((65_536 + 131_072 + 65_536) / 3, 6)
    expect(meanPairDistance([7, 3])).toBe(4)
  })

  it('is that of the pairs one by one, for numbers across the whole range', () => {
    const numbers = [0, 2 ** 32 - 1, 2 ** 31, 5, 5, 3_232_235_777]
    let sum = 0
    for (const [index, a] of numbers.entries()) {
      for (const b of numbers.slice(index + 1)) sum += Math.abs(a - b)
    }
    expect(meanPairDistance(numbers)).toBeCloseTo(sum / 15, 3)
  })

  it('is not defined under two', () => {
    expect(meanPairDistance([5])).toBeNull()
  })
})

describe('the points of Nazario and Holz (2008)', () => {
  it.each([
    ['a TTL under 900 s', { ttlSeconds: 899 }, { ttlSeconds: 900 }],
    ['more than 5 addresses', { addresses: 6 }, { addresses: 5 }],
    ['addresses more than a /16 apart', { meanDistance: 65_536 }, { meanDistance: 65_535 }],
    ['more than 2 ASNs', { asns: 3 }, { asns: 2 }],
    [
      'name servers more than a /16 apart',
      { nameServerMeanDistance: 65_536 },
      { nameServerMeanDistance: 65_535 },
    ],
    ['more than 3 name servers', { nameServers: 4 }, { nameServers: 3 }],
    ['name servers in more than 2 ASNs', { nameServerAsns: 3 }, { nameServerAsns: 2 }],
    ['a SOA retry under 900 s', { soaRetrySeconds: 899 }, { soaRetrySeconds: 900 }],
  ])('are one for %s', (_, holds, fails) => {
    expect(nazarioHolzPoints({ ...NOTHING, ...holds })).toBe(1)
    expect(nazarioHolzPoints({ ...NOTHING, ...fails })).toBe(0)
  })

  it('are one more for more than 8 addresses that are far apart', () => {
    expect(nazarioHolzPoints({ ...NOTHING, addresses: 8, meanDistance: 70_000 })).toBe(2)
    expect(nazarioHolzPoints({ ...NOTHING, addresses: 9, meanDistance: 70_000 })).toBe(3)
    expect(nazarioHolzPoints({ ...NOTHING, addresses: 9, meanDistance: 10 })).toBe(1)
  })

  it('flag a name at five and not at four', () => {
    const nine = Array.from({ length: 9 }, (_, n) => `${61 + n}.0.0.1`)
    const eight = nine.slice(1)
    expect(opinionOn(nazarioHolz2008, hostAlone([{ at: 0, a: nine, ttl: 300 }]))).toMatchObject({
      detector: 'nazario-holz-2008',
      value: 5,
      threshold: 4,
      flags: true,
    })
    expect(opinionOn(nazarioHolz2008, hostAlone([{ at: 0, a: eight, ttl: 300 }]))).toMatchObject({
      value: 4,
      flags: false,
    })
  })

  it('count the zone and its name servers, each address once', () => {
    const names = ['ns1.x', 'ns2.x', 'ns3.x', 'ns4.x']
    const soa = 'ns1.x hostmaster.x 1 3600 600 604800 60'
    const series = {
      ...hostAlone([{ at: 0, a: ['61.0.0.1'], ttl: 86_400 }]),
      zone: watchZone('example', [{ at: 0, nameServers: names, soa }]),
      nameServers: names.map((name, index) =>
        watchHost(name, [[{ at: 0, a: [`${70 + (index % 3)}.0.0.1`], ttl: 86_400 }]]),
      ),
    }
    // Distance, number, ASNs and retry.
    expect(opinionOn(nazarioHolz2008, series).value).toBe(4)
  })

  it('are not given to a name without addresses', () => {
    expect(opinionOn(nazarioHolz2008, hostAlone([{ at: 0, outcome: 'nxdomain' }])).value).toBeNull()
  })
})
