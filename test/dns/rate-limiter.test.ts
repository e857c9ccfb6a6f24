import { describe, expect, test } from 'vitest'
import { RateLimiter } from '../../src/dns/rate-limiter.ts'
import { HandTime } from './hand-time.ts'

// What runs on real time asserts lower bounds only; whatever an upper bound decides has a time moved by hand.

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
    const time = new HandTime()
    const limiter = new RateLimiter({ qps: 10, burst: 1, maxWaitMs: 250, time })
    const admitted = [limiter.take(), limiter.take(), limiter.take()]
    expect(await atOnce(async () => expect(await limiter.take()).toBe(false))).toBe(true)
    await time.run(250, 5)
    expect(await Promise.all(admitted)).toEqual([true, true, true])
  })

  test('a waiter that is aborted leaves the line, and its turn goes to the next', async () => {
    const time = new HandTime()
    const limiter = new RateLimiter({ qps: 5, burst: 1, maxWaitMs: 300, time })
    await limiter.take()
    const controller = new AbortController()
    const leaving = limiter.take(controller.signal)
    // With one before it in the line it would wait 400 ms.
    expect(await limiter.take()).toBe(false)
    const reason = new Error('enough')
    controller.abort(reason)
    await expect(leaving).rejects.toBe(reason)
    const next = limiter.take()
    await time.run(250, 5)
    expect(await next).toBe(true)
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

/** Asks all the time, so that somebody always waits, and counts who was admitted. */
function besiege(limiter: RateLimiter, waiting: number): { admitted: number; refused: number } {
  const count = { admitted: 0, refused: 0 }
  const ask = (): void => {
    void limiter.take().then((admitted) => {
      if (!admitted) {
        count.refused += 1
        return
      }
      count.admitted += 1
      ask()
    })
  }
  for (let index = 0; index < waiting; index++) ask()
  return count
}

describe('over the time', () => {
  test.each([
    ['20,000 a second with a tick each millisecond', 20_000, 1],
    ['20,000 a second with ticks that come 30 ms late', 20_000, 30],
    ['20,000 a second out of a burst of one', 20_000, 5, 1],
    ['7 a second', 7, 1],
    ['0.5 a second', 0.5, 10],
  ])('a besieged limit gives as many turns as its rate: %s', async (_, qps, stepMs, burst?: number) => {
    const time = new HandTime()
    const limiter = new RateLimiter({ qps, maxWaitMs: 1e9, time, ...(burst !== undefined && { burst }) })
    const count = besiege(limiter, Math.ceil(qps / 2) + 1)
    await time.run(4000, stepMs)
    const atRest = burst ?? Math.max(1, qps / 10)
    // Turns that fell due in the last tick may still be to come.
    const lastTick = (qps * Math.max(10, stepMs * 2)) / 1000
    expect(count.admitted).toBeLessThanOrEqual(4 * qps + atRest)
    expect(count.admitted).toBeGreaterThanOrEqual(Math.floor(4 * qps + atRest - lastTick - 1))
  })

  test('a loop that stood still for long makes up for a tenth of a second, not for all of it', async () => {
    const time = new HandTime()
    const limiter = new RateLimiter({ qps: 1000, maxWaitMs: 1e9, time })
    const count = besiege(limiter, 5000)
    await time.run(0, 1)
    expect(count.admitted).toBe(100)
    await time.run(10_000, 10_000)
    expect(count.admitted).toBe(200)
  })

  test('a rested limit holds its burst and no more', async () => {
    const time = new HandTime()
    const limiter = new RateLimiter({ qps: 1000, burst: 3, maxWaitMs: 0, time })
    await time.run(60_000, 60_000)
    expect([limiter.takeNow(), limiter.takeNow(), limiter.takeNow(), limiter.takeNow()]).toEqual([
      true,
      true,
      true,
      false,
    ])
  })
})

/** Notes the name of each in its turn. */
function waitInLine(limiter: RateLimiter, names: readonly string[], urgent: boolean, order: string[]): void {
  for (const name of names) void limiter.take(undefined, urgent).then(() => order.push(name))
}

describe('urgent turns', () => {
  test('come first, and an ordinary one after three of them', async () => {
    const time = new HandTime()
    const limiter = new RateLimiter({ qps: 100, burst: 1, maxWaitMs: 10_000, time })
    await limiter.take()
    const order: string[] = []
    waitInLine(limiter, ['o1', 'o2'], false, order)
    waitInLine(limiter, ['u1', 'u2', 'u3', 'u4'], true, order)
    await time.run(65, 1)
    expect(order).toEqual(['u1', 'u2', 'u3', 'o1', 'u4', 'o2'])
  })

  test('are refused only for what is before them', async () => {
    const time = new HandTime()
    const limiter = new RateLimiter({ qps: 10, burst: 1, maxWaitMs: 250, time })
    await limiter.take()
    const waiting = [limiter.take(), limiter.take()]
    expect(await limiter.take()).toBe(false)
    const urgent = [limiter.take(undefined, true), limiter.take(undefined, true)]
    expect(await limiter.take(undefined, true)).toBe(false)
    await time.run(450, 5)
    expect(await Promise.all([...waiting, ...urgent])).toEqual([true, true, true, true])
  })

  test('of one that is aborted go to the next', async () => {
    const time = new HandTime()
    const limiter = new RateLimiter({ qps: 10, burst: 1, maxWaitMs: 10_000, time })
    await limiter.take()
    const order: string[] = []
    waitInLine(limiter, ['ordinary'], false, order)
    const controller = new AbortController()
    const leaving = limiter.take(controller.signal, true)
    controller.abort(new Error('enough'))
    await expect(leaving).rejects.toThrow('enough')
    await time.run(110, 5)
    expect(order).toEqual(['ordinary'])
  })
})

describe('the backlog', () => {
  test('is how long one who comes now waits, and nothing while a turn is free', async () => {
    const time = new HandTime()
    const limiter = new RateLimiter({ qps: 100, burst: 2, maxWaitMs: 10_000, time })
    expect(limiter.backlogMs()).toBe(0)
    limiter.takeNow()
    expect(limiter.backlogMs()).toBe(0)
    limiter.takeNow()
    expect(limiter.backlogMs()).toBeCloseTo(10)
    void limiter.take()
    void limiter.take(undefined, true)
    expect(limiter.backlogMs()).toBeCloseTo(30)
    time.skip(5)
    expect(limiter.backlogMs()).toBeCloseTo(25)
    await time.run(100, 5)
    expect(limiter.backlogMs()).toBe(0)
  })

  test('counts what retries owe, and is nothing once the limit is lifted', () => {
    const time = new HandTime()
    const limiter = new RateLimiter({ qps: 10, burst: 1, maxWaitMs: 10_000, time })
    limiter.charge(3)
    expect(limiter.backlogMs()).toBeCloseTo(300)
    limiter.lift()
    expect(limiter.backlogMs()).toBe(0)
  })
})

describe('spare turns', () => {
  test('are there while the limit is idle, and gone once anybody has asked', async () => {
    const time = new HandTime()
    const limiter = new RateLimiter({ qps: 10, burst: 2, maxWaitMs: 10_000, time })
    expect(limiter.takeSpare()).toBe(true)
    expect(limiter.takeSpare()).toBe(false)
    await time.run(100, 100)
    expect(limiter.takeSpare()).toBe(true)
    expect(limiter.takeNow()).toBe(true)
    expect(limiter.takeSpare()).toBe(false)
  })

  test('are not given while somebody waits, though the bucket be full in the same moment', async () => {
    const time = new HandTime()
    const limiter = new RateLimiter({ qps: 10, burst: 1, maxWaitMs: 10_000, time })
    await limiter.take()
    const waiting = limiter.take()
    time.skip(100)
    expect(limiter.takeSpare()).toBe(false)
    await time.run(10, 10)
    expect(await waiting).toBe(true)
  })
})
