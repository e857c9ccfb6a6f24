import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { deliveryHooks, HOUR_MS, settled } from './delivery-hooks.ts'
import { fluxEvent } from './delivery-house.ts'

const { openHouse, receiver } = deliveryHooks()

describe('webhook delivery', () => {
  test('an event reaches its endpoint, signed, and the log says so', async () => {
    const house = await openHouse()
    const { queue, log, store } = house
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
    const house = await openHouse({ retriesMs: [5, 10, 15] })
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
    const house = await openHouse({ retriesMs: [HOUR_MS] })
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
    const house = await openHouse({ retriesMs: [1] })
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
    const house = await openHouse()
    const { queue, store } = house
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
    const house = await openHouse({ retriesMs: [1, 1] })
    const { queue, store } = house
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
    const house = await openHouse({ retriesMs: [HOUR_MS] })
    const { queue, store, webhooks } = house
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
    const house = await openHouse()
    const { queue, store } = house
    await house.addEndpoint('http://10.0.0.1/hook')
    house.startWorker()
    await queue.enqueue(fluxEvent('e1'), ['wh_a'])
    const { state, attempts } = await house.until('e1-wh_a', settled)
    expect([state, attempts.length, attempts[0]!.status]).toEqual(['failed', 1, null])
    expect(attempts[0]!.error).toBe('10.0.0.1 is in 10.0.0.0/8 (Private-Use)')
    expect(await store.get('wh_a')).toMatchObject({ disabledAt: null })
  })
})

describe('the same event twice', () => {
  test('is delivered once, whether the second call comes while it waits or after it is done', async () => {
    const house = await openHouse()
    const { queue } = house
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
    const house = await openHouse()
    const { queue, log } = house
    const server = await receiver(() => ({ status: 200 }))
    await house.addEndpoint(server.url)
    await log.create({ id: 'e1-wh_a', endpoint: 'wh_a', event: fluxEvent('e1'), createdAt: 1 })
    house.startWorker()
    expect(await queue.enqueue(fluxEvent('e1'), ['wh_a'])).toBe(0)
    expect((await house.until('e1-wh_a', settled)).state).toBe('delivered')
  })

  test('adds nothing while a redelivery of it waits', async () => {
    const house = await openHouse()
    const { queue, webhooks } = house
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
