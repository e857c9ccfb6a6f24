import { describe, expect, test } from 'vitest'
import { deliveryHooks, HOUR_MS, settled } from './delivery-hooks.ts'
import { fluxEvent } from './delivery-house.ts'

const { openHouse, receiver } = deliveryHooks()

describe('a failure of our own', () => {
  test('is tried again like any other, reported, and at last the log says that the delivery failed', async () => {
    const house = await openHouse({ retriesMs: [1] })
    const { queue, store } = house
    await house.addEndpoint('http://127.0.0.1:9/', { secret: 'whsec_damaged' })
    house.startWorker()
    await queue.enqueue(fluxEvent('e1'), ['wh_a'])
    expect(await house.until('e1-wh_a', settled)).toMatchObject({ state: 'failed', attempts: [] })
    expect(house.errors.splice(0).map(({ message }) => message)).toEqual([
      expect.stringContaining('secret is not valid'),
      expect.stringContaining('secret is not valid'),
    ])
    expect(await store.get('wh_a')).toMatchObject({ disabledAt: null })
  })
})

describe('an endpoint that does not answer', () => {
  test('gets two places of the worker at most, so that the deliveries of others go on', async () => {
    const house = await openHouse({ timeoutMs: 1_500, concurrency: 4, retriesMs: [HOUR_MS] })
    const { queue } = house
    const silent = await receiver(() => 'hold')
    const working = await receiver(() => ({ status: 200 }))
    await house.addEndpoint(silent.url)
    await house.addEndpoint(working.url, { id: 'wh_b' })
    house.startWorker()
    await queue.enqueue(fluxEvent('e0'), ['wh_a'])
    await house.until('e0-wh_a', ({ attempts }) => attempts.length === 1)
    for (const id of ['e1', 'e2', 'e3', 'e4', 'e5', 'e6']) await queue.enqueue(fluxEvent(id), ['wh_a'])
    await silent.received(3)
    await queue.enqueue(fluxEvent('e7'), ['wh_b'])
    expect((await house.until('e7-wh_b', settled)).state).toBe('delivered')
    expect(silent.requests.length).toBe(3)
  })

  test('gets everything again once it answers: what was put off is delivered, each once', async () => {
    const house = await openHouse({ timeoutMs: 1_100, concurrency: 4, retriesMs: [HOUR_MS] })
    const { queue } = house
    const server = await receiver((number) => (number <= 3 ? 'hold' : { status: 200 }))
    await house.addEndpoint(server.url)
    house.startWorker()
    await queue.enqueue(fluxEvent('e0'), ['wh_a'])
    await house.until('e0-wh_a', ({ attempts }) => attempts.length === 1)
    const putOff = house.jobDelayed('e3-wh_a')
    const ids = ['e1', 'e2', 'e3', 'e4', 'e5', 'e6']
    for (const id of ids) await queue.enqueue(fluxEvent(id), ['wh_a'])
    await putOff
    const later = ids.slice(2)
    const ended = await Promise.all(later.map((id) => house.until(`${id}-wh_a`, settled)))
    expect(ended.map(({ state, attempts }) => [state, attempts.length])).toEqual(
      later.map(() => ['delivered', 1]),
    )
    expect(server.requests.length).toBe(7)
  })
})

describe('shutting down', () => {
  test('attempts under way may end within the deadline', async () => {
    const house = await openHouse()
    const { queue, log } = house
    const server = await receiver(() => ({ status: 200 }))
    await house.addEndpoint(server.url)
    const worker = house.startWorker()
    await queue.enqueue(fluxEvent('e1'), ['wh_a'])
    await server.received(1)
    await worker.close(5_000)
    expect(await log.get('e1-wh_a')).toMatchObject({ state: 'delivered' })
  })

  test('an attempt that outlasts the deadline is given back and made by the next worker with the same id', async () => {
    const house = await openHouse()
    const { queue, log } = house
    const server = await receiver((number) => (number === 1 ? 'hold' : { status: 200 }))
    await house.addEndpoint(server.url)
    const worker = house.startWorker()
    await queue.enqueue(fluxEvent('e1'), ['wh_a'])
    await server.received(1)
    const start = performance.now()
    await worker.close(100)
    expect(performance.now() - start).toBeLessThan(1_100)
    expect(await log.get('e1-wh_a')).toMatchObject({ state: 'waiting', attempts: [] })
    house.startWorker()
    const { state, attempts } = await house.until('e1-wh_a', settled)
    expect([state, attempts.length]).toEqual(['delivered', 1])
    expect(server.requests.map(({ headers }) => headers['webhook-id'])).toEqual(['e1-wh_a', 'e1-wh_a'])
  })
})
