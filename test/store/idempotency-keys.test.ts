import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Redis } from 'ioredis'
import { RedisIdempotencyKeys } from '../../src/store/idempotency-keys.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'

let server: TestRedis
let redis: Redis
let idempotency: RedisIdempotencyKeys

beforeAll(async () => {
  server = await startRedis()
  redis = new Redis(server.path)
  idempotency = new RedisIdempotencyKeys(redis)
})
afterAll(async () => {
  redis?.disconnect()
  await server?.stop()
})
beforeEach(() => redis.flushall())

async function lifetimes(): Promise<number[]> {
  return Promise.all((await redis.keys('*')).map((key) => redis.ttl(key)))
}

test('The first request with a key is new, a second one meanwhile is told that it runs', async () => {
  expect(await idempotency.begin('k', 'body-1')).toEqual({ state: 'new' })
  expect(await idempotency.begin('k', 'body-1')).toEqual({ state: 'running' })
  expect(await idempotency.begin('other', 'body-1')).toEqual({ state: 'new' })
})

test('Of many at the same time exactly one is new', async () => {
  const states = await Promise.all(Array.from({ length: 20 }, () => idempotency.begin('k', 'body')))
  expect(states.filter((answer) => answer.state === 'new')).toHaveLength(1)
  expect(states.filter((answer) => answer.state === 'running')).toHaveLength(19)
})

test('A finished request answers the same again, for a day', async () => {
  await idempotency.begin('k', 'body')
  await idempotency.finish('k', '{"id":"scn_1"}')
  expect(await idempotency.begin('k', 'body')).toEqual({ state: 'done', answer: '{"id":"scn_1"}' })
  const [seconds] = await lifetimes()
  expect(seconds).toBeGreaterThan(23 * 3600)
  expect(seconds).toBeLessThanOrEqual(24 * 3600)
})

test('The same key with another body is a mismatch, while it runs and after', async () => {
  await idempotency.begin('k', 'body-1')
  expect(await idempotency.begin('k', 'body-2')).toEqual({ state: 'mismatch' })
  await idempotency.finish('k', 'answer')
  expect(await idempotency.begin('k', 'body-2')).toEqual({ state: 'mismatch' })
})

test('A key is free again after its request failed', async () => {
  await idempotency.begin('k', 'body-1')
  await idempotency.release('k')
  expect(await idempotency.begin('k', 'body-2')).toEqual({ state: 'new' })
})

test('A request whose process died frees its key after two minutes', async () => {
  await idempotency.begin('k', 'body')
  const [seconds] = await lifetimes()
  expect(seconds).toBeGreaterThan(60)
  expect(seconds).toBeLessThanOrEqual(120)
})

test('An answer that came after its key had run out is never given to another body', async () => {
  await idempotency.begin('k', 'body-1')
  await redis.flushall()
  await idempotency.finish('k', 'answer-1')
  expect(await idempotency.begin('k', 'body-2')).toEqual({ state: 'new' })
  expect(await idempotency.begin('k', 'body-2')).toEqual({ state: 'running' })
})
