import { describe, expect, test } from 'vitest'
import { deferralMs, EndpointShares, SLOW_ATTEMPT_MS } from '../../src/queue/endpoint-shares.ts'

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

  test('a job is put off longer each time, up to a minute', () => {
    expect([0, 1, 2, 10, 60, 1_000].map(deferralMs)).toEqual([1_000, 1_000, 2_000, 10_000, 60_000, 60_000])
  })
})
