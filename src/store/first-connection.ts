// Why a first connection to Redis does not come about, in the words of whoever said no. The clients keep trying and keep the reason
// to themselves; a person at a boot needs it.
import { Redis, type Cluster, type RedisOptions } from 'ioredis'
import type { RedisPlace } from '../core/net/redis-url.ts'

/**
 * Why a first connection does not come about. `connect` alone tells it of one server only: Sentinels are asked again and
 * again, and a cluster that is down is.
 */
export class FirstFailure {
  /** Rejects; never resolves. */
  readonly happened: Promise<never>
  readonly stopListening: () => void
  cause = ''

  constructor(redis: Redis | Cluster) {
    const { promise, reject } = Promise.withResolvers<never>()
    this.happened = promise
    // Nobody may be waiting any more.
    promise.catch(() => {})
    const note = (error: Error & { lastNodeError?: Error }): void => {
      this.cause ||= (error.lastNodeError ?? error).message
      if (error.message.startsWith('All sentinels are unreachable')) reject(error)
    }
    const noteAtNode = (error: Error): void => {
      this.cause ||= error.message
    }
    const giveUp = (): void => reject(new Error(this.cause || 'it is down'))
    redis.on('error', note)
    redis.on('sentinelError', noteAtNode)
    redis.on('node error', noteAtNode)
    if (redis.isCluster) redis.on('close', giveUp)
    this.stopListening = () => {
      redis.off('error', note)
      redis.off('sentinelError', noteAtNode)
      redis.off('node error', noteAtNode)
      redis.off('close', giveUp)
    }
  }
}

/** What the client keeps to itself: what the first node of the URL says to a plain connection. Null: nothing that is wrong. */
export async function problemOfNode(redis: Redis | Cluster, place: RedisPlace): Promise<string | null> {
  if (place.form === 'single') return null
  const options: RedisOptions =
    place.form === 'cluster'
      ? { ...(redis as Cluster).options.redisOptions, ...place.nodes[0]! }
      : sentinelItself(place, (redis as Redis).options)
  const node = new Redis({ ...options, lazyConnect: true, replyMapping: 'legacy', retryStrategy: () => null })
  let problem: string | null = null
  node.on('error', (error) => (problem ??= error.message))
  await node
    .connect()
    .then(() => (place.form === 'cluster' ? node.cluster('INFO') : node.ping()))
    .catch((error: Error) => (problem ??= error.message))
  node.disconnect()
  return problem
}

function sentinelItself(
  { sentinels, sentinelPassword }: RedisPlace & { form: 'sentinel' },
  { sentinelTLS, connectTimeout }: RedisOptions,
): RedisOptions {
  return {
    ...sentinels[0]!,
    ...(sentinelPassword !== null && { password: sentinelPassword }),
    ...(sentinelTLS && { tls: sentinelTLS }),
    ...(connectTimeout !== undefined && { connectTimeout }),
  }
}
