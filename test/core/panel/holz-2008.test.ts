import { describe, expect, it } from 'vitest'
import { holz2008, HOLZ_THRESHOLD, holzScore } from '../../../src/core/panel/holz-2008.ts'
import { hostAlone, opinionOn } from './panel-of.ts'

describe('the score of Holz et al. (2008)', () => {
  it('is 665.94 for 41 addresses in 33 ASNs, and 158.88 for two NTP answers of 4 addresses in 8 ASNs', () => {
    expect(holzScore(41, 33)).toBe(665.94)
    expect(holzScore(8, 8)).toBe(158.88)
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

  it('counts the addresses and ASNs of everything seen so far', () => {
    const ntp = hostAlone([
      { at: 0, a: ['61.1.0.1', '61.2.0.1', '61.3.0.1', '61.4.0.1'], ttl: 150 },
      { at: 151, a: ['61.5.0.1', '61.6.0.1', '61.7.0.1', '61.8.0.1'], ttl: 150 },
    ])
    expect(opinionOn(holz2008, ntp)).toEqual({
      detector: 'holz-2008',
      value: 158.88,
      threshold: 142.38,
      flags: true,
      text: 'The score 1.32 × addresses + 18.54 × ASNs is 158.88, above 142.38.',
    })
  })

  it('has no opinion without ASNs', () => {
    const unmapped = { hasAsn: false, hasCountry: false, factsOf: () => NOTHING_KNOWN }
    expect(opinionOn(holz2008, hostAlone([{ at: 0, a: ['61.1.0.1'] }]), unmapped)).toEqual({
      detector: 'holz-2008',
      value: null,
      threshold: 142.38,
      flags: false,
    })
  })
})

const NOTHING_KNOWN = { asn: null, organisation: null, country: null }
