import { describe, expect, it } from 'vitest'
import { SignCounts } from '../../bench/model/sign-counts.ts'
import { fitTempers } from '../../bench/model/tempers.ts'
import type { Reading } from '../../bench/model/tempers.ts'
import type { Sign } from '../../src/core/detect/signs/sign.ts'

const SIGN: Sign = {
  id: 'one',
  table: 'one',
  about: 'addresses',
  feature: 'one',
  unit: 'ratio',
  edges: [0.5],
  stage: null,
  capNats: 9,
  source: 'worked example',
  text: () => 'one.',
}

describe('the table of a sign', () => {
  it('smooths counts by the pooled shares (8 members), evenly (3), and lets a tenth leak to the neighbour', () => {
    const counts = new SignCounts(SIGN, 2)
    counts.add(0, 0, 0, 89)
    counts.add(0, 1, 1, 89)
    // Both classes pool to 0.5 : 0.5; (89 + 4 + 1.5) / 100 = 0.945 and 0.055; with the leak 0.945 · 0.9 + 0.055 · 0.1 = 0.856.
    const [first, second] = counts.logLikelihoods(9)[0]!
    expect(first![0]).toBeCloseTo(0, 12)
    expect(second![0]).toBeCloseTo(Math.log(0.144 / 0.856), 10)
    expect(first![1]).toBeCloseTo(Math.log(0.144 / 0.856), 10)
  })

  it('lets a class that was never seen look like everybody', () => {
    const counts = new SignCounts(SIGN, 3)
    counts.add(0, 0, 0, 50)
    counts.add(0, 1, 1, 50)
    const rows = counts.logLikelihoods(9)[0]!
    expect(rows[2]![0]).toBeCloseTo(rows[2]![1]!, 10)
  })

  it('never says more than its cap', () => {
    const counts = new SignCounts(SIGN, 2)
    counts.add(0, 0, 0, 1e6)
    counts.add(0, 1, 1, 1e6)
    expect(Math.min(...counts.logLikelihoods(0.7)[0]!.flat())).toBe(-0.7)
  })
})

describe('the tempers', () => {
  /** A sign with log-likelihoods ±1 that is right in three of four cases, seen `copies` times. */
  const readings = (copies: number): Reading[] =>
    [true, true, true, false].flatMap((isRight) =>
      [true, false].map((isFlux) => {
        const says = isFlux === isRight ? 1 : -1
        const row = Float64Array.of(says / 2, -says / 2)
        return { rows: Array.from({ length: copies }, () => row), isFlux, weight: 1 }
      }),
    )
  const fit = (copies: number) =>
    fitTempers(readings(copies), {
      tables: copies,
      fluxClasses: 1,
      logShares: Float64Array.of(0, 0),
      priorOdds: 0,
      iterations: 2000,
      report: () => {},
    })

  it('find the log-odds that the data have: ln 3 where a sign is right in three of four cases', () => {
    const { tempers, slope, offset } = fit(1)
    expect(tempers[0]! * slope).toBeCloseTo(Math.log(3), 2)
    expect(offset).toBeCloseTo(0, 2)
  })

  it('share between signs that repeat each other what one of them says', () => {
    const { tempers, slope } = fit(4)
    const together = tempers.reduce((sum, temper) => sum + temper, 0)
    expect(together * slope).toBeCloseTo(Math.log(3), 2)
    expect(Math.max(...tempers)).toBeLessThanOrEqual(1)
  })
})
