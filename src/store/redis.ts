// Connections to Redis or Valkey: one server, a cluster, or the master that Sentinels name. Decides how each kind of user
// connects and what a fail-over is to them; what they say is theirs.
import {
  Cluster,
  Redis,
  type ClusterOptions,
  type DNSLookupFunction,
  type RedisOptions,
  type SentinelAddress,
} from 'ioredis'
import { parseRedisUrl, type RedisNode, type RedisPlace } from '../core/net/redis-url.ts'
import { FirstFailure, problemOfNode } from './first-connection.ts'

/** What everything that keeps live state is given: its commands are the same on one server and on a cluster. */
export type LiveRedis = Redis | Cluster

/** Where the live state is: a URL (`parseRedisUrl`), or the unix socket of our own redis-server. */
export type RedisAddress =
  | {
      readonly url: string
      /** PEM text of the authorities to trust with `rediss`; null or absent: the system's. */
      readonly ca?: string | null
    }
  | { readonly socketPath: string }

/** What a kind of connection wants to be, whatever it connects to. */
interface Patience {
  /** Waits for a server that is away, without end; otherwise a command fails at once, or soon. */
  readonly waits: boolean
  /** Without an answer for this long a command fails, ms; null: never. */
  readonly commandTimeoutMs: number | null
}

const FOR_REQUESTS: Patience = { waits: false, commandTimeoutMs: 10_000 }
const FOR_WORK: Patience = { waits: true, commandTimeoutMs: null }

/** A host that answers nothing must not hold a fail-over up. */
const CONNECT_LIMIT_MS = 3_000
/** Pause before a lost server is tried again, at most. */
const RECONNECT_LIMIT_MS = 1_000
/** A request that meets a fail-over is sent on so often, with pauses of 100 ms: about half a second, then it fails. */
const REQUEST_REDIRECTIONS = 8
/** Between two nodes that do not agree (yet) on the owner of a slot, a command must not go to and fro without a pause. */
const MOVED_PAUSE_MS = 20
/** So soon is a master that went silent (its connections stay open) left for the one that took over. */
const SLOTS_REFRESH_MS = 15_000

/** For requests: fails at once while Redis is away, so that the API can answer 503 instead of hanging. */
export function connectForRequests(address: RedisAddress): LiveRedis {
  return open(address, FOR_REQUESTS)
}

/** For workers and blocking reads: waits for Redis to come back (BullMQ's workers need exactly this). */
export function connectForWork(address: RedisAddress): LiveRedis {
  return open(address, FOR_WORK)
}

/** Where a connection goes, for sentences. */
const places = new WeakMap<LiveRedis, RedisPlace>()

function open(address: RedisAddress, patience: Patience): LiveRedis {
  // The answers' form is fixed here, since scripts and streams are read by it everywhere.
  const options = {
    maxRetriesPerRequest: patience.waits ? null : 0,
    ...(patience.commandTimeoutMs !== null && { commandTimeout: patience.commandTimeoutMs }),
    replyMapping: 'legacy',
  } as const satisfies RedisOptions
  const queue = { enableOfflineQueue: patience.waits, lazyConnect: true } as const
  if ('socketPath' in address) return new Redis({ ...options, ...queue, path: address.socketPath })
  const { url } = address
  const tls = address.ca ? { ca: address.ca } : {}
  const place = url.startsWith('/') ? { form: 'single' as const, tls: false } : parseRedisUrl(url)
  const redis =
    place.form === 'single'
      ? new Redis(url, { ...options, ...queue, ...(place.tls && { tls }) })
      : place.form === 'cluster'
        ? openCluster(place, patience, { ...options, ...(place.tls && { tls }) })
        : openBySentinels(place, { ...options, ...queue }, tls)
  places.set(redis, place)
  return redis
}

function openCluster(
  place: RedisPlace & { form: 'cluster' },
  patience: Patience,
  options: ClusterOptions['redisOptions'] & { replyMapping: 'legacy' },
): Cluster {
  return new Cluster([...place.nodes], {
    lazyConnect: true,
    enableOfflineQueue: patience.waits,
    maxRedirections: patience.waits ? Infinity : REQUEST_REDIRECTIONS,
    retryDelayOnMoved: MOVED_PAUSE_MS,
    // It asks one node, which may be the one that is away, and begins anew then; `ready` asks all of them.
    enableReadyCheck: false,
    slotsRefreshTimeout: CONNECT_LIMIT_MS,
    slotsRefreshInterval: SLOTS_REFRESH_MS,
    // A certificate is for a name: the nodes of the URL must not be turned into addresses first.
    ...(place.tls && { dnsLookup: asItIs }),
    redisOptions: {
      ...options,
      ...credentials(place),
      connectTimeout: CONNECT_LIMIT_MS,
    },
  })
}

