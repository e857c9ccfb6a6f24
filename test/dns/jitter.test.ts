import { describe, expect, test } from 'vitest'
import { Jitter } from '../../src/dns/jitter.ts'
import { HandTime } from './hand-time.ts'

/** Gives these numbers one after the other. */
function dice(...numbers: number[]): () => number {
  let next = 0
  return () => numbers[next++] ?? 0
}

/** Resolves when it is released. */
function held(jitter: Jitter): Promise<void> {
  return new Promise((resolve) => jitter.hold({ released: resolve }))
}

describe('held back', () => {
  test('each leaves when its random time has come, in that order', async () => {
    const time = new HandTime()
    const jitter = new Jitter({ maxMs: 100, time, random: dice(0.9, 0.1, 0.5) })
    const order: string[] = []
    const started = time.now()
    for (const name of ['first', 'second', 'third'])
      void held(jitter).then(() => order.push(`${name} ${time.now() - started}`))
    await time.run(200, 1)
    // Up to 5 ms late: those of one slot share a timer.
    expect(order).toEqual(['second 15', 'third 55', 'first 95'])
    expect(time.timers).toBe(0)
  })

  test('a late timer lets nobody wait for the next one', async () => {
    const time = new HandTime()
    const jitter = new Jitter({ maxMs: 100, time, random: dice(0.1, 0.2, 0.99) })
    const left: number[] = []
    for (const index of [0, 1, 2]) void held(jitter).then(() => left.push(index))
    await time.run(60, 60)
    expect(left).toEqual([0, 1])
    await time.run(60, 60)
    expect(left).toEqual([0, 1, 2])
  })

  test('nobody is held longer than the limit and a slot', async () => {
    const time = new HandTime()
    const jitter = new Jitter({ maxMs: 50, time })
    const waits: number[] = []
    const started = time.now()
    for (let index = 0; index < 1000; index++) void held(jitter).then(() => waits.push(time.now() - started))
    await time.run(55, 1)
    expect(waits).toHaveLength(1000)
    // A thousand at random use every slot.
    expect(new Set(waits).size).toBeGreaterThanOrEqual(10)
  })
})

test('lifted, it lets everybody go, now and from then on', async () => {
  const time = new HandTime()
  const jitter = new Jitter({ maxMs: 10_000, time })
  const waiting = [held(jitter), held(jitter)]
  jitter.lift()
  await Promise.all([...waiting, held(jitter)])
  expect(time.timers).toBe(0)
})
