import { describe, expect, it } from 'vitest'
import { boundsFor } from '../../../src/core/detect/bounds.ts'

describe('the bounds of the decision', () => {
  it("are Wald's: with even priors, 5 % false alarms and 10 % misses, A = 18 and B = 0.105", () => {
    const { flux, clear } = boundsFor(0.5, { falseAlarm: 0.05, miss: 0.1 })
    expect(flux).toBeCloseTo(18 / 19, 10)
    const b = 0.1 / 0.95
    expect(clear).toBeCloseTo(b / (1 + b), 10)
  })

  it('ask for more where flux is rare: at 7.8 %, 0.05 % and 1 % the bound is a posterior of 0.9941', () => {
    // ln(0.078 / 0.922) = −2.4698; ln(0.99 / 0.0005) = 7.5909; 1 / (1 + e^−5.1211) = 0.99407.
    expect(boundsFor(0.078, { falseAlarm: 0.0005, miss: 0.01 }).flux).toBeCloseTo(0.99407, 5)
    // ln(0.01 / 0.9995) = −4.6047; 1 / (1 + e^7.0745) = 0.000846.
    expect(boundsFor(0.078, { falseAlarm: 0.0005, miss: 0.01 }).clear).toBeCloseTo(0.000846, 6)
  })

  it('move apart when fewer errors are allowed', () => {
    const loose = boundsFor(0.078, { falseAlarm: 0.01, miss: 0.05 })
    const strict = boundsFor(0.078, { falseAlarm: 0.001, miss: 0.01 })
    expect(strict.flux).toBeGreaterThan(loose.flux)
    expect(strict.clear).toBeLessThan(loose.clear)
  })
})
