import { describe, expect, test } from 'vitest'
import { RateLimiter } from '../../src/dns/rate-limiter.ts'

// The limiter runs on real time by design, so these tests take some hundred milliseconds and assert lower bounds only.

async function elapsedMs(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

describe('turns', () => {
  test('a rested bucket admits its burst at once and the rest at the rate', async () => {
    const limiter = new RateLimiter({ qps: 100, burst: 5, maxWaitMs: 10_000 })
    const burstMs = await elapsedMs(() => Promise.all(Array.from({ length: 5 }, () => limiter.take())))
    expect(burstMs).toBeLessThan(9)
    // Twenty more at 100 a second take 200 ms, less what came in while the burst was taken.
    const restMs = await elapsedMs(() => Promise.all(Array.from({ length: 20 }, () => limiter.take())))
    expect(restMs).toBeGreaterThan(185)
  })

  test('turns come in the order of asking', async () => {
    const limiter = new RateLimiter({ qps: 200, burst: 1, maxWaitMs: 10_000 })
    const order: number[] = []
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        expect(await limiter.take()).toBe(true)
        order.push(index)
      }),
    )
    expect(order).toEqual(Array.from({ length: 20 }, (_, index) => index))
  })

  test('who would wait too long is turned away at once, and those before it keep their turn', async () => {
    const limiter = new RateLimiter({ qps: 10, burst: 1, maxWaitMs: 250 })
    const admitted = [limiter.take(), limiter.take(), limiter.take()]
    const refusedMs = await elapsedMs(async () => expect(await limiter.take()).toBe(false))
    expect(refusedMs).toBeLessThan(50)
    expect(await Promise.all(admitted)).toEqual([true, true, true])
  })

  test('a waiter that is aborted leaves the line, and the next takes its turn', async () => {
    const limiter = new RateLimiter({ qps: 20, burst: 1, maxWaitMs: 10_000 })
    await limiter.take()
    const controller = new AbortController()
    const order: string[] = []
    const leaving = limiter.take(controller.signal).finally(() => order.push('left'))
    const staying = limiter.take().finally(() => order.push('stayed'))
    const reason = new Error('enough')
    controller.abort(reason)
    await expect(leaving).rejects.toBe(reason)
    // One turn at 20 a second, not two.
    const waitedMs = await elapsedMs(() => staying)
    expect(waitedMs).toBeLessThan(95)
    expect(order).toEqual(['left', 'stayed'])
  })

  test('a signal that is aborted already takes no token', async () => {
    const limiter = new RateLimiter({ qps: 1, burst: 1, maxWaitMs: 0 })
    await expect(limiter.take(AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late')
    expect(await limiter.take()).toBe(true)
    expect(await limiter.take()).toBe(false)
  })

  test('retries are booked: what is owed delays the next', async () => {
    const limiter = new RateLimiter({ qps: 20, burst: 1, maxWaitMs: 10_000 })
    await limiter.take()
    limiter.charge(2)
    // Owing two and needing one: 150 ms at 20 a second.
    const waitedMs = await elapsedMs(() => limiter.take())
    expect(waitedMs).toBeGreaterThan(140)
  })
})
