import { describe, expect, it } from 'vitest'
import { countryDistanceKm } from '../../../src/core/net/country-distance.ts'
import { COUNTRY_PLACES } from '../../../src/core/net/country-places.ts'

// ISO 3166-1, officially assigned: 249 codes, by their first letter.
const ASSIGNED: Readonly<Record<string, string>> = {
  A: 'DEFGILMOQRSTUWXZ',
  B: 'ABDEFGHIJLMNOQRSTVWYZ',
  C: 'ACDFGHIKLMNORUVWXYZ',
  D: 'EJKMOZ',
  E: 'CEGHRST',
  F: 'IJKMOR',
  G: 'ABDEFGHILMNPQRSTUWY',
  H: 'KMNRTU',
  I: 'DELMNOQRST',
  J: 'EMOP',
  K: 'EGHIMNPRWYZ',
  L: 'ABCIKRSTUVY',
  M: 'ACDEFGHKLMNOPQRSTUVWXYZ',
  N: 'ACEFGILOPRUZ',
  O: 'M',
  P: 'AEFGHKLMNRSTWY',
  Q: 'A',
  R: 'EOSUW',
  S: 'ABCDEGHIJKLMNORSTVXYZ',
  T: 'CDFGHJKLMNORTVWZ',
  U: 'AGMSYZ',
  V: 'ACEGINU',
  W: 'FS',
  Y: 'ET',
  Z: 'AMW',
}
const codes = Object.entries(ASSIGNED).flatMap(([first, seconds]) =>
  [...seconds].map((second) => first + second),
)

describe('the places of countries', () => {
  it('are there for all assigned codes, and for Kosovo besides', () => {
    expect(codes).toHaveLength(249)
    expect([...COUNTRY_PLACES.keys()].toSorted()).toEqual([...codes, 'XK'].toSorted())
  })

  it('are on the globe, with an offset that some clock has', () => {
    for (const { code, latitude, longitude, utcOffsetMinutes, row } of COUNTRY_PLACES.values()) {
      expect(Math.abs(latitude), code).toBeLessThanOrEqual(90)
      expect(Math.abs(longitude), code).toBeLessThanOrEqual(180)
      expect(Number.isInteger(utcOffsetMinutes / 15), code).toBe(true)
      expect(utcOffsetMinutes, code).toBeGreaterThanOrEqual(-720)
      expect(utcOffsetMinutes, code).toBeLessThanOrEqual(840)
      expect([...COUNTRY_PLACES.keys()][row]).toBe(code)
    }
  })

  // Clocks follow the sun within a few hours; a slipped sign or a swapped column does not.
  it('have an offset that fits their longitude, give or take four hours', () => {
    for (const { code, longitude, utcOffsetMinutes } of COUNTRY_PLACES.values()) {
      const apart = Math.abs(utcOffsetMinutes / 60 - longitude / 15)
      expect(Math.min(apart, 24 - apart), code).toBeLessThan(4)
    }
  })
})

describe('the distance of countries', () => {
  const km = (a: string, b: string) => countryDistanceKm(COUNTRY_PLACES.get(a)!, COUNTRY_PLACES.get(b)!)

  it('is the great circle between their places, within one percent of what maps say', () => {
    expect(Math.abs(km('DE', 'GB') - 931)).toBeLessThan(10)
    expect(Math.abs(km('US', 'JP') - 10_850)).toBeLessThan(110)
    expect(Math.abs(km('AU', 'NZ') - 2160)).toBeLessThan(22)
  })

  it('is symmetric, and 0 from a place to itself', () => {
    expect(km('BR', 'ID')).toBeCloseTo(km('ID', 'BR'), 9)
    expect(km('UA', 'UA')).toBe(0)
  })
})
