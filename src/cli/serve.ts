// `serve`, `api` and `worker`: from boot to drain. `serve` answers requests itself and probes in worker processes of its own
// (serve-worker.ts). What is plugged together is wiring.ts's.
import closeWithGrace, { type Options } from 'close-with-grace'
import type { Logger } from 'pino'
import { systemClock } from '../clock.ts'
import { ConfigError, readConfig, type Config } from '../config.ts'
import { lockDataFolder } from '../store/data-folder-lock.ts'
import { startOwnRedis } from '../store/own-redis.ts'
import type { RedisAddress } from '../store/redis.ts'
import { startService } from '../wiring.ts'
import { workerCount } from '../wiring/rate-share.ts'
import { checkSettings, vantageConfigs } from '../wiring/settings.ts'
import { WorkerProcesses } from '../wiring/worker-processes.ts'
import { DRAIN_MS } from './drain-limit.ts'
import { makeLogger } from './logger.ts'
import { ToldError } from './told-error.ts'
import { version } from './version.ts'

/** Runs until a signal; resolves once everything is up. */
export async function serve(roles: { api: boolean; worker: boolean }): Promise<void> {
  const config = readConfig()
  const logger = makeLogger(config.logLevel)
  checkSettings(config, roles)
  const backend = await openBackend(config, roles)
  const count = roles.api && roles.worker ? workerCount(config) : 0
  const workers = count === 0 ? null : makeWorkers(count, config, backend, logger)
  const service = await startService({
    config,
    redis: backend.redis,
    clock: systemClock,
    logger,
    version,
    roles: workers ? { api: true, worker: false } : roles,
    ...(backend.consumer && { consumer: backend.consumer }),
    ...(workers && { workers }),
    readVantages: () => readConfig().vantages,
  }).catch(async (error: unknown) => {
    await backend.close()
    throw portProblem(error, config)
  })
  await workers?.start().catch(async (error: unknown) => {
    await service.close()
    await backend.close()
    throw error
  })

  // Without Redis nothing can be drained: what was committed is in its file, the rest comes back with its lease.
  let limitMs = DRAIN_MS
  // With a file, SIGHUP is the wish to read it; without one, a terminal that was closed.
  const isReloadable = config.configFile !== null && roles.worker
  const settings: Options = {
    delay: DRAIN_MS + 15_000,
    logger: false,
    skip: isReloadable ? ['SIGHUP'] : [],
  }
  const grace = closeWithGrace(settings, async ({ signal, err }) => {
    if (err) logger.fatal({ err }, 'a bug ended the service')
    if (limitMs > 0) {
      say(
        `${signal ?? 'a failure'}: draining (rounds in flight are committed, streams flushed); at most ${limitMs / 1000} s`,
      )
    }
    // Nothing is taken in any more before those drain who work it off, and Redis outlives them all.
    await service.close(limitMs)
    await workers?.close(limitMs)
    await backend.close()
    say('stopped; nothing that was accepted is lost')
    if (limitMs === 0) process.exit(1)
  })
  if (isReloadable) process.on('SIGHUP', () => void service.reloadVantages())
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
  if (roles.worker) {
    const vantages = vantageConfigs(config).map(({ id }) => id)
    const where = workers ? ` in ${count} worker process${count === 1 ? '' : 'es'}` : ''
    say(`probing through ${vantages.join(', ')}${where}; ${service.enrichment}`)
  }
}

function makeWorkers(count: number, config: Config, backend: Backend, logger: Logger): WorkerProcesses {
  return new WorkerProcesses({
    count,
    entry: new URL('./serve-worker.ts', import.meta.url),
    isAlone: backend.consumer !== null,
    config,
    redis: backend.redis,
    redisPid: backend.pid,
    logger,
  })
}

interface Backend {
  readonly redis: RedisAddress
  /** Set when nobody else can be on this Redis: the same name after a restart finds its own pending entries. */
  readonly consumer: string | null
  /** Of the own server; null when it is somebody else's. */
  readonly pid: number | null
  readonly died: Promise<string>
  close(): Promise<void>
}

async function openBackend(config: Config, roles: { api: boolean; worker: boolean }): Promise<Backend> {
  if (config.redisUrl !== null) {
    return {
      redis: { url: config.redisUrl, ca: config.redisCa },
      consumer: null,
      pid: null,
      died: new Promise(() => {}),
      close: async () => {},
    }
  }
  if (!roles.api || !roles.worker) {
    throw new ConfigError(
      `REDIS_URL is not set. \`fluxwatch ${roles.api ? 'api' : 'worker'}\` shares its live state with other processes and needs it; ` +
        '`fluxwatch serve` runs everything with a Redis of its own.',
    )
  }
  const lock = lockDataFolder(config.dataDirectory)
  try {
    const own = await startOwnRedis(config.dataDirectory)
    say(`own ${own.program} on ${own.socketPath}`)
    return {
      redis: { socketPath: own.socketPath },
      consumer: 'serve',
      pid: own.pid,
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
