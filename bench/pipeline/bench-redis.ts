// A redis-server of the bench's own, started as `serve` starts its own, and what it says of itself: CPU time, memory, what is
// due. Reads keys, writes none.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { keys, PARTITIONS } from '../../src/store/keys.ts'
import { startOwnRedis } from '../../src/store/own-redis.ts'
import { connectForWork, isCluster, ready } from '../../src/store/redis.ts'

export interface BenchRedis {
  readonly socketPath: string
  /** For the bench's own questions and the seed. */
  readonly client: Redis
  readonly subscriber: Redis
  /** User and system time of the server itself since it began, microseconds. */
  cpuUs(): Promise<number>
  /** The same of its children, which rewrite the append-only file. */
  childrenCpuUs(): Promise<number>
  usedOctets(): Promise<number>
  /** How many targets are due at `atMs`. */
  dueAt(atMs: number): Promise<number>
  /** When the first of all targets is due, ms; null without any. */
  firstDueAt(): Promise<number | null>
  /** When the first target of a partition is due, ms; null without any. */
  firstDueOf(partition: string): Promise<number | null>
  /** Resolves when no rewrite of the append-only file is under way. */
  settle(): Promise<void>
  close(): Promise<void>
}

const ASK_AGAIN_MS = 100

/** The bench's own server is one, no cluster. */
async function oneServer(address: { readonly socketPath: string }): Promise<Redis> {
  const redis = await ready(connectForWork(address))
  if (isCluster(redis)) throw new Error('the bench runs on one Redis')
  return redis
}

/** `core`: where it is to run; null: anywhere. */
export async function startBenchRedis(core: number | null): Promise<BenchRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'fw-bench-redis-'))
  mkdirSync(folder, { recursive: true })
  const own = await startOwnRedis(folder)
  if (core !== null) spawnSync('taskset', ['-a', '-c', '-p', String(core), String(own.pid)])
  // It has a process group of its own, so that a bench that is ended early must take it along.
  const endIt = (): void => void process.kill(own.pid)
  process.once('exit', endIt)
  const address = { socketPath: own.socketPath }
  const client = await oneServer(address)
  const subscriber = await oneServer(address)
  const number = async (section: string, field: string): Promise<number> => {
    const text = await client.info(section)
    return Number(new RegExp(`^${field}:([\\d.]+)`, 'm').exec(text)?.[1] ?? Number.NaN)
  }
  const sum = async (section: string, fields: readonly string[]): Promise<number> => {
    const values = await Promise.all(fields.map((field) => number(section, field)))
    return values.reduce((total, value) => total + value, 0)
  }
  const firstDueOf = async (partition: string): Promise<number | null> => {
    const firsts = await Promise.all(
      [keys.due(partition), keys.express(partition)].map((key) => client.zrange(key, 0, '0', 'WITHSCORES')),
    )
    const scores = firsts.flatMap(([, score]) => (score === undefined ? [] : [Number(score)]))
    return scores.length === 0 ? null : Math.min(...scores)
  }
  return {
    socketPath: own.socketPath,
    client,
    subscriber,
    cpuUs: async () => (await sum('cpu', ['used_cpu_user', 'used_cpu_sys'])) * 1e6,
    childrenCpuUs: async () => (await sum('cpu', ['used_cpu_user_children', 'used_cpu_sys_children'])) * 1e6,
    usedOctets: () => number('memory', 'used_memory'),
    async dueAt(atMs) {
      const counts = await Promise.all(
        PARTITIONS.map((partition) => client.zcount(keys.due(partition), '-inf', atMs)),
      )
      return counts.reduce((total, count) => total + count, 0)
    },
    firstDueOf,
    async firstDueAt() {
      const firsts = (await Promise.all(PARTITIONS.map(firstDueOf))).filter((first) => first !== null)
      return firsts.length === 0 ? null : Math.min(...firsts)
    },
    async settle() {
      while ((await number('persistence', 'aof_rewrite_in_progress')) !== 0) await delay(ASK_AGAIN_MS)
    },
    async close() {
      process.off('exit', endIt)
      client.disconnect()
      subscriber.disconnect()
      await own.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
