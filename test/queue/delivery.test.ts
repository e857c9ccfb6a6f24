import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { WebhookReceiver, type Answer, type ReceivedRequest } from '../support/webhook-receiver.ts'
import { DeliveryHouse, fluxEvent, type HouseOptions } from './delivery-house.ts'

let redis: TestRedis
let house: DeliveryHouse
let receivers: WebhookReceiver[] = []

beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis?.stop())
afterEach(async () => {
  // Receivers first: an answer that is held back must not hold up the worker's drain.
  for (const started of receivers) await started.stop()
  receivers = []
  await house.close()
  expect(house.errors).toEqual([])
})

async function receiver(
  answer: (number: number, request: ReceivedRequest) => Answer,
): Promise<WebhookReceiver> {
  const started = await WebhookReceiver.start(answer)
  receivers.push(started)
  return started
}

async function openHouse(options?: HouseOptions): Promise<DeliveryHouse> {
  house = await DeliveryHouse.open(redis.path, options)
  return house
}

const settled = ({ state }: { state: string }) => state !== 'waiting'
const HOUR_MS = 3_600_000

describe('webhook delivery', () => {
  test('an event reaches its endpoint, signed, and the log says so', async () => {
    const { queue, log, store } = await openHouse()
    const server = await receiver(() => ({ status: 200 }))
    const { secret } = await house.addEndpoint(server.url)
    house.startWorker()
    expect(await queue.enqueue(fluxEvent('e1'), ['wh_a'])).toBe(1)
    const delivery = await house.until('e1-wh_a', settled)
    const request = await server.received(1)
    expect(request.headers['webhook-id']).toBe('e1-wh_a')
    expect(new Webhook(secret).verify(request.body, request.headers as Record<string, string>)).toEqual({
      type: 'domain.flux.detected',
      timestamp: '2026-01-31T12:00:00.000Z',
      data: { message: 'what happened in e1' },
    })
    expect(delivery).toMatchObject({ state: 'delivered', endpoint: 'wh_a', event: fluxEvent('e1') })
    expect(delivery.attempts).toEqual([
      { at: expect.any(Number), status: 200, error: null, durationMs: expect.any(Number) },
    ])
    expect(await log.list('wh_a', { cursor: null, limit: 10 })).toEqual({ items: [delivery], next: null })
    expect(await store.get('wh_a')).toMatchObject({ disabledAt: null })
  })

  test('a failure is tried again by the schedule until it succeeds: same id, a signature for each attempt', async () => {
    await openHouse({ retriesMs: [5, 10, 15] })
    const server = await receiver((number) => ({ status: number < 3 ? 500 : 200 }))
    const { secret } = await house.addEndpoint(server.url)
    house.startWorker()
    await house.queue.enqueue(fluxEvent('e1'), ['wh_a'])
    const { state, attempts } = await house.until('e1-wh_a', settled)
    expect(state).toBe('delivered')
    expect(attempts.map(({ status, error }) => [status, error])).toEqual([
      [500, 'HTTP 500'],
      [500, 'HTTP 500'],
      [200, null],
    ])
    expect(server.requests.map(({ headers }) => headers['webhook-id'])).toEqual([
      'e1-wh_a',
      'e1-wh_a',
      'e1-wh_a',
    ])
    expect(new Set(server.requests.map(({ body }) => body.toString())).size).toBe(1)
    for (const { body, headers } of server.requests) {
      expect(() => new Webhook(secret).verify(body, headers as Record<string, string>)).not.toThrow()
    }
  })

  test('a redirect is a failure and is not followed', async () => {
    await openHouse({ retriesMs: [HOUR_MS] })
    const target = await receiver(() => ({ status: 200 }))
    const server = await receiver(() => ({ status: 302, headers: { location: target.url } }))
    await house.addEndpoint(server.url)
    house.startWorker()
    await house.queue.enqueue(fluxEvent('e1'), ['wh_a'])
    const { state, attempts } = await house.until('e1-wh_a', (delivery) => delivery.attempts.length === 1)
    expect([state, attempts[0]!.error]).toEqual(['waiting', 'HTTP 302: redirects are not followed'])
    expect(target.requests).toEqual([])
  })

  test('Retry-After puts the next attempt off further than the schedule', async () => {
    await openHouse({ retriesMs: [1] })
    const server = await receiver((number) =>
      number === 1 ? { status: 429, headers: { 'retry-after': '1' } } : { status: 200 },
    )
    await house.addEndpoint(server.url)
    house.startWorker()
    await house.queue.enqueue(fluxEvent('e1'), ['wh_a'])
    const { attempts } = await house.until('e1-wh_a', settled)
    expect(attempts.map(({ status }) => status)).toEqual([429, 200])
    expect(attempts[1]!.at - attempts[0]!.at).toBeGreaterThanOrEqual(990)
  })

  test('410 fails the delivery at once and disables the endpoint; what waits for it is dropped unsent', async () => {
    const { queue, store } = await openHouse()
    const server = await receiver(() => ({ status: 410 }))
    await house.addEndpoint(server.url)
    house.startWorker()
    await queue.enqueue(fluxEvent('e1'), ['wh_a'])
    expect((await house.until('e1-wh_a', settled)).state).toBe('failed')
    expect(await store.get('wh_a')).toMatchObject({ disabledReason: 'gone', disabledAt: expect.any(Number) })
    expect(await store.endpointsFor(fluxEvent('e2'), [])).toEqual([])
    await queue.enqueue(fluxEvent('e2'), ['wh_a'])
    const second = await house.until('e2-wh_a', settled)
    expect(second).toMatchObject({ state: 'failed', attempts: [] })
    expect(server.requests.length).toBe(1)
  })

  test('a whole schedule of failures fails the delivery and disables the endpoint', async () => {
    const { queue, store } = await openHouse({ retriesMs: [1, 1] })
    const server = await receiver(() => ({ status: 503 }))
    await house.addEndpoint(server.url)
    house.startWorker()
    const ended = house.jobEnds('e1-wh_a')
    await queue.enqueue(fluxEvent('e1'), ['wh_a'])
    const { state, attempts } = await house.until('e1-wh_a', settled)
    expect([state, attempts.length]).toEqual(['failed', 3])
    expect(await ended).toBe('failed: HTTP 503')
    expect(await store.get('wh_a')).toMatchObject({ disabledReason: 'failing' })
    expect(await house.jobKeys()).toEqual([])
  })

  test('an endpoint that takes other events stays enabled when one event used up its schedule', async () => {
    const { queue, store, webhooks } = await openHouse({ retriesMs: [HOUR_MS] })
    const server = await receiver((_, { headers }) => ({
      status: headers['webhook-id'] === 'e1-wh_a' ? 500 : 200,
    }))
    await house.addEndpoint(server.url)
    house.startWorker()
    const delayed = house.jobDelayed('e1-wh_a')
    await queue.enqueue(fluxEvent('e1'), ['wh_a'])
    await delayed
    await queue.enqueue(fluxEvent('e2'), ['wh_a'])
    expect((await house.until('e2-wh_a', settled)).state).toBe('delivered')
    await webhooks.redeliver('wh_a', 'e1-wh_a')
    expect(await house.until('e1-wh_a', settled)).toMatchObject({ state: 'failed', attempts: { length: 2 } })
    expect(await store.get('wh_a')).toMatchObject({ disabledAt: null })
  })

  test('an address that is not allowed is not connected to, and not tried again', async () => {
    const { queue, store } = await openHouse()
    await house.addEndpoint('http://10.0.0.1/hook')
    house.startWorker()
    await queue.enqueue(fluxEvent('e1'), ['wh_a'])
    const { state, attempts } = await house.until('e1-wh_a', settled)
    expect([state, attempts.length, attempts[0]!.status]).toEqual(['failed', 1, null])
    expect(attempts[0]!.error).toBe('10.0.0.1 is in 10.0.0.0/8 (Private-Use)')
    expect(await store.get('wh_a')).toMatchObject({ disabledAt: null })
  })
})