function openBySentinels(
  place: RedisPlace & { form: 'sentinel' },
  options: RedisOptions & { replyMapping: 'legacy' },
  tls: object,
): Redis {
  return new Redis({
    ...options,
    ...credentials(place),
    sentinels: place.sentinels.map((sentinel): Partial<SentinelAddress> => ({ ...sentinel })),
    name: place.masterName,
    ...(place.sentinelPassword !== null && { sentinelPassword: place.sentinelPassword }),
    ...(place.tls && { tls, sentinelTLS: tls, enableTLSForSentinelMode: true }),
    connectTimeout: CONNECT_LIMIT_MS,
    sentinelCommandTimeout: CONNECT_LIMIT_MS,
    retryStrategy: (times) => Math.min(times * 100, RECONNECT_LIMIT_MS),
    // A master that was made a replica while its connections stayed: ask the Sentinels again; work is sent there then.
    reconnectOnError: (error) => error.message.startsWith('READONLY') && (options.enableOfflineQueue ? 2 : 1),
  })
}

function credentials(place: { username: string | null; password: string | null }): {
  username?: string
  password?: string
} {
  return {
    ...(place.username !== null && { username: place.username }),
    ...(place.password !== null && { password: place.password }),
  }
}

const asItIs: DNSLookupFunction = (hostname, callback) => callback(null, hostname)

function listed(nodes: readonly RedisNode[]): string {
  return nodes.map(({ host, port }) => `${host}:${port}`).join(', ')
}

export class RedisUnreachableError extends Error {
  override readonly name = 'RedisUnreachableError'
}

/**
 * Connects, where it is not connected yet; a cluster to every master, so that no later command waits for a connection.
 * Rejects with `RedisUnreachableError`, whose sentence names no password.
 */
export async function ready<Connection extends LiveRedis>(redis: Connection): Promise<Connection> {
  if (redis.status !== 'wait') return redis
  const place = places.get(redis)
  const failure = new FirstFailure(redis)
  try {
    await Promise.race([redis.connect(), failure.happened])
    if (isCluster(redis)) await checkState(redis)
  } catch (error) {
    // The connection keeps trying otherwise, and the process with it.
    redis.disconnect()
    const why =
      (place && (await problemOfNode(redis, place))) ??
      (failure.cause || (error instanceof Error ? error.message : String(error)))
    throw new RedisUnreachableError(
      `Redis at ${whereTo(redis)} cannot be used: ${why.replace(/\.$/, '')}. Check REDIS_URL.`,
    )
  } finally {
    failure.stopListening()
  }
  return redis
}

/** One master that is away is the business of whoever needs it; a cluster is there as long as one says that it is. */
async function checkState(cluster: Cluster): Promise<void> {
  const states = await Promise.allSettled(mastersOf(cluster).map((master) => master.cluster('INFO')))
  const isUp = states.some(
    (state) => state.status === 'fulfilled' && /^cluster_state:ok/m.test(state.value as string),
  )
  if (!isUp) throw new Error('none of its masters says that the cluster is up')
}

function whereTo(redis: LiveRedis): string {
  const place = places.get(redis)
  if (place?.form === 'cluster') return `the cluster of ${listed(place.nodes)}`
  if (place?.form === 'sentinel')
    return `${place.masterName}, asked of the Sentinels ${listed(place.sentinels)},`
  const { path, host, port } = redis.options as RedisOptions
  return path ?? `${host}:${port}`
}

export function isCluster(redis: LiveRedis): redis is Cluster {
  return redis.isCluster
}

/** The connections to the masters, as far as they are known: of one server itself. */
export function mastersOf(redis: LiveRedis): readonly Redis[] {
  return isCluster(redis) ? redis.nodes('master') : [redis]
}

/**
 * The eviction policy in force; of a cluster the first one that evicts, if a master has one. Null when the server does not
 * let us ask (managed services).
 */
export async function evictionPolicy(redis: LiveRedis): Promise<string | null> {
  const policies = await Promise.all(
    mastersOf(redis).map(async (master) => {
      const answer = (await master.config('GET', 'maxmemory-policy').catch(() => null)) as string[] | null
      return answer?.[1] ?? null
    }),
  )
  const told = policies.filter((policy) => policy !== null)
  return told.find((policy) => policy !== 'noeviction') ?? told[0] ?? null
}

export interface MemoryUse {
  readonly usedBytes: number
  /** Null: the server has no limit of its own. */
  readonly maxBytes: number | null
}

/** The memory of the fullest master: the one with the highest share of its limit in use, or without limits the most. */
export async function usedMemory(redis: LiveRedis): Promise<MemoryUse> {
  const answers = await Promise.allSettled(
    mastersOf(redis).map(async (master) => readMemory(await master.info('memory'))),
  )
  const uses = answers.filter((answer) => answer.status === 'fulfilled').map(({ value }) => value)
  // One master that is being replaced is no reason to know nothing of the others.
  const failed = answers.find((answer) => answer.status === 'rejected')
  if (uses.length === 0 && failed) throw failed.reason
  return uses.reduce((worst, use) => (isFuller(use, worst) ? use : worst), { usedBytes: 0, maxBytes: null })
}

function readMemory(text: string): MemoryUse {
  const figure = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(text)?.[1] ?? 0)
  return { usedBytes: figure('used_memory'), maxBytes: figure('maxmemory') || null }
}

function isFuller(one: MemoryUse, other: MemoryUse): boolean {
  const share = ({ usedBytes, maxBytes }: MemoryUse): number => (maxBytes === null ? 0 : usedBytes / maxBytes)
  return share(one) === share(other) ? one.usedBytes > other.usedBytes : share(one) > share(other)
}
