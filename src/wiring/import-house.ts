// What an import writes to: the configured history, and the live state of the service that runs on it, when one does.
import type { Config } from '../config.ts'
import { RETENTION_MS } from '../store/retention.ts'
import { LiveSensors } from '../store/live-sensors.ts'
import { runningOwnRedis } from '../store/own-redis.ts'
import { connectForRequests, ready, type RedisAddress } from '../store/redis.ts'
import type { HistoryStore } from '../store/history/history-store.ts'
import { Teardown } from '../teardown.ts'
import { openHistory } from './open-history.ts'

export interface ImportHouse {
  readonly history: HistoryStore
  /** Null: no service runs on this data folder, and no REDIS_URL names one. */
  readonly sensors: LiveSensors | null
  close(): Promise<void>
}

const CLOSE_MS = 30_000
/** What was seen longer ago than this says nothing of a name any more; ms. */
export const SIGHTINGS_KEPT_MS = RETENTION_MS

/** Rejects, with nothing left open, when history or the Redis of the configuration cannot be used. */
export async function openImportHouse(config: Config): Promise<ImportHouse> {
  const teardown = new Teardown(() => {})
  try {
    const address = await redisAddress(config)
    let sensors: LiveSensors | null = null
    if (address !== null) {
      const redis = connectForRequests(address)
      redis.on('error', () => {})
      teardown.push('redis', async () => redis.disconnect())
      sensors = new LiveSensors(await ready(redis))
    }
    // One that is away is told by the first batch that it does not take.
    const history = await openHistory(config, () => {})
    teardown.push('history', () => history.close())
    return { history, sensors, close: () => teardown.run(CLOSE_MS) }
  } catch (error) {
    await teardown.run(CLOSE_MS)
    throw error
  }
}

async function redisAddress(config: Config): Promise<RedisAddress | null> {
  if (config.redisUrl !== null) return { url: config.redisUrl, ca: config.redisCa }
  const socketPath = await runningOwnRedis(config.dataDirectory)
  return socketPath === null ? null : { socketPath }
}
