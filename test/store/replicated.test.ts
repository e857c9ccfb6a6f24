import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FluxError } from '../../src/core/errors.ts'
import { keys } from '../../src/store/keys.ts'
import { connectForRequests, ready, usedMemory, type LiveRedis } from '../../src/store/redis.ts'
import { EVERYWHERE, replicated } from '../../src/store/replicated.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { eventually, freePorts } from '../support/redis-process.ts'

const KEY = keys.assessment('www.bad.example')

let master: TestRedis
let replica: TestRedis
let redis: LiveRedis
let copy: Redis
beforeAll(async () => {
  const [port] = await freePorts(1)
  master = await startRedis(['--port', String(port), '--repl-diskless-sync-delay', '0'])
  replica = await startRedis(['--replicaof', '127.0.0.1', String(port)])
  redis = await ready(connectForRequests({ url: master.path }))
  copy = new Redis(replica.path)
  await eventually(
    async () => (await copy.info('replication')).includes('master_link_status:up'),
    'the replica follows',
  )
})
afterAll(async () => {
  redis?.disconnect()
  copy?.disconnect()
  await replica?.stop()
  await master?.stop()
})

async function refusalOf(promise: Promise<unknown>): Promise<FluxError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(FluxError)
  expect(error).toMatchObject({ code: 'FLUX_STORE_UNAVAILABLE', status: 503 })
  return error as FluxError
}

/** Writes, loses its connection, and writes on the next one. */
async function losesItsConnection(reconnecting: LiveRedis): Promise<void> {
  await reconnecting.set(KEY, 'before')
  const id = await reconnecting.client('ID')
  const back = new Promise((resolve) => reconnecting.once('ready', resolve))
  await redis.client('KILL', 'ID', id)
  await back
  await reconnecting.set(KEY, 'after')
}

test('What is answered is on the replica', async () => {
  for (let value = 0; value < 50; value += 1) {
    const answer = await replicated(redis, [KEY], { replicas: 1, timeoutMs: 5_000 }, () =>
      redis.set(KEY, value),
    )
    expect(answer).toBe('OK')
    expect(await copy.get(KEY)).toBe(String(value))
  }
})

test('Keys that only the answer tells are asked of it', async () => {
  const asked: string[] = []
  const touched = (answer: string): string[] => {
    asked.push(answer)
    return [KEY]
  }
  await replicated(redis, touched, { replicas: 1, timeoutMs: 5_000 }, () => redis.set(KEY, 1))
  expect(asked).toEqual(['OK'])
})

test('Without replicas asked for nothing is waited for, not even a connection', async () => {
  const away = connectForRequests({ socketPath: '/nonexistent/redis.sock' })
  expect(await replicated(away, [KEY], { replicas: 0, timeoutMs: 1 }, async () => 'answer')).toBe('answer')
  away.disconnect()
})

test('More replicas than there are is an outage, with what was missing', async () => {
  const error = await refusalOf(
    replicated(redis, [KEY], { replicas: 2, timeoutMs: 20 }, () => redis.set(KEY, 'x')),
  )
  expect(error.message).toMatch(/^Only 1 of the 2 replicas asked for have what was written\./)
})

test('A connection that was made anew while it was written to promises nothing', async () => {
  const reconnecting = await ready(connectForRequests({ url: master.path }))
  reconnecting.on('error', () => {})
  const error = await refusalOf(
    replicated(reconnecting, [KEY], { replicas: 1, timeoutMs: 5_000 }, () =>
      losesItsConnection(reconnecting),
    ),
  )
  expect(error.message).toContain('The connection to the live state was lost while it was written')
  reconnecting.disconnect()
})

test('Fewer replicas than asked for can be put up with, a lost connection cannot', async () => {
  const replication = { replicas: 2, timeoutMs: 20, goOnWithFewer: true }
  expect(await replicated(redis, EVERYWHERE, replication, () => redis.set(KEY, 'x'))).toBe('OK')
  const reconnecting = await ready(connectForRequests({ url: master.path }))
  reconnecting.on('error', () => {})
  await refusalOf(replicated(reconnecting, EVERYWHERE, replication, () => losesItsConnection(reconnecting)))
  reconnecting.disconnect()
})

test('A failure of the writing itself is told as it is', async () => {
  const write = () => Promise.reject(new Error('no room'))
  await expect(replicated(redis, [KEY], { replicas: 1, timeoutMs: 20 }, write)).rejects.toThrow('no room')
})

test('The memory in use is told with its limit, or without one where there is none', async () => {
  const plain = new Redis(master.path)
  expect(await usedMemory(plain)).toEqual({ usedBytes: expect.any(Number), maxBytes: 512 * 1024 * 1024 })
  await plain.config('SET', 'maxmemory', '0')
  const { usedBytes, maxBytes } = await usedMemory(plain)
  expect(usedBytes).toBeGreaterThan(500_000)
  expect(maxBytes).toBeNull()
  plain.disconnect()
})
