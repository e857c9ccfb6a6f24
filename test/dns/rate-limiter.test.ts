import { describe, expect, test } from 'vitest'
import { RateLimiter } from '../../src/dns/rate-limiter.ts'

// The limiter runs on real time by design, so these tests take some hundred milliseconds and assert lower bounds only.

async function elapsedMs(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

/** Whether the work is done before timers and sockets get their next turn. */
async function atOnce(work: () => Promise<unknown>): Promise<boolean> {
  let turned = false
  const turn = setImmediate(() => (turned = true))
  await work()
  clearImmediate(turn)
  return !turned
}

describe('turns', () => {
  test('a rested bucket admits its burst at once and the rest at the rate', async () => {
    const limiter = new RateLimiter({ qps: 100, burst: 5, maxWaitMs: 10_000 })
    const startedAt = performance.now()
    expect(await atOnce(() => Promise.all(Array.from({ length: 5 }, () => limiter.take())))).toBe(true)
    await Promise.all(Array.from({ length: 20 }, () => limiter.take()))
    // Twenty more at 100 a second take 200 ms.
    expect(performance.now() - startedAt).toBeGreaterThan(199)
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

  test('a late timer lets nobody overtake the line', async () => {
    const limiter = new RateLimiter({ qps: 100, burst: 1, maxWaitMs: 10_000 })
    await limiter.take()
    const order: string[] = []
    const first = limiter.take().then(() => order.push('first'))
    // The event loop is busy until the token for the first is there.
    const busyUntil = performance.now() + 30
    while (performance.now() < busyUntil);
    const second = limiter.take().then(() => order.push('second'))
    await Promise.all([first, second])
    expect(order).toEqual(['first', 'second'])
  })

  test('who would wait too long is turned away at once, and those before it keep their turn', async () => {
    const limiter = new RateLimiter({ qps: 10, burst: 1, maxWaitMs: 250 })
    const admitted = [limiter.take(), limiter.take(), limiter.take()]
    expect(await atOnce(async () => expect(await limiter.take()).toBe(false))).toBe(true)
    expect(await Promise.all(admitted)).toEqual([true, true, true])
  })

  test('a waiter that is aborted leaves the line, and its turn goes to the next', async () => {
    const limiter = new RateLimiter({ qps: 5, burst: 1, maxWaitMs: 300 })
    await limiter.take()
    const controller = new AbortController()
    const leaving = limiter.take(controller.signal)
    // With one before it in the line it would wait 400 ms.
    expect(await limiter.take()).toBe(false)
    const reason = new Error('enough')
    controller.abort(reason)
    await expect(leaving).rejects.toBe(reason)
    expect(await limiter.take()).toBe(true)
  })

  test('lifting the limit admits the whole line and all who come later', async () => {
    const limiter = new RateLimiter({ qps: 0.001, burst: 1, maxWaitMs: 10_000_000 })
    await limiter.take()
    const waiting = [limiter.take(), limiter.take()]
    limiter.lift()
    expect(await Promise.all([...waiting, limiter.take()])).toEqual([true, true, true])
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
