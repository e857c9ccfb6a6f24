import { describe, expect, it } from 'vitest'
import { countF3, passesF1, passesF2, perdisci2009 } from '../../../src/core/panel/perdisci-2009.ts'
import type { FilteredName } from '../../../src/core/panel/perdisci-2009.ts'
import { hostAlone, opinionOn } from './panel-of.ts'

const PLAIN: FilteredName = {
  ttlSeconds: 300,
  widest: 3,
  answerDiversity: 1,
  addresses: 4,
  diversity: 0.5,
  queries: 10,
  growthEvents: 0,
}

describe('the filters of Perdisci et al. (2009)', () => {
  it.each<[string, Partial<FilteredName>, Partial<FilteredName>]>([
    ['a TTL of three hours and not more', { ttlSeconds: 10_800 }, { ttlSeconds: 10_801 }],
    [
      'fewer than three addresses only at a TTL of 30 s or less',
      { widest: 1, ttlSeconds: 30 },
      { widest: 2, ttlSeconds: 31 },
    ],
    [
      'a third as many /16s as addresses and not fewer',
      { answerDiversity: 1 / 3 },
      { answerDiversity: 0.33 },
    ],
  ])('F1 accepts %s', (_, accepted, refused) => {
    expect(passesF1({ ...PLAIN, ...accepted })).toBe(true)
    expect(passesF1({ ...PLAIN, ...refused })).toBe(false)
  })

  it('F2 drops a name that was asked for more than 100 times, grew less than three times and is small or dense', () => {
    const dropped = { ...PLAIN, queries: 101, growthEvents: 2, addresses: 5, diversity: 0.9 }
    expect(passesF2(dropped)).toBe(false)
    expect(passesF2({ ...dropped, addresses: 60, diversity: 0.5 })).toBe(false)
    for (const kept of [{ queries: 100 }, { growthEvents: 3 }, { addresses: 6, diversity: 0.51 }]) {
      expect(passesF2({ ...dropped, ...kept })).toBe(true)
    }
  })

  it.each<[string, Partial<FilteredName>, Partial<FilteredName>]>([
    ['a TTL under 30 s', { ttlSeconds: 29 }, { ttlSeconds: 30 }],
    ['10 addresses', { addresses: 10 }, { addresses: 9 }],
    ['5 growth events', { growthEvents: 5 }, { growthEvents: 4 }],
    [
      '5 addresses in at least 0.8 as many /16s',
      { addresses: 5, diversity: 0.8 },
      { addresses: 5, diversity: 0.79 },
    ],
  ])('F3 has a reason in %s', (_, holds, fails) => {
    expect(countF3({ ...PLAIN, ...holds })).toBe(1)
    expect(countF3({ ...PLAIN, ...fails })).toBe(0)
  })

  it('F3 has a second reason in 10 growth events of a diverse name with a TTL up to an hour', () => {
    expect(countF3({ ...PLAIN, growthEvents: 10, ttlSeconds: 3600 })).toBe(2)
    expect(countF3({ ...PLAIN, growthEvents: 10, ttlSeconds: 3601 })).toBe(1)
    expect(countF3({ ...PLAIN, growthEvents: 10, diversity: 0.49 })).toBe(1)
  })

  it('flag one address at a time at TTL 0, for its TTL and then for its growth', () => {
    const rotating = Array.from({ length: 6 }, (_, n) => ({ at: n * 60, a: [`61.${n}.0.1`], ttl: 0 }))
    expect(opinionOn(perdisci2009, hostAlone(rotating.slice(0, 1)))).toMatchObject({ value: 1, flags: true })
    expect(opinionOn(perdisci2009, hostAlone(rotating))).toMatchObject({ value: 3, flags: true })
  })

  it('drop a pool whose latest answers and whole are in one /16', () => {
    const four = ['61.1.0.1', '61.1.0.2', '61.1.0.3', '61.1.0.4']
    expect(opinionOn(perdisci2009, hostAlone([{ at: 0, a: four, ttl: 10 }]))).toMatchObject({
      value: 0,
      flags: false,
    })
  })

  it('judge the diversity of the latest answer too, when the whole pool has become dense', () => {
    const dense = Array.from({ length: 12 }, (_, n) => `61.1.0.${n + 1}`)
    const looks = [
      { at: 0, a: dense, ttl: 60 },
      { at: 60, a: ['61.1.0.1', '61.2.0.1', '61.3.0.1'], ttl: 60 },
    ]
    expect(opinionOn(perdisci2009, hostAlone(looks)).value).toBe(1)
  })

  it('drop one address at an ordinary TTL, and have no opinion without addresses', () => {
    expect(opinionOn(perdisci2009, hostAlone([{ at: 0, a: ['61.1.0.1'], ttl: 300 }])).value).toBe(0)
    expect(opinionOn(perdisci2009, hostAlone([{ at: 0, outcome: 'nxdomain' }])).value).toBeNull()
  })
})
