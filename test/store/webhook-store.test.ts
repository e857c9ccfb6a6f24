import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { EventType, FluxEvent } from '../../src/core/model/event.ts'
import { ATTEMPTS_KEPT, DELIVERY_RETENTION_MS, DeliveryLog } from '../../src/store/delivery-log.ts'
import { keys } from '../../src/store/keys.ts'
import { WebhookStore } from '../../src/store/webhook-store.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'

let server: TestRedis
let redis: Redis
let store: WebhookStore
let log: DeliveryLog

beforeAll(async () => {
  server = await startRedis()
  redis = new Redis(server.path)
})
afterAll(async () => {
  redis?.disconnect()
  await server?.stop()
})
beforeEach(async () => {
  await redis.flushall()
  store = new WebhookStore(redis)
  log = new DeliveryLog(redis, { settledKept: 5 })
})

const T = 1_770_000_000_000

function add(id: string, parts: { events?: EventType[]; scan?: string | null; createdAt?: number } = {}) {
  const { events = ['domain.flux.detected'], scan = null, createdAt = T } = parts
  return store.add({ id, url: 'https://hooks.example/', secret: 'whsec_s', events, scan, createdAt })
}

function event(id: string, type: EventType = 'domain.flux.detected'): FluxEvent {
  return { id, type, timestamp: '2026-01-31T12:00:00.000Z', data: { message: '1.0 and {}' } }
}

function owe(id: string, endpoint = 'wh_a', createdAt = T) {
  return log.create({ id, endpoint, event: event(id), createdAt })
}

const attempt = (at: number) => ({ at, status: 500, error: 'HTTP 500', durationMs: 7 })

async function pages<T>(
  read: (query: {
    cursor: string | null
    limit: number
  }) => Promise<{ items: readonly T[]; next: string | null }>,
  limit: number,
): Promise<T[][]> {
  const found: T[][] = []
  for (let cursor: string | null = null; ;) {
    const page = await read({ cursor, limit })
    found.push([...page.items])
    if (page.next === null) return found
    cursor = page.next
  }
}

