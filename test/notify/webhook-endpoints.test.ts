import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Webhooks } from '../../src/api/ports.ts'
import { systemClock } from '../../src/clock.ts'
import { makeSecret, secretKey } from '../../src/notify/secret.ts'
import { WebhookEndpoints } from '../../src/notify/webhook-endpoints.ts'
import { DeliverQueue } from '../../src/queue/deliver-queue.ts'
import { DeliveryLog } from '../../src/store/delivery-log.ts'
import { QUEUE_PREFIX } from '../../src/store/keys.ts'
import { WebhookStore } from '../../src/store/webhook-store.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'

let server: TestRedis
let redis: Redis
let queue: DeliverQueue
/** The API's own port: the types agree, or this file does not compile. */
let webhooks: Webhooks

beforeAll(async () => {
  server = await startRedis()
  redis = new Redis(server.path)
  const [store, log] = [new WebhookStore(redis), new DeliveryLog(redis)]
  queue = new DeliverQueue({
    redis,
    prefix: QUEUE_PREFIX.deliver,
    records: log,
    endpoints: store,
    clock: systemClock,
    onError: (error) => {
      throw error
    },
  })
  webhooks = new WebhookEndpoints({ store, history: log, queue, allow: [], clock: systemClock })
})
afterAll(async () => {
  await queue?.close()
  redis?.disconnect()
  await server?.stop()
})
beforeEach(() => redis.flushall())

const wanted = {
  url: 'https://hooks.example/flux',
  secret: null,
  events: ['domain.flux.detected', 'scan.completed'] as const,
  scan: null,
}

describe('webhook endpoints as the API sees them', () => {
  test('an endpoint without a secret gets one of its own', async () => {
    const [first, second] = [await webhooks.create(wanted), await webhooks.create(wanted)]
    expect(secretKey(first.secret).length).toBe(32)
    expect(first.secret).not.toBe(second.secret)
    expect(first.id).toMatch(/^wh_[0-9a-f]{24}$/)
    expect(first).toMatchObject({ url: 'https://hooks.example/flux', scan: null, disabledAt: null })
    expect(await webhooks.get(first.id)).toEqual(first)
    expect(await webhooks.list({ cursor: null, limit: 10 })).toEqual({ items: [second, first], next: null })
  })

  test('a secret of its user is kept, and an event type is kept once', async () => {
    const secret = makeSecret()
    const created = await webhooks.create({
      ...wanted,
      secret,
      events: ['scan.completed', 'scan.completed'],
      scan: 's1',
    })
    expect(created).toMatchObject({ secret, events: ['scan.completed'], scan: 's1' })
  })

  test('a bad URL, a bad secret and no event type are refused, and nothing is kept', async () => {
    const refused = { code: 'FLUX_WEBHOOK_URL_REFUSED' }
    await expect(webhooks.create({ ...wanted, url: 'http://127.0.0.1:6379/' })).rejects.toMatchObject(refused)
    await expect(webhooks.create({ ...wanted, url: 'gopher://a.example/' })).rejects.toMatchObject(refused)
    const invalid = { code: 'FLUX_INVALID' }
    await expect(webhooks.create({ ...wanted, secret: 'hunter2' })).rejects.toMatchObject(invalid)
    await expect(webhooks.create({ ...wanted, events: [] })).rejects.toMatchObject(invalid)
    expect(await redis.keys('fw:*')).toEqual([])
  })

  test('deliveries are those of the endpoint, newest first, and null for an endpoint that does not exist', async () => {
    const { id } = await webhooks.create(wanted)
    expect(await webhooks.deliveries(id, { cursor: null, limit: 10 })).toEqual({ items: [], next: null })
    const first = await webhooks.test(id)
    const second = await webhooks.test(id)
    const page = await webhooks.deliveries(id, { cursor: null, limit: 1 })
    expect(page?.items).toEqual([second])
    const rest = await webhooks.deliveries(id, { cursor: page!.next, limit: 1 })
    expect(rest).toEqual({ items: [first], next: null })
    expect(await webhooks.deliveries('wh_0', { cursor: null, limit: 10 })).toBeNull()
    await expect(webhooks.deliveries(id, { cursor: 'x', limit: 1 })).rejects.toMatchObject({
      code: 'FLUX_INVALID',
    })
  })

  test('a removed endpoint is gone, with its waiting deliveries', async () => {
    const { id } = await webhooks.create(wanted)
    await webhooks.test(id)
    expect(await webhooks.remove(id)).toBe(true)
    expect([await webhooks.get(id), await webhooks.test(id), await webhooks.remove(id)]).toEqual([
      null,
      null,
      false,
    ])
    expect(await redis.keys('fw:*')).toEqual([])
    expect(await redis.keys(`${QUEUE_PREFIX.deliver}:*wh_*`)).toEqual([])
  })
})
