import { describe, expect, test } from 'vitest'
import { deliveryHooks, HOUR_MS, settled } from './delivery-hooks.ts'
import { fluxEvent } from './delivery-house.ts'

const { openHouse, receiver } = deliveryHooks()

describe('what is asked for by hand', () => {
  test('a test event is sent once and does not disable an endpoint that fails it', async () => {
    const house = await openHouse()
    const { webhooks, store } = house
    const server = await receiver(() => ({ status: 500 }))
    await house.addEndpoint(server.url)
    house.startWorker()
    const asked = await webhooks.test('wh_a')
    expect(asked).toMatchObject({ endpoint: 'wh_a', state: 'waiting', event: { type: 'endpoint.test' } })
    const { state, attempts } = await house.until(asked!.id, settled)
    expect([state, attempts.length]).toEqual(['failed', 1])
    expect((await server.received(1)).headers['webhook-id']).toBe(asked!.id)
    expect(await store.get('wh_a')).toMatchObject({ disabledAt: null })
    expect(await webhooks.test('wh_unknown')).toBeNull()
  })

  test('a redelivery has the same webhook-id and body and goes on in the same log entry', async () => {
    const house = await openHouse()
    const { queue, webhooks } = house
    const server = await receiver(() => ({ status: 200 }))
    await house.addEndpoint(server.url)
    house.startWorker()
    await queue.enqueue(fluxEvent('e1'), ['wh_a'])
    await house.until('e1-wh_a', settled)
    for (const count of [2, 3]) {
      expect(await webhooks.redeliver('wh_a', 'e1-wh_a')).toMatchObject({ id: 'e1-wh_a' })
      const { state } = await house.until('e1-wh_a', (delivery) => delivery.attempts.length === count)
      expect(state).toBe('delivered')
    }
    expect(server.requests.map(({ headers }) => headers['webhook-id'])).toEqual([
      'e1-wh_a',
      'e1-wh_a',
      'e1-wh_a',
    ])
    expect(new Set(server.requests.map(({ body }) => body.toString())).size).toBe(1)
  })

  test('a redelivery of what still waits for its retry makes that attempt now, and no other', async () => {
    const house = await openHouse({ retriesMs: [HOUR_MS] })
    const { queue, webhooks } = house
    const server = await receiver((number) => ({ status: number === 1 ? 500 : 200 }))
    await house.addEndpoint(server.url)
    house.startWorker()
    const delayed = house.jobDelayed('e1-wh_a')
    await queue.enqueue(fluxEvent('e1'), ['wh_a'])
    await delayed
    expect(await webhooks.redeliver('wh_a', 'e1-wh_a')).toMatchObject({ state: 'waiting' })
    const { state, attempts } = await house.until('e1-wh_a', settled)
    expect([state, attempts.length]).toEqual(['delivered', 2])
    expect(server.requests.length).toBe(2)
  })

  test('a redelivery that gets through enables a disabled endpoint again', async () => {
    const house = await openHouse({ retriesMs: [1] })
    const { queue, webhooks, store } = house
    const server = await receiver((number) => ({ status: number <= 2 ? 500 : 200 }))
    await house.addEndpoint(server.url)
    house.startWorker()
    await queue.enqueue(fluxEvent('e1'), ['wh_a'])
    await house.until('e1-wh_a', settled)
    expect(await store.get('wh_a')).toMatchObject({ disabledReason: 'failing' })
    await webhooks.redeliver('wh_a', 'e1-wh_a')
    const { attempts } = await house.until('e1-wh_a', ({ state }) => state === 'delivered')
    expect(attempts.length).toBe(3)
    expect(await store.get('wh_a')).toMatchObject({ disabledAt: null, disabledReason: null })
  })

  test('a delivery of another endpoint, and one that does not exist, are not redelivered', async () => {
    const house = await openHouse()
    const { queue, webhooks } = house
    await house.addEndpoint('http://127.0.0.1:9/')
    await house.addEndpoint('http://127.0.0.1:9/', { id: 'wh_b' })
    await queue.enqueue(fluxEvent('e1'), ['wh_a'])
    expect(await webhooks.redeliver('wh_b', 'e1-wh_a')).toBeNull()
    expect(await webhooks.redeliver('wh_a', 'e2-wh_a')).toBeNull()
    expect(await webhooks.redeliver('wh_c', 'e1-wh_a')).toBeNull()
  })
})

describe('removing an endpoint', () => {
  test('drops what waits for it, new or delayed, and leaves other endpoints alone', async () => {
    const house = await openHouse({ retriesMs: [HOUR_MS] })
    const { queue, webhooks } = house
    const failing = await receiver(() => ({ status: 500 }))
    const working = await receiver(() => ({ status: 200 }))
    await house.addEndpoint(failing.url)
    await house.addEndpoint(working.url, { id: 'wh_b' })
    const worker = house.startWorker()
    const delayed = house.jobDelayed('e1-wh_a')
    await queue.enqueue(fluxEvent('e1'), ['wh_a'])
    await delayed
    await worker.close(1_000)
    await queue.enqueue(fluxEvent('e2'), ['wh_a', 'wh_b'])
    expect(await house.jobKeys()).toHaveLength(3)
    expect(await webhooks.remove('wh_a')).toBe(true)
    expect(await house.jobKeys()).toEqual([expect.stringContaining('e2-wh_b')])
    house.startWorker()
    expect((await house.until('e2-wh_b', settled)).state).toBe('delivered')
    expect(failing.requests.length).toBe(1)
    expect(await webhooks.remove('wh_a')).toBe(false)
    expect(await webhooks.deliveries('wh_a', { cursor: null, limit: 10 })).toBeNull()
  })

  test('while an attempt is under way lets that attempt end, and nothing follows', async () => {
    const house = await openHouse({ retriesMs: [1] })
    const { queue, webhooks, log } = house
    const server = await receiver(() => 'hold')
    await house.addEndpoint(server.url)
    house.startWorker()
    const ended = house.jobEnds('e1-wh_a')
    await queue.enqueue(fluxEvent('e1'), ['wh_a'])
    await server.received(1)
    await webhooks.remove('wh_a')
    await server.stop()
    expect(await ended).toBe('completed: nothing to do')
    expect(server.requests.length).toBe(1)
    expect(await log.get('e1-wh_a')).toBeNull()
  })
})
