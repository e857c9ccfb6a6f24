import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RETRY_AFTER_LIMIT_MS, retryAfterMs } from '../../src/notify/retry-after.ts'
import { retryDelayMs, RETRY_SCHEDULE_MS } from '../../src/notify/retry-schedule.ts'

describe('the retry schedule', () => {
  test('without jitter it is the example of Standard Webhooks: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h', () => {
    const waits = Array.from({ length: 11 }, (_, made) => retryDelayMs(made + 1, 0.5))
    expect(waits).toEqual([
      5_000,
      300_000,
      1_800_000,
      7_200_000,
      18_000_000,
      36_000_000,
      50_400_000,
      72_000_000,
      86_400_000,
      null,
      null,
    ])
  })

  test('worked example: after two failures the wait is 270 s to 330 s', () => {
    expect([retryDelayMs(2, 0), retryDelayMs(2, 0.25), retryDelayMs(2, 1)]).toEqual([
      270_000, 285_000, 330_000,
    ])
  })

  test('jitter never moves a wait by more than a tenth', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (made, random) => {
          const planned = RETRY_SCHEDULE_MS[made]!
          expect(Math.abs(retryDelayMs(made, random)! - planned)).toBeLessThanOrEqual(planned * 0.1 + 1)
        },
      ),
    )
  })
})

describe('Retry-After', () => {
  const now = Date.UTC(2026, 0, 31, 12, 0, 0)

  test.each([
    ['120', 120_000],
    [' 7 ', 7_000],
    ['0', 0],
    ['999999', RETRY_AFTER_LIMIT_MS],
    ['Sat, 31 Jan 2026 12:00:30 GMT', 30_000],
    ['Saturday, 31-Jan-26 12:00:30 GMT', 30_000],
    ['Sat Jan 31 12:00:30 2026', 30_000],
    ['Sat, 31 Jan 2026 11:00:00 GMT', 0],
    ['Fri, 31 Jan 2036 12:00:00 GMT', RETRY_AFTER_LIMIT_MS],
    ['-5', null],
    ['1.5', null],
    ['2026-01-31T12:00:30Z', null],
    ['soon', null],
    ['Monday morning', null],
    ['', null],
    [undefined, null],
  ])('%j means a wait of %j ms', (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected)
  })
})
