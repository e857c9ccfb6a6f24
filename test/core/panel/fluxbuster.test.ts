import { describe, expect, it } from 'vitest'
import { fluxbuster2012 } from '../../../src/core/panel/fluxbuster-2012.ts'
import { fluxbusterProbability } from '../../../src/core/panel/fluxbuster-tree.ts'
import type { ClusterFeatures } from '../../../src/core/panel/fluxbuster-tree.ts'
import { hostAlone, opinionOn } from './panel-of.ts'

const UNKNOWN: ClusterFeatures = {
  networkCardinality: null,
  networkPrefixes: null,
  domainsPerNetwork: null,
  numberOfDomains: null,
  ttlPerDomain: null,
  ipGrowthRatio: null,
}
const GROWING = { ipGrowthRatio: 0.5, ttlPerDomain: 300, networkPrefixes: 0.9 }

describe('the released tree of FluxBuster', () => {
  it('knows 1,020 flux and 2,040 other clusters, and says so when nothing is known', () => {
    expect(fluxbusterProbability(UNKNOWN)).toBeCloseTo(1020 / 3060, 12)
  })

  // The leaves as the model file has them: what it asks, and flux ÷ all of the training set there.
  it.each<[string, Partial<ClusterFeatures>, number]>([
    ['growth up to 0.122066', { ipGrowthRatio: 0.122066 }, 0],
    [
      'TTL up to 30.1816, growth up to 0.968504, 30 addresses',
      { ipGrowthRatio: 0.9, ttlPerDomain: 30.1816, networkCardinality: 30 },
      0,
    ],
    ['the same with 34 addresses', { ipGrowthRatio: 0.968504, ttlPerDomain: 0, networkCardinality: 34 }, 1],
    ['the same with 35', { ipGrowthRatio: 0.9, ttlPerDomain: 0, networkCardinality: 35 }, 0],
    [
      'TTL up to 30.1816, more growth, 24 names on the addresses',
      { ipGrowthRatio: 0.97, ttlPerDomain: 0, domainsPerNetwork: 24 },
      0,
    ],
    ['the same with 25 names', { ipGrowthRatio: 0.97, ttlPerDomain: 0, domainsPerNetwork: 25 }, 1],
    ['few /16s and 1,220 names', { ...GROWING, networkPrefixes: 0.411765, domainsPerNetwork: 1220 }, 0],
    ['few /16s and more names', { ...GROWING, networkPrefixes: 0.41, domainsPerNetwork: 1221 }, 1],
    ['many /16s and 109 names', { ...GROWING, domainsPerNetwork: 109 }, 1],
    ['108 names and growth above 0.707831', { ...GROWING, ipGrowthRatio: 0.71, domainsPerNetwork: 108 }, 1],
    [
      '108 names, growth below, 33 names in the cluster',
      { ...GROWING, domainsPerNetwork: 108, numberOfDomains: 33 },
      1,
    ],
    [
      '32 names in the cluster and a TTL of 234 s',
      { ...GROWING, domainsPerNetwork: 108, numberOfDomains: 32, ttlPerDomain: 234 },
      1,
    ],
    [
      'the same with a TTL of 235 s',
      { ...GROWING, domainsPerNetwork: 108, numberOfDomains: 32, ttlPerDomain: 235 },
      1 / 20,
    ],
  ])('ends with %s', (_, features, share) => {
    expect(fluxbusterProbability({ ...UNKNOWN, ...features })).toBe(share)
  })

  // 926 of 1,016 clusters go to the right, all flux; of the other 90 the leaf is 1 of 20.
  it('weighs both sides of a split whose feature is missing by the training set', () => {
    const one = { ...UNKNOWN, ...GROWING, numberOfDomains: 1 }
    expect(fluxbusterProbability(one)).toBeCloseTo(926 / 1016 + (90 / 1016) * (1 / 20), 12)
    expect(fluxbusterProbability({ ...one, ttlPerDomain: 0, ipGrowthRatio: 1 })).toBeCloseTo(3 / 5, 12)
  })
})

describe('FluxBuster on one name', () => {
  const spread = (from: number, count: number) =>
    Array.from({ length: count }, (_, n) => `61.${from + n}.0.1`)

  it('flags a name that grows by new networks at a TTL of 300 s', () => {
    const looks = Array.from({ length: 4 }, (_, n) => ({ at: n * 301, a: spread(n * 5, 5), ttl: 300 }))
    expect(opinionOn(fluxbuster2012, hostAlone(looks))).toMatchObject({
      value: 1,
      threshold: 0.5,
      flags: true,
    })
  })

  it('clears a diverse set that stands still once its answers are many', () => {
    const looks = Array.from({ length: 50 }, (_, n) => ({ at: n * 301, a: spread(0, 6), ttl: 300 }))
    expect(opinionOn(fluxbuster2012, hostAlone(looks))).toMatchObject({ value: 0, flags: false })
  })

  it('flags one new address an answer at TTL 0 by the three clusters of five that were so', () => {
    const looks = Array.from({ length: 8 }, (_, n) => ({ at: n * 60, a: spread(n, 1), ttl: 0 }))
    expect(opinionOn(fluxbuster2012, hostAlone(looks))).toMatchObject({ value: 0.6, flags: true })
  })

  it.each([
    ['a TTL above three hours', [{ at: 0, a: spread(0, 6), ttl: 10_801 }]],
    [
      'answers of two addresses at an ordinary TTL',
      [0, 1, 2, 3].map((n) => ({ at: n * 61, a: spread(n * 2, 2) })),
    ],
    ['four addresses', [{ at: 0, a: spread(0, 4) }]],
    ['addresses of one /16', [{ at: 0, a: [1, 2, 3, 4, 5, 6].map((n) => `61.1.0.${n}`) }]],
  ])('is not asked about %s', (_, looks) => {
    expect(opinionOn(fluxbuster2012, hostAlone(looks))).toMatchObject({ value: null, flags: false })
  })
})
