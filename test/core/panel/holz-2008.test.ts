import { describe, expect, it } from 'vitest'
import { FeatureTable } from '../../../src/core/features/feature-definition.ts'
import { holz2008, HOLZ_THRESHOLD, holzScore } from '../../../src/core/panel/holz-2008.ts'

const opinion = (addresses: number, asns: number | null) =>
  holz2008(
    new FeatureTable([
      { id: 'a_addresses', value: addresses, unit: 'addresses', support: 1 },
      { id: 'a_asns', value: asns, unit: 'ASNs', support: 1 },
    ]),
  )

describe('the score of Holz et al. (2008)', () => {
  it('is 665.94 for 41 addresses in 33 ASNs, and 158.88 for two NTP answers of 4 addresses in 8 ASNs', () => {
    expect(holzScore(41, 33)).toBe(665.94)
    expect(holzScore(8, 8)).toBe(158.88)
    expect(opinion(41, 33)).toEqual({ detector: 'holz-2008', value: 665.94, threshold: 142.38, flags: true })
  })

  it.each([
    [1, 94],
    [2, 80],
    [3, 66],
    [4, 52],
    [5, 38],
    [6, 24],
    [7, 10],
    [8, 1],
  ])('with %i ASNs needs %i addresses to flag, and not one less', (asns, addresses) => {
    expect(holzScore(addresses, asns)).toBeGreaterThan(HOLZ_THRESHOLD)
    if (addresses > 1) expect(holzScore(addresses - 1, asns)).toBeLessThanOrEqual(HOLZ_THRESHOLD)
  })

  it('has no opinion without ASNs', () => {
    expect(opinion(41, null)).toEqual({ detector: 'holz-2008', value: null, threshold: 142.38, flags: false })
  })
})
