import { describe, expect, it } from 'vitest'
import { COUNTRY_PLACES } from '../../../src/core/net/country-places.ts'
import { minimalServiceDistance, ssfdDistance } from '../../../src/core/panel/ssfd-distance.ts'
import { ssfdTimeZones, timeZoneEntropy } from '../../../src/core/panel/ssfd-time-zones.ts'
import { watchHost } from '../series/scripted-rounds.ts'
import { enrichmentOf, hostAlone, opinionOn } from './panel-of.ts'

const inZone = (utcOffsetMinutes: number, count = 1) => ({
  place: { ...COUNTRY_PLACES.get('DE')!, utcOffsetMinutes },
  count,
})
const at = (latitude: number, longitude: number, count = 1) => ({
  place: { ...COUNTRY_PLACES.get('DE')!, latitude, longitude },
  count,
})

describe('the time-zone entropy of SSFD', () => {
  it('is 1.00 for two zones with as many addresses each, as the paper has it for a CDN', () => {
    expect(timeZoneEntropy([inZone(60, 3), inZone(-300, 3)])).toBe(1)
  })

  it('is 3.12 for ten addresses in nine zones, the value of the paper’s flux example', () => {
    const zones = [inZone(0, 2), ...[1, 2, 3, 4, 5, 6, 7, 8].map((hours) => inZone(hours * 60))]
    expect(timeZoneEntropy(zones)).toBeCloseTo(3.12, 2)
  })

  it('is 0 in one zone, whatever the countries, and not defined without a place', () => {
    expect(timeZoneEntropy([inZone(60), inZone(60, 4)])).toBe(0)
    expect(timeZoneEntropy([])).toBeNull()
  })

  it('flags three zones and not two', () => {
    const countries = enrichmentOf({ 61: 'DE', 62: 'BR', 63: 'JP' })
    const two = hostAlone([{ at: 0, a: ['61.0.0.1', '62.0.0.1'] }])
    const three = hostAlone([{ at: 0, a: ['61.0.0.1', '62.0.0.1', '63.0.0.1'] }])
    expect(opinionOn(ssfdTimeZones, two, countries)).toMatchObject({ value: 1, flags: false })
    expect(opinionOn(ssfdTimeZones, three, countries)).toMatchObject({ value: 1.585, flags: true })
  })
})

describe('the minimal service distance of SSFD', () => {
  it('is the distance to the nearest name server, in degrees', () => {
    const distance = minimalServiceDistance([at(3, 4)], [at(0, 0), at(50, 50)])
    expect(distance).toEqual({ mean: 5, sd: 0 })
  })

  it('weighs places by their addresses', () => {
    // Distances 0, 0, 0 and 8: mean 2, variance (3 · 4 + 36) ÷ 4 = 12.
    const distance = minimalServiceDistance([at(0, 0, 3), at(0, 8)], [at(0, 0)])!
    expect(distance.mean).toBe(2)
    expect(distance.sd).toBeCloseTo(Math.sqrt(12), 12)
  })

  it('is not defined where one side has no place', () => {
    expect(minimalServiceDistance([], [at(0, 0)])).toBeNull()
    expect(minimalServiceDistance([at(0, 0)], [])).toBeNull()
  })

  it('flags addresses in countries where no name server is, and not a site far from its only name server', () => {
    const countries = enrichmentOf({ 61: 'DE', 62: 'BR', 70: 'DE' })
    const served = (a: readonly string[]) => ({
      ...hostAlone([{ at: 0, a }]),
      nameServers: [watchHost('ns1.x', [[{ at: 0, a: ['70.0.0.1'] }]])],
    })
    expect(opinionOn(ssfdDistance, served(['61.0.0.1', '62.0.0.1']), countries)).toMatchObject({
      flags: true,
    })
    expect(opinionOn(ssfdDistance, served(['62.0.0.1', '62.1.0.1']), countries)).toMatchObject({
      value: 0,
      flags: false,
    })
    expect(opinionOn(ssfdDistance, hostAlone([{ at: 0, a: ['61.0.0.1'] }]), countries).value).toBeNull()
  })
})