describe('a failure of our own', () => {
  test('is tried again like any other, reported, and at last the log says that the delivery failed', async () => {
    const { queue, store } = await openHouse({ retriesMs: [1] })
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
    const { queue } = await openHouse({ timeoutMs: 1_500, concurrency: 4, retriesMs: [HOUR_MS] })
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
    const { queue } = await openHouse({ timeoutMs: 1_100, concurrency: 4, retriesMs: [HOUR_MS] })
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

describe('the same event twice', () => {
  test('is delivered once, whether the second call comes while it waits or after it is done', async () => {
    const { queue } = await openHouse()
    const server = await receiver(() => ({ status: 200 }))
    await house.addEndpoint(server.url)
    const calls = Array.from({ length: 5 }, () => queue.enqueue(fluxEvent('e1'), ['wh_a', 'wh_unknown']))
    expect((await Promise.all(calls)).toSorted()).toEqual([0, 0, 0, 0, 1])
    const ended = house.jobEnds('e1-wh_a')
    house.startWorker()
    expect(await ended).toBe('completed: delivered')
    expect(await queue.enqueue(fluxEvent('e1'), ['wh_a'])).toBe(0)
    const next = house.jobEnds('e2-wh_a')
    await queue.enqueue(fluxEvent('e2'), ['wh_a'])
    await next
    expect(server.requests.map(({ headers }) => headers['webhook-id'])).toEqual(['e1-wh_a', 'e2-wh_a'])
    expect(await house.jobKeys()).toEqual([])
  })

  test('makes up for a job that was never added because the process died after the record', async () => {
    const { queue, log } = await openHouse()
    const server = await receiver(() => ({ status: 200 }))
    await house.addEndpoint(server.url)
    await log.create({ id: 'e1-wh_a', endpoint: 'wh_a', event: fluxEvent('e1'), createdAt: 1 })
    house.startWorker()
    expect(await queue.enqueue(fluxEvent('e1'), ['wh_a'])).toBe(0)
    expect((await house.until('e1-wh_a', settled)).state).toBe('delivered')
  })

  test('adds nothing while a redelivery of it waits', async () => {
    const { queue, webhooks } = await openHouse()
    const server = await receiver(() => ({ status: 200 }))
    await house.addEndpoint(server.url)
    const worker = house.startWorker()
    const ended = house.jobEnds('e1-wh_a')
    await queue.enqueue(fluxEvent('e1'), ['wh_a'])
    await ended
    await worker.close(1_000)
    await webhooks.redeliver('wh_a', 'e1-wh_a')
    expect(await queue.enqueue(fluxEvent('e1'), ['wh_a'])).toBe(0)
    expect(await house.jobKeys()).toEqual([expect.stringContaining('e1-wh_a-r1')])
  })

  test('an event id that cannot be signed or be a job id is a bug of the caller', async () => {
    const { queue } = await openHouse()
    await expect(queue.enqueue(fluxEvent('a.b'), ['wh_a'])).rejects.toThrow('not fit for a delivery id')
    await expect(queue.enqueue(fluxEvent('a:b'), ['wh_a'])).rejects.toThrow('not fit for a delivery id')
  })
})

describe('what is asked for by hand', () => {
  test('a test event is sent once and does not disable an endpoint that fails it', async () => {
    const { webhooks, store } = await openHouse()
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
    const { queue, webhooks } = await openHouse()
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
    const { queue, webhooks } = await openHouse({ retriesMs: [HOUR_MS] })
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
    const { queue, webhooks, store } = await openHouse({ retriesMs: [1] })
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
    const { queue, webhooks } = await openHouse()
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
    const { queue, webhooks } = await openHouse({ retriesMs: [HOUR_MS] })
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
    const { queue, webhooks, log } = await openHouse({ retriesMs: [1] })
    const server = await receiver(() => 'hold')
    await house.addEndpoint(server.url)
    house.startWorker()
    const ended = house.jobEnds('e1-wh_a')
    await queue.enqueue(fluxEvent('e1'), ['wh_a'])
    await server.received(1)
    await webhooks.remove('wh_a')
    await server.stop()
    receivers = []
    expect(await ended).toBe('completed: nothing to do')
    expect(server.requests.length).toBe(1)
    expect(await log.get('e1-wh_a')).toBeNull()
  })
})

describe('shutting down', () => {
  test('attempts under way may end within the deadline', async () => {
    const { queue, log } = await openHouse()
    const server = await receiver(() => ({ status: 200 }))
    await house.addEndpoint(server.url)
    const worker = house.startWorker()
    await queue.enqueue(fluxEvent('e1'), ['wh_a'])
    await server.received(1)
    await worker.close(5_000)
    expect(await log.get('e1-wh_a')).toMatchObject({ state: 'delivered' })
  })

  test('an attempt that outlasts the deadline is given back and made by the next worker with the same id', async () => {
    const { queue, log } = await openHouse()
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
