// Connections to Redis or Valkey. Decides how each kind of user connects; what they say is theirs.
import { Redis, type RedisOptions } from 'ioredis'

/** Where the live state is: a URL, or the unix socket of our own redis-server. */
export type RedisAddress = { readonly url: string } | { readonly socketPath: string }

type ConnectionOptions = Pick<RedisOptions, 'enableOfflineQueue' | 'maxRetriesPerRequest' | 'commandTimeout'>

function open(address: RedisAddress, options: ConnectionOptions): Redis {
  // The answers' form is fixed here, since scripts and streams are read by it everywhere.
  const fixed = { ...options, lazyConnect: true, replyMapping: 'legacy' } as const
  return 'url' in address ? new Redis(address.url, fixed) : new Redis({ ...fixed, path: address.socketPath })
}

/** For requests: fails at once while Redis is away, so that the API can answer 503 instead of hanging. */
export function connectForRequests(address: RedisAddress): Redis {
  return open(address, { enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: 10_000 })
}

/** For workers and blocking reads: waits for Redis to come back (BullMQ's workers need exactly this). */
export function connectForWork(address: RedisAddress): Redis {
  return open(address, { maxRetriesPerRequest: null })
}

export class RedisUnreachableError extends Error {
  override readonly name = 'RedisUnreachableError'
}

/** Connects, where it is not connected yet. Rejects with `RedisUnreachableError`, whose sentence names no password. */
export async function ready(redis: Redis): Promise<Redis> {
  if (redis.status !== 'wait') return redis
  let cause = ''
  const note = (error: Error): void => {
    cause ||= error.message
  }
  redis.on('error', note)
  try {
    await redis.connect()
  } catch (error) {
    // The connection keeps trying otherwise, and the process with it.
    redis.disconnect()
    const { path, host, port } = redis.options
    const why = cause || (error instanceof Error ? error.message : String(error))
    throw new RedisUnreachableError(
      `Redis at ${path ?? `${host}:${port}`} cannot be used: ${why}. Check REDIS_URL.`,
    )
  } finally {
    redis.off('error', note)
  }
  return redis
}

/** The eviction policy in force; null when the server does not let us ask (managed services). */
export async function evictionPolicy(redis: Redis): Promise<string | null> {
  const answer = (await redis.config('GET', 'maxmemory-policy').catch(() => null)) as string[] | null
  return answer?.[1] ?? null
}
