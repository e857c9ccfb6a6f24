import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { keys, PARTITIONS, partitionOf } from '../../src/store/keys.ts'
import { startOwnRedis } from '../../src/store/own-redis.ts'
import { connectForRequests, connectForWork, evictionPolicy, ready } from '../../src/store/redis.ts'
import { startRedis } from '../support/redis.ts'

test('A connection for requests fails at once while Redis is away', async () => {
  const redis = connectForRequests({ socketPath: '/nonexistent/redis.sock' })
  redis.on('error', () => {})
  try {
    await expect(ready(redis)).rejects.toThrow()
    await expect(redis.get('x')).rejects.toThrow()
  } finally {
    redis.disconnect()
  }
})

test('A connection for work waits until Redis is back', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fw-away-'))
  let server = await startOwnRedis(folder)
  const redis = await ready(connectForWork({ socketPath: server.socketPath }))
  redis.on('error', () => {})
  try {
    const lost = once(redis, 'close')
    await server.stop()
    await lost
    const answer = redis.ping()
    server = await startOwnRedis(folder)
    expect(await answer).toBe('PONG')
  } finally {
    redis.disconnect()
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
})

test('The eviction policy is told as the server has it', async () => {
  const server = await startRedis(['--maxmemory-policy', 'allkeys-lru'])
  const redis = await ready(connectForRequests({ url: server.url.replace('unix://', '') }))
  try {
    expect(await evictionPolicy(redis)).toBe('allkeys-lru')
  } finally {
    redis.disconnect()
    await server.stop()
  }
})

test('Names spread over all partitions, and all keys of one commit lie in one', () => {
  const counts = new Map<string, number>()
  for (let index = 0; index < 16_000; index += 1) {
    const partition = partitionOf(`n${index}.example`)
    counts.set(partition, (counts.get(partition) ?? 0) + 1)
  }
  expect([...counts.keys()].toSorted()).toEqual(PARTITIONS.toSorted())
  // 1,000 each on average; six standard deviations of a fair spread are 184.
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(184)

  const name = 'www.bad.example'
  const tag = `{${partitionOf(name)}}`
  const ofOneCommit = [
    keys.target(name, `host:${name}`),
    keys.references(name, `host:${name}`),
    keys.assessment(name),
    keys.express(partitionOf(name)),
    keys.leases(partitionOf(name)),
    keys.due(partitionOf(name)),
    keys.observations(partitionOf(name)),
    keys.events(partitionOf(name)),
  ]
  for (const key of ofOneCommit) expect(key).toContain(tag)
})