describe('webhook endpoints', () => {
  test('an endpoint comes back as it was added', async () => {
    const added = await add('wh_a', { scan: 's1' })
    expect(added).toEqual({
      id: 'wh_a',
      url: 'https://hooks.example/',
      secret: 'whsec_s',
      events: ['domain.flux.detected'],
      scan: 's1',
      createdAt: T,
      disabledAt: null,
      disabledReason: null,
    })
    expect(await store.get('wh_a')).toEqual(added)
    expect(await store.get('wh_b')).toBeNull()
  })

  test('the list is newest first and pages keep their place while endpoints come and go', async () => {
    for (const id of ['wh_1', 'wh_2', 'wh_3', 'wh_4', 'wh_5']) await add(id)
    const first = await store.list({ cursor: null, limit: 2 })
    expect(first.items.map(({ id }) => id)).toEqual(['wh_5', 'wh_4'])
    await add('wh_6', { createdAt: T - 60_000 })
    await store.remove('wh_4')
    const second = await store.list({ cursor: first.next, limit: 2 })
    expect(second.items.map(({ id }) => id)).toEqual(['wh_3', 'wh_2'])
    const third = await store.list({ cursor: second.next, limit: 2 })
    expect(third).toMatchObject({ items: [{ id: 'wh_1' }], next: null })
  })

  test('a cursor that this list did not make is refused', async () => {
    await Promise.all(['wh_a', 'wh_b', 'wh_c'].map((id) => add(id)))
    const { next } = await store.list({ cursor: null, limit: 1 })
    await owe('e1')
    const foreign = ['', 'x', '-1', next!.slice(0, -2), `${next!}A`, Buffer.from('0.1').toString('base64url')]
    for (const cursor of foreign) {
      await expect(store.list({ cursor, limit: 1 })).rejects.toMatchObject({ code: 'FLUX_INVALID' })
    }
    await expect(log.list('wh_a', { cursor: next, limit: 1 })).rejects.toMatchObject({ code: 'FLUX_INVALID' })
  })

  test('an event goes to the endpoints of everything and of its scans that subscribed to its type', async () => {
    await add('wh_all', { events: ['domain.flux.detected', 'scan.completed'] })
    await add('wh_other_type', { events: ['scan.completed'] })
    await add('wh_s1', { scan: 's1' })
    await add('wh_s2', { scan: 's2' })
    await add('wh_off', { scan: 's1' })
    await store.disable('wh_off', 'gone', T)
    await add('wh_removed')
    await store.remove('wh_removed')
    expect(await store.endpointsFor(event('e'), [])).toEqual(['wh_all'])
    expect(await store.endpointsFor(event('e'), ['s1', 's3'])).toEqual(['wh_all', 'wh_s1'])
    expect(await store.endpointsFor(event('e'), ['s2', 's1'])).toEqual(['wh_all', 'wh_s1', 'wh_s2'])
    expect(await store.endpointsFor(event('e', 'scan.completed'), [])).toEqual(['wh_all', 'wh_other_type'])
    expect(await store.endpointsFor(event('e', 'endpoint.test'), ['s1'])).toEqual([])
  })

  test('an endpoint is disabled once, with the first reason, and a success enables it', async () => {
    await add('wh_a')
    expect(await store.disable('wh_a', 'failing', T + 5)).toBe(true)
    expect(await store.disable('wh_a', 'gone', T + 6)).toBe(false)
    expect(await store.get('wh_a')).toMatchObject({ disabledAt: T + 5, disabledReason: 'failing' })
    await store.noteDelivered('wh_a', T + 7)
    expect(await store.get('wh_a')).toMatchObject({ disabledAt: null, disabledReason: null })
  })

  test('an endpoint is not disabled as failing when something was delivered since', async () => {
    await add('wh_a')
    await store.noteDelivered('wh_a', T + 10)
    expect(await store.disable('wh_a', 'failing', T + 20, T + 10)).toBe(false)
    expect(await store.disable('wh_a', 'failing', T + 20, T + 11)).toBe(true)
  })

  test('nothing brings a removed endpoint back', async () => {
    await add('wh_a', { scan: 's1' })
    expect(await store.remove('wh_a')).toBe(true)
    expect(await store.remove('wh_a')).toBe(false)
    await store.noteDelivered('wh_a', T)
    expect(await store.disable('wh_a', 'gone', T)).toBe(false)
    expect(await owe('e1')).toBe('no_endpoint')
    expect(await redis.keys('*')).toEqual([])
  })
})

