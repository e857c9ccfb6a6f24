import { describe, expect, it } from 'vitest'
import { HOLZ_THRESHOLD } from '../../../src/core/panel/holz-2008.ts'
import { zeekHolz, zeekScore } from '../../../src/core/panel/zeek-holz.ts'
import { hostAlone, opinionOn } from './panel-of.ts'

const EIGHT = Array.from({ length: 8 }, (_, n) => `61.${n}.0.1`)

describe('the Holz score as the Zeek script scales it', () => {
  it('is the Holz score where every address has an ASN of its own', () => {
    expect(zeekScore(8, 8)).toBeCloseTo(158.88, 10)
  })

  it('is halved where two addresses share each ASN', () => {
    expect(zeekScore(10, 5)).toBeCloseTo(52.95, 10)
  })

  it('needs eight ASNs however many addresses there are', () => {
    expect(zeekScore(8, 8)).toBeGreaterThan(HOLZ_THRESHOLD)
    for (let addresses = 7; addresses < 200; addresses++) {
      expect(zeekScore(addresses, 7)).toBeLessThan(HOLZ_THRESHOLD)
    }
  })

  it('ignores a name whose answers all have a TTL above half an hour', () => {
    expect(opinionOn(zeekHolz, hostAlone([{ at: 0, a: EIGHT, ttl: 1800 }]))).toMatchObject({
      value: 158.88,
      flags: true,
    })
    expect(opinionOn(zeekHolz, hostAlone([{ at: 0, a: EIGHT, ttl: 1801 }]))).toMatchObject({
      value: null,
      flags: false,
    })
  })
})
