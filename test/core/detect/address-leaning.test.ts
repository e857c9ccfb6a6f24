import { describe, expect, it } from 'vitest'
import { leanOfAddresses } from '../../../src/core/detect/address-leaning.ts'
import { readSide } from '../../../src/core/detect/model/model-file.ts'
import { ADDRESS_REGIMES } from '../../../src/core/detect/model/regime.ts'
import { tableOf } from './table-of.ts'

// One sign, width: flux shows wide answers four times in five, benign names once in five. So ln 4 either way.
const cents = (...shares: number[]) => shares.map((one) => 100 * Math.log(one))
const WIDE = 8
const NARROW = 1
/** Steps of the sign: under 1.05 addresses, …, 7.05 to 10.05, and more. */
const steps = (narrow: number, wide: number) => cents(narrow, narrow, narrow, narrow, wide, wide, wide)
const everyStage = Array.from({ length: 5 }, () => [steps(0.2, 0.8), steps(0.8, 0.2)])
const SIDE = readSide(
  {
    classes: ['flux', 'static'],
    shares: [1, 1],
    regimes: ADDRESS_REGIMES.map((regime) => ({ regime, offset: 0, tempers: { width: 1 } })),
    signs: { width: { capNats: 9, tables: everyStage } },
  },
  { flux: ['flux'], benign: ['static'], regimes: ADDRESS_REGIMES },
)
const LN4 = Math.log(4)

const family = (prefix: 'a' | 'aaaa', width: number) => ({
  [`${prefix}_addresses`]: width,
  [`${prefix}_width_mean`]: width,
  [`${prefix}_ttl_max`]: 60,
})
const oddsOf = (given: Record<string, number>) => leanOfAddresses(SIDE, tableOf(given), []).odds

describe('the addresses of a name', () => {
  it('are judged by the one family that has any', () => {
    expect(oddsOf(family('a', WIDE))).toBeCloseTo(LN4, 10)
    expect(oddsOf(family('aaaa', WIDE))).toBeCloseTo(LN4, 10)
    expect(oddsOf(family('aaaa', NARROW))).toBeCloseTo(-LN4, 10)
  })

  it('flux when either set does: ln(0.97 · A + 0.03 · AAAA) of the likelihood ratios', () => {
    expect(oddsOf({ ...family('a', WIDE), ...family('aaaa', NARROW) })).toBeCloseTo(
      Math.log(0.97 * 4 + 0.03 / 4),
      10,
    )
    expect(oddsOf({ ...family('a', NARROW), ...family('aaaa', WIDE) })).toBeCloseTo(
      Math.log(0.97 / 4 + 0.03 * 4),
      10,
    )
  })

  it('are not acquitted by an AAAA set that stands still, and lose little by it', () => {
    const alone = oddsOf(family('a', WIDE))
    const both = oddsOf({ ...family('a', WIDE), ...family('aaaa', NARROW) })
    expect(alone - both).toBeLessThan(0.05)
  })

  it('weigh the signs of each family by its part in the odds', () => {
    const { signs } = leanOfAddresses(SIDE, tableOf({ ...family('a', WIDE), ...family('aaaa', NARROW) }), [])
    const part = (0.97 * 4) / (0.97 * 4 + 0.03 / 4)
    expect(signs.map(({ sign, weight }) => [sign.id, weight])).toEqual([
      ['a-width', expect.closeTo(LN4 * part, 10)],
      ['aaaa-width', expect.closeTo(-LN4 * (1 - part), 10)],
    ])
  })

  it('say nothing while there are none', () => {
    expect(leanOfAddresses(SIDE, tableOf({}), [])).toEqual({ odds: 0, signs: [], innocent: null })
  })
})
