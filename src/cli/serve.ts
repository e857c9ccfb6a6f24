// `serve`, `api` and `worker`: one process from boot to drain. What is plugged together is wiring.ts's.
import closeWithGrace from 'close-with-grace'
import { systemClock } from '../clock.ts'
import { ConfigError, readConfig, type Config } from '../config.ts'
import { lockDataFolder } from '../store/data-folder-lock.ts'
import { startOwnRedis } from '../store/own-redis.ts'
import type { RedisAddress } from '../store/redis.ts'
import { startService } from '../wiring.ts'
import { checkSettings } from '../wiring/settings.ts'
import { makeLogger } from './logger.ts'
import { ToldError } from './told-error.ts'
import { version } from './version.ts'

/** Rounds in flight end within the DNS time-outs; this leaves room for the streams behind them. */
const DRAIN_MS = 30_000

/** Runs until a signal; resolves once everything is up. */
export async function serve(roles: { api: boolean; worker: boolean }): Promise<void> {
  const config = readConfig()
  const logger = makeLogger(config.logLevel)
  checkSettings(config, roles)
  const backend = await openBackend(config, roles)
  const service = await startService({
    config,
    redis: backend.redis,
    clock: systemClock,
    logger,
    version,
    roles,
    ...(backend.consumer && { consumer: backend.consumer }),
  }).catch(async (error: unknown) => {
    await backend.close()
    throw portProblem(error, config)
  })

  // Without Redis nothing can be drained: what was committed is in its file, the rest comes back with its lease.
  let limitMs = DRAIN_MS
  const grace = closeWithGrace({ delay: DRAIN_MS + 15_000, logger: false }, async ({ signal, err }) => {
    if (err) logger.fatal({ err }, 'a bug ended the service')
    if (limitMs > 0) {
      say(
        `${signal ?? 'a failure'}: draining (rounds in flight are committed, streams flushed); at most ${limitMs / 1000} s`,
      )
    }
    await service.close(limitMs)
    await backend.close()
    say('stopped; nothing that was accepted is lost')
    if (limitMs === 0) process.exit(1)
  })
  void backend.died.then((sentence) => {
    say(`${sentence}. Without its live state the service cannot go on.`)
    limitMs = 0
    grace.close()
  })

  if (service.url) {
    say(`listening on ${service.url} (API documentation at ${service.url}/docs)`)
    if (config.apiKeys.length === 0)
      say('no FLUXWATCH_API_KEYS: whoever is on this machine may use it, nobody else can reach it')
  }
  if (roles.worker) say(`probing through ${service.vantages.join(', ')}; ${service.enrichment}`)
}

interface Backend {
  readonly redis: RedisAddress
  /** Set when nobody else can be on this Redis: the same name after a restart finds its own pending entries. */
  readonly consumer: string | null
  readonly died: Promise<string>
  close(): Promise<void>
}

async function openBackend(config: Config, roles: { api: boolean; worker: boolean }): Promise<Backend> {
  if (config.redisUrl !== null) {
    return {
      redis: { url: config.redisUrl, ca: config.redisCa },
      consumer: null,
      died: new Promise(() => {}),
      close: async () => {},
    }
  }
  if (!roles.api || !roles.worker) {
    throw new ConfigError(
      `REDIS_URL is not set. \`fluxwatch ${roles.api ? 'api' : 'worker'}\` shares its live state with other processes and needs it; ` +
        '`fluxwatch serve` runs everything in one process with a Redis of its own.',
    )
  }
  const lock = lockDataFolder(config.dataDirectory)
  try {
    const own = await startOwnRedis(config.dataDirectory)
    say(`own ${own.program} on ${own.socketPath}`)
    return {
      redis: { socketPath: own.socketPath },
      consumer: 'serve',
      died: own.died,
      async close() {
        await own.stop()
        lock.release()
      },
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

function portProblem(error: unknown, config: Config): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code
  if (code === 'EADDRINUSE') {
    return new ToldError(
      `Port ${config.port} on ${config.host} is taken. Stop what uses it, or set FLUXWATCH_PORT to another one.`,
    )
  }
  if (code === 'EADDRNOTAVAIL') {
    return new ToldError(`FLUXWATCH_HOST is ${config.host}, which is no address of this machine.`)
  }
  return error
}

function say(sentence: string): void {
  process.stderr.write(`fluxwatch: ${sentence}\n`)
}
