// One real server process of a test (redis-server, valkey-server, a Sentinel): its own temporary folder, no disk, ended with the
// test. What it is told on its command line is the business of whoever starts it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

export interface ServerProcess {
  readonly pid: number
  /** Ends it at once, as a power cut would. Resolves when it is gone. */
  kill(): Promise<void>
  /** Ends the server and removes its folder. Idempotent, done within 5 s. */
  stop(): Promise<void>
}

export interface ServerCommand {
  readonly program: string
  /** Its arguments, once its folder is known. */
  readonly parameters: (folder: string) => readonly string[] | Promise<readonly string[]>
  /** What it prints when it is up. */
  readonly saysWhenReady: string
}

const START_LIMIT_MS = 10_000
const STOP_LIMIT_MS = 5_000
/** More than any test needs; a runaway test fails with OOM instead of filling the machine. */
const MEMORY_LIMIT = '512mb'

/** For every redis-server of a test: nothing is written to disk, nothing is evicted. */
export function inMemoryOnly(folder: string): string[] {
  return ['--save', '', '--appendonly', 'no', '--dir', folder, '--daemonize', 'no'].concat([
    '--maxmemory',
    MEMORY_LIMIT,
    '--maxmemory-policy',
    'noeviction',
  ])
}

/** Resolves once it is up. Rejects, with what it printed, if it ends or is not ready within 10 s. */
export async function startServer({
  program,
  parameters,
  saysWhenReady,
}: ServerCommand): Promise<ServerProcess & { readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'fw-redis-'))
  const server = spawn(program, await parameters(folder), { stdio: ['ignore', 'pipe', 'pipe'] })
  // A test process that ends without stop() takes its server along.
  const killAtExit = () => server.kill('SIGKILL')
  process.once('exit', killAtExit)
  server.once('exit', () => process.removeListener('exit', killAtExit))
  const isGone = () => server.pid === undefined || server.exitCode !== null || server.signalCode !== null

  let printed = ''
  const ready = new Promise<void>((resolve, reject) => {
    const note = (chunk: Buffer) => {
      printed = (printed + chunk.toString()).slice(-4_096)
      if (printed.includes(saysWhenReady)) resolve()
    }
    server.stdout.on('data', note)
    server.stderr.on('data', note)
    server.once('error', reject)
    server.once('exit', (code) => reject(new Error(`${program} ended with code ${code}: ${printed}`)))
  })

  async function kill(): Promise<void> {
    if (isGone()) return
    const gone = once(server, 'exit')
    server.kill('SIGKILL')
    await gone
  }

  let stopped: Promise<void> | undefined
  const stop = () => (stopped ??= end())
  async function end(): Promise<void> {
    if (!isGone()) {
      const gone = once(server, 'exit')
      server.kill('SIGTERM')
      const slow = new AbortController()
      await Promise.race([
        gone,
        delay(STOP_LIMIT_MS - 1_000, undefined, { signal: slow.signal }).catch(() => {}),
      ])
      slow.abort()
      await kill()
    }
    await rm(folder, { recursive: true, force: true })
  }

  const late = new AbortController()
  try {
    await Promise.race([
      ready,
      delay(START_LIMIT_MS, undefined, { signal: late.signal }).then(() => {
        throw new Error(`${program} is not ready after ${START_LIMIT_MS} ms: ${printed}`)
      }),
    ])
  } catch (error) {
    await stop()
    throw error
  } finally {
    late.abort()
  }
  return { folder, pid: server.pid!, kill, stop }
}

/** TCP ports of 127.0.0.1 that nobody listens on at the moment. */
export async function freePorts(count: number): Promise<number[]> {
  const listeners = await Promise.all(
    Array.from({ length: count }, async () => {
      const listener = createServer().listen(0, '127.0.0.1')
      await once(listener, 'listening')
      return listener
    }),
  )
  const ports = listeners.map((listener) => (listener.address() as AddressInfo).port)
  await Promise.all(listeners.map((listener) => once(listener.close(), 'close')))
  return ports
}

/** Asks again and again until the answer is yes; an error counts as no. Rejects, naming `what`, after `limitMs`. */
export async function eventually(
  check: () => boolean | Promise<boolean>,
  what: string,
  limitMs = 20_000,
): Promise<void> {
  const limit = performance.now() + limitMs
  let problem: unknown = null
  for (;;) {
    const isSo = await Promise.resolve()
      .then(check)
      .catch((error: unknown) => {
        problem = error
        return false
      })
    if (isSo) return
    if (performance.now() > limit) throw new Error(`not within ${limitMs} ms: ${what}`, { cause: problem })
    await delay(20)
  }
}
