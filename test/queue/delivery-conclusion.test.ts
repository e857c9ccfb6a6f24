import { describe, expect, test } from 'vitest'
import { concludeAttempt, type SendResult } from '../../src/queue/delivery-conclusion.ts'
import { deliveryId, deliveryJobId } from '../../src/queue/delivery-job.ts'

function result(outcome: SendResult['outcome'], retryAfterMs: number | null = null): SendResult {
  return { at: 1, status: null, error: 'why', durationMs: 1, outcome, retryAfterMs }
}

const waits = [0, 10, 20]
const schedule = (made: number, allowed = 3) => ({
  made,
  allowed,
  retryDelayMs: (count: number) => waits[count] ?? null,
})

describe('what an attempt means', () => {
  test.each([
    ['success', result('delivered'), schedule(1), { state: 'delivered', disable: null }],
    ['success at the last attempt', result('delivered'), schedule(3), { state: 'delivered', disable: null }],
    ['gone', result('gone'), schedule(1), { state: 'failed', disable: 'gone' }],
    ['refused by our guard', result('refused'), schedule(1), { state: 'failed', disable: null }],
    ['the first failure', result('retry'), schedule(1), { state: 'waiting', disable: null, waitMs: 10 }],
    ['the second failure', result('retry'), schedule(2), { state: 'waiting', disable: null, waitMs: 20 }],
    ['the last failure', result('retry'), schedule(3), { state: 'failed', disable: 'failing' }],
    [
      'a schedule shorter than allowed',
      result('retry'),
      schedule(3, 9),
      { state: 'failed', disable: 'failing' },
    ],
    ['a single attempt that failed', result('retry'), schedule(1, 1), { state: 'failed', disable: null }],
    [
      'a longer Retry-After',
      result('retry', 15),
      schedule(1),
      { state: 'waiting', disable: null, waitMs: 15 },
    ],
    [
      'a shorter Retry-After',
      result('retry', 5),
      schedule(1),
      { state: 'waiting', disable: null, waitMs: 10 },
    ],
    ['a Retry-After at the end', result('retry', 5), schedule(3), { state: 'failed', disable: 'failing' }],
  ])('%s', (_, attempt, position, expected) => {
    expect(concludeAttempt(attempt, position)).toEqual(expected)
  })
})

describe('ids', () => {
  test('one event to one endpoint always has the same id, and each redelivery a job of its own', () => {
    expect(deliveryId('1770000000000-0', 'wh_a1')).toBe('1770000000000-0-wh_a1')
    expect(deliveryJobId({ id: 'e1-wh_a', reopened: 0 })).toBe('e1-wh_a')
    expect(deliveryJobId({ id: 'e1-wh_a', reopened: 2 })).toBe('e1-wh_a-r2')
  })

  test.each(['a.b', 'a:b', 'a b', 'ä', 'x'.repeat(125)])('an event id like %s is refused', (id) => {
    expect(() => deliveryId(id, 'wh_a')).toThrow('not fit for a delivery id')
  })
})