describe('the delivery log', () => {
  beforeEach(() => add('wh_a'))

  test('a delivery is created once; a repetition answers its state', async () => {
    expect(await owe('e1')).toBe('created')
    expect(await owe('e1', 'wh_a', T + 1)).toBe('waiting')
    await log.record({ id: 'e1', endpoint: 'wh_a' }, attempt(T), 'failed')
    expect(await owe('e1')).toBe('failed')
    expect(await log.get('e1')).toEqual({
      id: 'e1',
      endpoint: 'wh_a',
      event: event('e1'),
      createdAt: T,
      state: 'failed',
      attempts: [attempt(T)],
    })
  })

  test('attempts that are written at the same time are all kept, in some order', async () => {
    await owe('e1')
    const times = Array.from({ length: 50 }, (_, index) => T + index)
    await Promise.all(times.map((at) => log.record({ id: 'e1', endpoint: 'wh_a' }, attempt(at), 'waiting')))
    const delivery = await log.get('e1')
    expect(delivery?.attempts.map(({ at }) => at).toSorted()).toEqual(times)
  })

  test('only the newest attempts of a delivery are kept', async () => {
    await owe('e1')
    for (let number = 1; number <= ATTEMPTS_KEPT + 3; number++) {
      await log.record({ id: 'e1', endpoint: 'wh_a' }, attempt(number), 'waiting')
    }
    const attempts = (await log.get('e1'))!.attempts
    expect([attempts.length, attempts[0]!.at, attempts.at(-1)!.at]).toEqual([
      ATTEMPTS_KEPT,
      4,
      ATTEMPTS_KEPT + 3,
    ])
    expect(await redis.hlen(keys.delivery('e1'))).toBe(ATTEMPTS_KEPT + 3)
  })

  test('deliveries of one millisecond are listed newest first, over pages, while new ones arrive', async () => {
    for (const id of ['e1', 'e2', 'e3', 'e4', 'e5']) await owe(id)
    const first = await log.list('wh_a', { cursor: null, limit: 2 })
    await owe('e6')
    const rest = await pages((query) => log.list('wh_a', { ...query, cursor: query.cursor ?? first.next }), 2)
    expect(first.items.map(({ id }) => id)).toEqual(['e5', 'e4'])
    expect(rest.map((page) => page.map(({ id }) => id))).toEqual([['e3', 'e2'], ['e1']])
  })

  test('settled deliveries beyond the bound go, oldest first; owed ones stay', async () => {
    for (let number = 1; number <= 9; number++) {
      await owe(`e${number}`, 'wh_a', T + number)
      if (number !== 2) await log.record({ id: `e${number}`, endpoint: 'wh_a' }, null, 'delivered')
    }
    const { items } = await log.list('wh_a', { cursor: null, limit: 100 })
    expect(items.map(({ id }) => id)).toEqual(['e9', 'e8', 'e7', 'e6', 'e5', 'e2'])
    expect(await log.get('e1')).toBeNull()
    expect(await redis.exists(keys.delivery('e1'))).toBe(0)
  })

  test('a delivery expires 30 days after it was created, and its place in the log with it', async () => {
    await owe('e1')
    const leftMs = await redis.pttl(keys.delivery('e1'))
    expect(leftMs).toBeGreaterThan(DELIVERY_RETENTION_MS - 60_000)
    expect(leftMs).toBeLessThanOrEqual(DELIVERY_RETENTION_MS)
    await log.record({ id: 'e1', endpoint: 'wh_a' }, null, 'delivered')
    await owe('e2', 'wh_a', T + DELIVERY_RETENTION_MS)
    expect(await redis.zrange(keys.deliveries('wh_a'), 0, '-1')).toEqual(['e2'])
    expect(await redis.zcard(keys.settledDeliveries('wh_a'))).toBe(0)
  })

  test('a settled delivery can be reopened, each time under a new number; an owed one keeps its number', async () => {
    await owe('e1')
    const delivery = { id: 'e1', endpoint: 'wh_a' }
    expect(await log.reopen(delivery)).toEqual({ id: 'e1', reopened: 0 })
    await log.record(delivery, null, 'delivered')
    expect(await log.reopen(delivery)).toEqual({ id: 'e1', reopened: 1 })
    expect(await log.reopen(delivery)).toEqual({ id: 'e1', reopened: 1 })
    expect((await log.get('e1'))?.state).toBe('waiting')
    expect(await log.reopen({ id: 'e9', endpoint: 'wh_a' })).toBeNull()
  })

  test('removing all answers what is still owed and leaves nothing, however much there is', async () => {
    await Promise.all(Array.from({ length: 1_203 }, (_, number) => owe(`e${number}`)))
    await log.record({ id: 'e7', endpoint: 'wh_a' }, null, 'failed')
    await log.record({ id: 'e8', endpoint: 'wh_a' }, null, 'delivered')
    await log.reopen({ id: 'e8', endpoint: 'wh_a' })
    const owed = await log.removeAll('wh_a')
    expect(owed.length).toBe(1_202)
    expect(owed).toContainEqual({ id: 'e8', reopened: 1 })
    expect(owed.map(({ id }) => id)).not.toContain('e7')
    await log.record({ id: 'e1', endpoint: 'wh_a' }, attempt(T), 'delivered')
    await store.remove('wh_a')
    expect(await redis.keys('*')).toEqual([])
  })
})
