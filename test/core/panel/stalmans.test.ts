import { describe, expect, it } from 'vitest'
import { countryDistanceKm } from '../../../src/core/net/country-distance.ts'
import { COUNTRY_PLACES } from '../../../src/core/net/country-places.ts'
import { measureAutocorrelation, timeValue } from '../../../src/core/panel/spatial-autocorrelation.ts'
import { stalmansGeary } from '../../../src/core/panel/stalmans-geary.ts'
import { stalmansMoran } from '../../../src/core/panel/stalmans-moran.ts'
import { enrichmentOf, hostAlone, opinionOn } from './panel-of.ts'

const place = (code: string) => COUNTRY_PLACES.get(code)!
const places = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts).map(([code, count]) => ({ place: place(code), count }))

/** The two formulas as they are printed, address by address. */
function byAddress(counts: Readonly<Record<string, number>>) {
  const all = Object.entries(counts).flatMap(([code, count]) =>
    Array.from({ length: count }, () => place(code)),
  )
  const values = all.map(timeValue)
  const mean = values.reduce((sum, value) => sum + value, 0) / all.length
  let [weights, products, differences] = [0, 0, 0]
  for (const [i, a] of all.entries()) {
    for (const [j, b] of all.entries()) {
      const distance = countryDistanceKm(a, b)
      const weight = distance === 0 ? 0 : 1 / distance
      weights += weight
      products += weight * (values[i]! - mean) * (values[j]! - mean)
      differences += weight * (values[i]! - values[j]!) ** 2
    }
  }
  const spread = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return {
    moran: (all.length * products) / (weights * spread),
    geary: ((all.length - 1) * differences) / (2 * weights * spread),
  }
}

describe('the spatial statistics of Stalmans and Irwin (2012)', () => {
  it('give a time zone the value that the released code gives it', () => {
    expect(timeValue(place('IN'))).toBe(53_000)
    expect(timeValue(place('US'))).toBe(50_000)
    expect(timeValue(place('NP'))).toBe(54_500)
  })

  // Two places, deviations d and −d: I = 2 · 2w · (−d²) ÷ (2w · 2d²) = −1; C = 1 · 2w · 4d² ÷ (2 · 2w · 2d²) = 1.
  it('are −1 and 1 for one address in each of two time zones, however far apart', () => {
    for (const other of ['GB', 'JP']) {
      const { moran, geary } = measureAutocorrelation(places({ DE: 1, [other]: 1 }))
      expect(moran).toBeCloseTo(-1, 12)
      expect(geary).toBeCloseTo(1, 12)
    }
  })

  it('are what the printed formulas give, address by address', () => {
    const counts = { UA: 7, RU: 3, BR: 2, IN: 1, US: 4, DE: 2 }
    const expected = byAddress(counts)
    const { moran, geary } = measureAutocorrelation(places(counts))
    expect(moran).toBeCloseTo(expected.moran, 10)
    expect(geary).toBeCloseTo(expected.geary, 10)
  })

  it('are 0 for one place and for places of one time zone, and not defined without any', () => {
    expect(measureAutocorrelation(places({ DE: 9 }))).toEqual({ moran: 0, geary: 0 })
    expect(measureAutocorrelation(places({ DE: 2, FR: 3 }))).toEqual({ moran: 0, geary: 0 })
    expect(measureAutocorrelation([])).toEqual({ moran: null, geary: null })
  })

  it('flag two time zones and not two countries of one', () => {
    const countries = enrichmentOf({ 61: 'DE', 62: 'FR', 63: 'JP' })
    const near = hostAlone([{ at: 0, a: ['61.0.0.1', '62.0.0.1'] }])
    const far = hostAlone([{ at: 0, a: ['61.0.0.1', '63.0.0.1'] }])
    for (const detector of [stalmansMoran, stalmansGeary]) {
      expect(opinionOn(detector, near, countries)).toMatchObject({ value: 0, flags: false })
      expect(opinionOn(detector, far, countries)).toMatchObject({ value: 1, flags: true })
      expect(opinionOn(detector, near).value).toBeNull()
    }
  })
})
