// The redis-server (or valkey-server) that `serve` starts when no REDIS_URL is given: private unix socket, append-only
// file under the data folder, no eviction. It is an ordinary child process; this file owns its life.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, rm } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { createConnection } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'

export interface OwnRedis {
  readonly socketPath: string
  readonly program: string
  readonly pid: number
  /** Resolves with a sentence when the process ended without being asked to. */
  readonly died: Promise<string>
  /** Saves (append-only file is fsynced) and ends it. */
  stop(): Promise<void>
}

const STARTUP_LIMIT_MS = 60_000
/** Of the machine's memory, or of what the process may use. Hand-set. */
const MEMORY_SHARE = 0.6
/** sun_path of unix(7) holds 108 bytes with the closing zero. */
const SOCKET_PATH_LIMIT = 107

export class OwnRedisError extends Error {
  override readonly name = 'OwnRedisError'
}

/**
 * Starts redis-server (or valkey-server) of the PATH on `<dataDirectory>/redis/redis.sock`.
 *
 * The caller holds the data folder's lock. A server that an earlier, killed service left behind on the same socket is
 * told to save and end first: its append-only file is then ours. Throws `OwnRedisError` with a sentence for the person.
 */
export async function startOwnRedis(dataDirectory: string): Promise<OwnRedis> {
  const directory = join(dataDirectory, 'redis')
  const socketPath = socketIn(dataDirectory)
  if (Buffer.byteLength(socketPath) > SOCKET_PATH_LIMIT) {
    throw new OwnRedisError(
      `The path of the data folder is too long for a unix socket (${socketPath}). Set FLUXWATCH_DATA_DIR to a shorter one.`,
    )
  }
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await endLeftover(socketPath)
  const { child, program } = await spawnServer(directory, socketPath)
  let asked = false
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-4000)))
  }
  const exited = once(child, 'exit')
  const died = new Promise<string>((resolve) => {
    void exited.then(([code, signal]) => {
      if (!asked)
        resolve(
          `${program} ended by itself (${signal ?? `exit code ${code}`}): ${output.trim().split('\n').at(-1) ?? ''}`,
        )
    })
  })
  await waitUntilLoaded(socketPath, child, () => output).catch((error: unknown) => {
    asked = true
    child.kill('SIGTERM')
    throw error
  })
  return {
    socketPath,
    program,
    pid: child.pid!,
    died,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      asked = true
      await shutDown(socketPath)
      await exited
    },
  }
}

function socketIn(dataDirectory: string): string {
  return join(dataDirectory, 'redis', 'redis.sock')
}

/** The socket of the own Redis of a `serve` that runs on this data folder; null while none does. */
export async function runningOwnRedis(dataDirectory: string): Promise<string | null> {
  const socketPath = socketIn(dataDirectory)
  return (await answers(socketPath)) ? socketPath : null
}

/**
 * Bytes. With a limit intake is refused in time, and Redis refuses writes before the system ends it; the rest is for the service and for
 * the copy that a rewrite of the append-only file makes.
 */
function memoryLimit(): number {
  const constrained = process.constrainedMemory()
  // Without a limit on the process it answers 0, or more than there is.
  const available = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()
  return Math.floor(MEMORY_SHARE * available)
}

async function spawnServer(
  directory: string,
  socketPath: string,
): Promise<{ child: ChildProcess; program: string }> {
  const settings = {
    port: '0',
    unixsocket: socketPath,
    unixsocketperm: '700',
    dir: directory,
    appendonly: 'yes',
    appendfsync: 'everysec',
    maxmemory: String(memoryLimit()),
    'maxmemory-policy': 'noeviction',
    save: '',
    daemonize: 'no',
  }
  const parameters = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
  for (const program of ['redis-server', 'valkey-server']) {
    // Its own process group: Ctrl-C in the terminal must reach the service only, which then drains before Redis ends.
    const child = spawn(program, parameters, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    // `once` rejects with what `error` brings.
    const problem = await once(child, 'spawn').then(
      () => null,
      (error: NodeJS.ErrnoException) => error,
    )
    if (problem === null) return { child, program }
    if (problem.code !== 'ENOENT') throw problem
  }
  throw new OwnRedisError(
    'Neither redis-server nor valkey-server is on the PATH. Install one (Debian: apt-get install redis-server), or set REDIS_URL.',
  )
}

function single(socketPath: string): Redis {
  const redis = new Redis({
    path: socketPath,
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  })
  redis.on('error', () => {})
  return redis
}

async function waitUntilLoaded(socketPath: string, child: ChildProcess, output: () => string): Promise<void> {
  const limit = performance.now() + STARTUP_LIMIT_MS
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new OwnRedisError(
        `The own Redis server did not start: ${output().trim().split('\n').slice(-3).join(' | ')}`,
      )
    }
    const redis = single(socketPath)
    const answer = await redis
      .connect()
      .then(() => redis.ping())
      .catch(() => null)
    redis.disconnect()
    if (answer === 'PONG') return
    if (performance.now() > limit)
      throw new OwnRedisError(`The own Redis server was not ready after ${STARTUP_LIMIT_MS / 1000} s.`)
    await delay(20)
  }
}

async function shutDown(socketPath: string): Promise<void> {
  const redis = single(socketPath)
  // The connection ends with the server; that is the answer.
  await redis
    .connect()
    .then(() => redis.shutdown('NOSAVE'))
    .catch(() => {})
  redis.disconnect()
}

async function endLeftover(socketPath: string): Promise<void> {
  if (!(await answers(socketPath))) {
    await rm(socketPath, { force: true })
    return
  }
  await shutDown(socketPath)
  const limit = performance.now() + STARTUP_LIMIT_MS
  while (await answers(socketPath)) {
    if (performance.now() > limit)
      throw new OwnRedisError(`A Redis server left behind at ${socketPath} does not end.`)
    await delay(20)
  }
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(socketPath)
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('close', () => socket.destroy())
    socket.once('connect', () => socket.end())
  })
}
