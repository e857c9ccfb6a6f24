import { describe, expect, test } from 'vitest'
import { EndpointShares, SLOW_ATTEMPT_MS } from '../../src/queue/endpoint-shares.ts'

describe('shares of the delivery worker', () => {
  test('an endpoint that answers at once may have any number of attempts under way', () => {
    const shares = new EndpointShares()
    expect(Array.from({ length: 50 }, () => shares.begin('a'))).not.toContain(false)
  })

  test('a slow endpoint has two, another one is not affected, and one fast attempt lifts it', () => {
    const shares = new EndpointShares()
    shares.begin('a')
    shares.end('a', SLOW_ATTEMPT_MS)
    expect([shares.begin('a'), shares.begin('a'), shares.begin('a'), shares.begin('b')]).toEqual([
      true,
      true,
      false,
      true,
    ])
    shares.end('a', null)
    expect([shares.begin('a'), shares.begin('a')]).toEqual([true, false])
    shares.end('a', SLOW_ATTEMPT_MS - 1)
    expect([shares.begin('a'), shares.begin('a'), shares.begin('a')]).toEqual([true, true, true])
  })

  test('jobs that are put off come back after a second at the earliest, one after the other', () => {
    const shares = new EndpointShares()
    shares.begin('a')
    shares.end('a', SLOW_ATTEMPT_MS)
    const now = 1_770_000_000_000
    expect([0, 0, 0, 500].map((later) => shares.deferUntil('a', now + later) - now)).toEqual([
      1_000, 1_020, 1_040, 1_500,
    ])
    expect(shares.deferUntil('b', now) - now).toBe(1_000)
    shares.begin('a')
    shares.end('a', 1)
    expect(shares.deferUntil('a', now) - now).toBe(1_000)
  })
})
