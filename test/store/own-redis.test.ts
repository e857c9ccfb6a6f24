import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir, totalmem } from 'node:os'
import { delimiter, join } from 'node:path'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { OwnRedisError, startOwnRedis, type OwnRedis } from '../../src/store/own-redis.ts'

let folder: string
const started: OwnRedis[] = []
const searchPath = process.env['PATH']

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fw-own-'))
})
afterEach(async () => {
  process.env['PATH'] = searchPath
  for (const own of started.splice(0)) await own.stop()
  await rm(folder, { recursive: true, force: true })
})

async function start(dataFolder = folder): Promise<OwnRedis> {
  const own = await startOwnRedis(dataFolder)
  started.push(own)
  return own
}

async function on<T>(own: { socketPath: string }, use: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis({ path: own.socketPath, replyMapping: 'legacy' })
  try {
    return await use(redis)
  } finally {
    redis.disconnect()
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('It runs on a private socket without a port, keeps an append-only file and evicts nothing', async () => {
  const own = await start()
  expect(own.socketPath).toBe(join(folder, 'redis', 'redis.sock'))
  const setting = (name: string) =>
    on(own, async (redis) => ((await redis.config('GET', name)) as string[])[1])
  expect(await setting('port')).toBe('0')
  expect(await setting('appendonly')).toBe('yes')
  expect(await setting('maxmemory-policy')).toBe('noeviction')
  // So that intake can be refused before the machine is out of memory.
  const limit = Number(await setting('maxmemory'))
  expect(limit).toBeGreaterThan(0)
  expect(limit).toBeLessThan(0.61 * totalmem())
  expect((await stat(own.socketPath)).mode & 0o777).toBe(0o700)
  expect((await stat(join(folder, 'redis'))).mode & 0o777).toBe(0o700)
})

test('What was written is there after a stop and a start', async () => {
  const first = await start()
  await on(first, (redis) => redis.set('k', 'v'))
  await first.stop()
  expect(isRunning(first.pid)).toBe(false)
  await first.stop()
  const second = await start()
  expect(second.pid).not.toBe(first.pid)
  expect(await on(second, (redis) => redis.get('k'))).toBe('v')
})

test('The server of a killed service is taken over with everything that was written', async () => {
  const service = spawn(process.execPath, [join(import.meta.dirname, 'own-redis-process.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(service.stdout.setEncoding('utf8'), 'data')) as [string]
  const left = JSON.parse(line) as { pid: number; socketPath: string }
  await on(left, async (redis) => {
    const pipeline = redis.pipeline()
    for (let index = 0; index < 1000; index += 1) pipeline.set(`k${index}`, index)
    await pipeline.exec()
  })
  const killed = once(service, 'exit')
  service.kill('SIGKILL')
  await killed
  expect(isRunning(left.pid)).toBe(true)

  const own = await start()
  expect(own.pid).not.toBe(left.pid)
  expect(own.socketPath).toBe(left.socketPath)
  expect(await on(own, (redis) => redis.dbsize())).toBe(1000)
  expect(await on(own, (redis) => redis.get('k999'))).toBe('999')
})

test('A socket file without a server behind it is no obstacle', async () => {
  const first = await start()
  const died = first.died
  process.kill(first.pid, 'SIGKILL')
  await died
  expect((await stat(first.socketPath)).isSocket()).toBe(true)
  const second = await start()
  expect(await on(second, (redis) => redis.ping())).toBe('PONG')
})

test('A server that ends by itself is told with a sentence; one that is stopped is not', async () => {
  const own = await start()
  process.kill(own.pid, 'SIGKILL')
  expect(await own.died).toMatch(/^redis-server ended by itself \(SIGKILL\)/)

  const stopped = await start()
  let said: string | null = null
  void stopped.died.then((sentence) => (said = sentence))
  await stopped.stop()
  expect(said).toBeNull()
})

test('A data folder whose path is too long for a socket is refused before anything is made', async () => {
  const long = join(folder, 'x'.repeat(100))
  await expect(start(long)).rejects.toThrow(
    `The path of the data folder is too long for a unix socket (${join(long, 'redis', 'redis.sock')}). ` +
      'Set FLUXWATCH_DATA_DIR to a shorter one.',
  )
  await expect(stat(long)).rejects.toMatchObject({ code: 'ENOENT' })
})

test('The longest path that fits works', async () => {
  const room = 107 - Buffer.byteLength(join(folder, 'redis', 'redis.sock')) - 1
  const own = await start(join(folder, 'y'.repeat(room)))
  expect(Buffer.byteLength(own.socketPath)).toBe(107)
  expect(await on(own, (redis) => redis.ping())).toBe('PONG')
})

test('Without any server on the PATH the sentence says what to install', async () => {
  process.env['PATH'] = folder
  await expect(start()).rejects.toThrow(OwnRedisError)
  await expect(start()).rejects.toThrow(
    /^Neither redis-server nor valkey-server is on the PATH\. Install one/,
  )
})

test('valkey-server is used where there is no redis-server', async () => {
  await symlink(await programOnPath('redis-server'), join(folder, 'valkey-server'))
  process.env['PATH'] = folder
  const own = await start()
  expect(own.program).toBe('valkey-server')
  expect(await on(own, (redis) => redis.ping())).toBe('PONG')
})

async function programOnPath(program: string): Promise<string> {
  for (const part of searchPath!.split(delimiter)) {
    const path = join(part, program)
    if (await stat(path).catch(() => null)) return path
  }
  throw new Error(`${program} is not on the PATH`)
}

test('A server that cannot start is told with what it said', async () => {
  const program = join(folder, 'redis-server')
  await writeFile(program, '#!/bin/sh\necho "Fatal: no memory for the hash table" >&2\nexit 3\n')
  await chmod(program, 0o755)
  process.env['PATH'] = `${folder}${delimiter}${searchPath}`
  await expect(start()).rejects.toThrow(
    /The own Redis server did not start: .*Fatal: no memory for the hash table/,
  )
})
