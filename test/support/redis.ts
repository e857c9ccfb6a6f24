// A real redis-server for one test file: its own process, a unix socket in a temporary folder, no TCP port, no disk.
// What is kept in it and when it is emptied is the test's business.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

export interface TestRedis {
  /** Path of the unix socket: `new Redis({ path })`. */
  readonly path: string
  /** The same as a URL: `new Redis(url)`. */
  readonly url: string
  readonly pid: number
  /** Ends the server and removes its folder. Idempotent, done within 5 s. */
  stop(): Promise<void>
}

const START_LIMIT_MS = 10_000
const STOP_LIMIT_MS = 5_000
/** More than any test needs; a runaway test fails with OOM instead of filling the machine. */
const MEMORY_LIMIT = '512mb'

/**
 * Starts a server and resolves once it accepts connections. Rejects, with what the server printed, if it ends or is
 * not ready within 10 s. `arguments_` are added to the command line, e.g. `['--appendonly', 'yes']`.
 */
export async function startRedis(arguments_: readonly string[] = []): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'fw-redis-'))
  const path = join(folder, 's')
  const server = spawn(
    'redis-server',
    ['--port', '0', '--unixsocket', path, '--save', '', '--appendonly', 'no', '--dir', folder]
      .concat(['--maxmemory', MEMORY_LIMIT, '--maxmemory-policy', 'noeviction', '--daemonize', 'no'])
      .concat(arguments_),
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  // A test process that ends without stop() takes its server along.
  const killAtExit = () => server.kill('SIGKILL')
  process.once('exit', killAtExit)

  let printed = ''
  const ready = new Promise<void>((resolve, reject) => {
    const note = (chunk: Buffer) => {
      printed = (printed + chunk.toString()).slice(-4_096)
      if (printed.includes('ready to accept connections')) resolve()
    }
    server.stdout.on('data', note)
    server.stderr.on('data', note)
    server.once('error', reject)
    server.once('exit', (code) => reject(new Error(`redis-server ended with code ${code}: ${printed}`)))
  })

  let stopped: Promise<void> | undefined
  const stop = () => (stopped ??= end())
  async function end(): Promise<void> {
    process.removeListener('exit', killAtExit)
    if (server.pid !== undefined && server.exitCode === null && server.signalCode === null) {
      const gone = once(server, 'exit')
      server.kill('SIGTERM')
      const slow = new AbortController()
      await Promise.race([
        gone,
        delay(STOP_LIMIT_MS - 1_000, undefined, { signal: slow.signal }).catch(() => {}),
      ])
      slow.abort()
      if (server.exitCode === null && server.signalCode === null) {
        server.kill('SIGKILL')
        await gone
      }
    }
    await rm(folder, { recursive: true, force: true })
  }

  const late = new AbortController()
  try {
    await Promise.race([
      ready,
      delay(START_LIMIT_MS, undefined, { signal: late.signal }).then(() => {
        throw new Error(`redis-server is not ready after ${START_LIMIT_MS} ms: ${printed}`)
      }),
    ])
  } catch (error) {
    await stop()
    throw error
  } finally {
    late.abort()
  }
  return { path, url: `unix://${path}`, pid: server.pid!, stop }
}
