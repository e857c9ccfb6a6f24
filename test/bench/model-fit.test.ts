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
  it('smooths counts by the pooled shares (4 members), evenly (2), and lets a twentieth leak to the neighbour', () => {
    const counts = new SignCounts(SIGN, 2)
    counts.add(0, 0, 0, 94)
    counts.add(0, 1, 1, 94)
    // Both classes pool to 0.5 : 0.5; (94 + 2 + 1) / 100 = 0.97 and 0.03; with the leak 0.97 · 0.95 + 0.03 · 0.05 = 0.923.
    const [first, second] = counts.logLikelihoods()[0]!
    expect(first![0]).toBeCloseTo(0, 12)
    expect(second![0]).toBeCloseTo(Math.log(0.077 / 0.923), 10)
    expect(first![1]).toBeCloseTo(Math.log(0.077 / 0.923), 10)
  })

  it('lets a class that was never seen look like everybody', () => {
    const counts = new SignCounts(SIGN, 3)
    counts.add(0, 0, 0, 50)
    counts.add(0, 1, 1, 50)
    const rows = counts.logLikelihoods()[0]!
    expect(rows[2]![0]).toBeCloseTo(rows[2]![1]!, 10)
  })
})

describe('the tempers', () => {
  /** A sign that claims ±2 nats and is right in three of four cases, seen `copies` times. */
  const LOG_LIKELIHOOD = 2
  const readings = (copies: number): Reading[] =>
    [true, true, true, false].flatMap((isRight) =>
      [true, false].map((isFlux) => {
        const says = isFlux === isRight ? 1 : -1
        const row = Float64Array.of((says * LOG_LIKELIHOOD) / 2, (-says * LOG_LIKELIHOOD) / 2)
        return { rows: Array.from({ length: copies }, () => row), isFlux, weight: 1 }
      }),
    )
  const fit = (copies: number) =>
    fitTempers(readings(copies), {
      caps: Array.from({ length: copies }, () => 9),
      fluxClasses: 1,
      logShares: Float64Array.of(0, 0),
      priorOdds: 0,
      iterations: 2000,
      report: () => {},
    })

  it('find the log-odds that the data have: ln 3 where a sign is right in three of four cases', () => {
    const { tempers, offset } = fit(1)
    expect(tempers[0]! * LOG_LIKELIHOOD).toBeCloseTo(Math.log(3), 1)
    expect(offset).toBeCloseTo(0, 2)
  })

  it('share between signs that repeat each other what one of them says', () => {
    const { tempers } = fit(4)
    const together = tempers.reduce((sum, temper) => sum + temper, 0)
    expect(together * LOG_LIKELIHOOD).toBeCloseTo(Math.log(3), 1)
  })
})
