import { describe, expect, it } from 'vitest'
import { fluxor2008, fluxorProbability } from '../../../src/core/panel/fluxor-2008.ts'
import { hostAlone, opinionOn } from './panel-of.ts'

const NOTHING = { addresses: null, ttlSeconds: null, networks: null, asns: null }

describe('the naive Bayes classifier of FluXOR (2008)', () => {
  it('is sure of either class at its published means', () => {
    const flux = { addresses: 98.1, ttlSeconds: 261, networks: 63.8, asns: 38.4 }
    const benign = { addresses: 2.86, ttlSeconds: 4592, networks: 1.27, asns: 1.11 }
    expect(fluxorProbability(flux)).toBeGreaterThan(0.999_999)
    expect(fluxorProbability(benign)).toBeLessThan(0.000_001)
  })

  it('gives the share of flux in the training set, 75 of 125, when nothing is known', () => {
    expect(fluxorProbability(NOTHING)).toBeCloseTo(0.6, 12)
  })

  // By hand, 2 ASNs: flux −ln 12.3 − 36.4² ÷ 302.58 = −6.888, benign −ln 0.36 − 0.89² ÷ 0.2592 = −2.034;
  // ln 1.5 − 6.888 + 2.034 = −4.449. With 3 ASNs: 0.405 − 6.651 + 12.760 = 6.514.
  it('is 0.0116 for two ASNs alone and 0.9985 for three', () => {
    expect(fluxorProbability({ ...NOTHING, asns: 2 })).toBeCloseTo(0.01156, 4)
    expect(fluxorProbability({ ...NOTHING, asns: 3 })).toBeCloseTo(0.99852, 4)
  })

  // Flux −ln 60 − 39² ÷ 7200 = −4.3056, benign −ln 7669 − 4292² ÷ 117627122 = −9.1016; 0.4055 − 4.3056 + 9.1016 = 5.2015.
  it('is 0.9945 for a TTL of 300 s alone, and next to 0 for one of 700 s', () => {
    expect(fluxorProbability({ ...NOTHING, ttlSeconds: 300 })).toBeCloseTo(0.9945, 4)
    expect(fluxorProbability({ ...NOTHING, ttlSeconds: 700 })).toBeLessThan(1e-8)
  })

  it('leaves a name with one address and a long TTL alone', () => {
    expect(opinionOn(fluxor2008, hostAlone([{ at: 0, a: ['61.1.0.1'], ttl: 3600 }]))).toMatchObject({
      value: 0,
      threshold: 0.5,
      flags: false,
    })
  })

  it('flags ten addresses in ten networks at a TTL of 300 s', () => {
    const ten = Array.from({ length: 10 }, (_, n) => `61.${n}.0.1`)
    expect(opinionOn(fluxor2008, hostAlone([{ at: 0, a: ten, ttl: 300 }]))).toMatchObject({
      value: 1,
      flags: true,
    })
  })

  it('has no opinion of a name without A addresses', () => {
    expect(opinionOn(fluxor2008, hostAlone([{ at: 0, outcome: 'nodata' }])).value).toBeNull()
  })
})
