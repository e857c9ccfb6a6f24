// A service in a process of its own, so that a test can kill it. The clock's speed and origin come from the test: all
// processes of one test agree on the time of the world, over restarts too.
import { pino } from 'pino'
import { scaledClock } from '../../src/clock.ts'
import { readConfig, type Config } from '../../src/config.ts'
import { lockDataFolder } from '../../src/store/data-folder-lock.ts'
import { startOwnRedis } from '../../src/store/own-redis.ts'
import { startService } from '../../src/wiring.ts'

export interface ServiceProcessOptions {
  readonly speed: number
  readonly origin: number
  readonly dataDirectory: string
  /** Null: a Redis of its own in the data folder. */
  readonly socketPath: string | null
  /** A `REDIS_URL`; wins over the path. */
  readonly redisUrl?: string
  readonly roles: { readonly api: boolean; readonly worker: boolean }
  readonly vantages: Config['vantages']
  readonly asnMmdb: string
  readonly countryMmdb: string
}

const options = JSON.parse(process.argv[2]!) as ServiceProcessOptions
const own = options.socketPath === null && options.redisUrl === undefined ? await ownRedis() : null
const service = await startService({
  config: {
    ...readConfig({ FLUXWATCH_PORT: '0', FLUXWATCH_WEBHOOK_ALLOW: '127.0.0.0/8' }),
    redisReplicas: options.redisUrl === undefined ? 0 : 1,
    dataDirectory: options.dataDirectory,
    vantages: options.vantages,
    asnMmdb: options.asnMmdb,
    countryMmdb: options.countryMmdb,
  },
  redis:
    options.redisUrl === undefined
      ? { socketPath: options.socketPath ?? own!.socketPath }
      : { url: options.redisUrl },
  clock: scaledClock(options.speed, options.origin),
  speed: options.speed,
  logger: pino({ level: 'error' }, process.stderr),
  version: 'test',
  roles: options.roles,
  ...(own && { consumer: 'serve' }),
})
process.send?.({ url: service.url, redisPid: own?.pid ?? null })
process.once('SIGTERM', async () => {
  await service.close()
  await own?.stop()
  process.exit(0)
})

async function ownRedis() {
  lockDataFolder(options.dataDirectory)
  return startOwnRedis(options.dataDirectory)
}
