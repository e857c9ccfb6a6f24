import { describe, expect, test } from 'vitest'
import { VantageHealth } from '../../src/dns/vantage-health.ts'

const POLICY = { downAfterMs: 30_000, downAfterQuestions: 5 }

/** Questions that are asked at these seconds and given up 6.5 s later. */
function unanswered(health: VantageHealth, ...seconds: number[]): void {
  for (const second of seconds) health.silent(second * 1000, second * 1000 + 6500)
}

describe('when a vantage is down', () => {
  test('five silent questions over half a minute', () => {
    const health = new VantageHealth(POLICY)
    unanswered(health, 0, 10, 20, 23)
    expect(health.up).toBe(true)
    unanswered(health, 24)
    expect(health.up).toBe(false)
  })

  test('four silent questions are not enough, however long they take', () => {
    const health = new VantageHealth(POLICY)
    unanswered(health, 0, 100, 200, 300)
    expect(health.up).toBe(true)
  })

  test('many silent questions at once are not enough', () => {
    const health = new VantageHealth(POLICY)
    unanswered(health, ...Array.from({ length: 100 }, () => 5))
    expect(health.up).toBe(true)
  })

  test('any reply in between starts the count and the time anew', () => {
    const health = new VantageHealth(POLICY)
    unanswered(health, 0, 1, 2, 3)
    health.replied(20_000)
    unanswered(health, 20, 30, 40, 50)
    expect(health.up).toBe(true)
    unanswered(health, 51)
    expect(health.up).toBe(false)
  })

  test('a question from before the last reply counts from that reply on', () => {
    const health = new VantageHealth(POLICY)
    health.replied(29_000)
    for (let count = 0; count < 5; count++) health.silent(0, 31_000)
    expect(health.up).toBe(true)
    health.silent(52_000, 58_999)
    expect(health.up).toBe(true)
    health.silent(52_000, 59_000)
    expect(health.up).toBe(false)
  })

  test('a long rest without questions is no silence', () => {
    const health = new VantageHealth(POLICY)
    health.replied(0)
    unanswered(health, 3600, 3601, 3602, 3603, 3604)
    expect(health.up).toBe(true)
  })

  test('it may be probed a second after its latest silence', () => {
    const health = new VantageHealth(POLICY)
    unanswered(health, 0, 10, 20, 30, 40)
    expect([47_499, 47_500].map((now) => health.isProbeDue(now))).toEqual([false, true])
    unanswered(health, 47.5)
    expect([54_999, 55_000].map((now) => health.isProbeDue(now))).toEqual([false, true])
  })

  test('one reply brings it back', () => {
    const health = new VantageHealth(POLICY)
    unanswered(health, 0, 10, 20, 30, 40)
    expect(health.up).toBe(false)
    health.replied(47_000)
    expect(health.up).toBe(true)
  })
})
