import { once } from 'node:events'
import { createConnection, createServer, type AddressInfo, type Server } from 'node:net'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  backlogOf,
  OutboxReader,
  type OutboxHandler,
  type OutboxOptions,
} from '../../src/store/outbox-reader.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'

const STREAMS = ['s:1', 's:2']
const STOP_LIMIT_MS = 10_000

let server: TestRedis
let redis: Redis
const connections: Redis[] = []

beforeAll(async () => {
  server = await startRedis()
  redis = new Redis(server.path)
})
afterAll(async () => {
  redis?.disconnect()
  await server?.stop()
})
beforeEach(() => redis.flushall())
afterEach(() => {
  for (const connection of connections.splice(0)) connection.disconnect()
})

function reader(consumer: string, options: Partial<OutboxOptions> = {}): OutboxReader {
  const connection = new Redis(server.path, { maxRetriesPerRequest: null })
  connections.push(connection)
  return new OutboxReader(connection, { group: 'g', consumer, streams: STREAMS, field: 'event', ...options })
}

async function write(stream: string, ...payloads: string[]): Promise<void> {
  for (const payload of payloads) await redis.xadd(stream, '*', 'event', payload)
}

/** Collects what the handler got; `until` resolves when so many payloads are there. */
class Collected {
  readonly payloads: string[] = []
  #waiting: { count: number; resolve: () => void }[] = []

  readonly handle: OutboxHandler = async (payloads) => {
    this.payloads.push(...payloads.map(String))
    this.#waiting = this.#waiting.filter(({ count, resolve }) => {
      if (this.payloads.length >= count) resolve()
      return this.payloads.length < count
    })
  }

  until(count: number): Promise<void> {
    if (this.payloads.length >= count) return Promise.resolve()
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#waiting.push({ count, resolve })
    return promise
  }

  of(stream: string): string[] {
    return this.payloads.filter((payload) => payload.startsWith(stream))
  }
}

/** Between a client and Redis: swallows the first answer that holds a text, and cuts the connection instead. */
class LossyProxy {
  readonly port: number
  readonly hasSwallowed: Promise<void>
  readonly #listener: Server

  private constructor(listener: Server, hasSwallowed: Promise<void>) {
    this.#listener = listener
    this.hasSwallowed = hasSwallowed
    this.port = (listener.address() as AddressInfo).port
  }

  static async start(path: string, text: string): Promise<LossyProxy> {
    const { promise, resolve } = Promise.withResolvers<void>()
    let isOver = false
    const listener = createServer((client) => {
      const upstream = createConnection(path)
      const end = (): void => {
        client.destroy()
        upstream.destroy()
      }
      for (const socket of [client, upstream]) socket.on('error', end).on('close', end)
      client.pipe(upstream)
      upstream.on('data', (chunk) => {
        if (isOver || !chunk.includes(text)) return void client.write(chunk)
        isOver = true
        end()
        resolve()
      })
    }).listen(0, '127.0.0.1')
    await once(listener, 'listening')
    return new LossyProxy(listener, promise)
  }

  async stop(): Promise<void> {
    this.#listener.close()
  }
}

/** A consumer that takes entries and dies before it is done with them. */
async function takeAndDie(consumer: string): Promise<void> {
  for (const stream of STREAMS) await redis.xgroup('CREATE', stream, 'g', '0', 'MKSTREAM')
  await redis.xreadgroup('GROUP', 'g', consumer, 'COUNT', 100, 'STREAMS', ...STREAMS, '>', '>')
}

describe('The reader', () => {
  test('hands over everything, in order within a stream, and leaves the streams empty', async () => {
    const numbers = Array.from({ length: 200 }, (_, index) => index)
    await write('s:1', ...numbers.slice(0, 100).map((number) => `s:1 ${number}`))
    const collected = new Collected()
    const one = reader('a')
    await one.start(collected.handle)
    await write('s:2', ...numbers.map((number) => `s:2 ${number}`))
    await write('s:1', ...numbers.slice(100).map((number) => `s:1 ${number}`))
    await collected.until(400)
    await one.stop(STOP_LIMIT_MS)
    expect(collected.of('s:1')).toEqual(numbers.map((number) => `s:1 ${number}`))
    expect(collected.of('s:2')).toEqual(numbers.map((number) => `s:2 ${number}`))
    expect(await backlogOf(redis, STREAMS)).toBe(0)
    for (const stream of STREAMS) expect((await redis.xpending(stream, 'g'))[0]).toBe(0)
  })

  test('brings entries again when the handler fails, before newer ones', async () => {
    const collected = new Collected()
    const errors: unknown[] = []
    let failures = 2
    const one = reader('a', { onError: (error) => errors.push(error) })
    await write('s:1', 'first', 'second')
    await one.start(async (payloads) => {
      if (failures > 0) {
        failures -= 1
        await write('s:1', `later ${failures}`)
        throw new Error('the disk is full')
      }
      await collected.handle(payloads)
    })
    await collected.until(4)
    await one.stop(STOP_LIMIT_MS)
    expect(collected.payloads).toEqual(['first', 'second', 'later 1', 'later 0'])
    expect(errors).toEqual([new Error('the disk is full'), new Error('the disk is full')])
    expect(await backlogOf(redis, STREAMS)).toBe(0)
  })

  test('keeps in the stream what it has not dealt with', async () => {
    const handling = Promise.withResolvers<void>()
    const finish = Promise.withResolvers<void>()
    const one = reader('a')
    await write('s:1', 'x')
    await one.start(async () => {
      handling.resolve()
      await finish.promise
    })
    await handling.promise
    expect(await backlogOf(redis, STREAMS)).toBe(1)
    finish.resolve()
    await one.stop(STOP_LIMIT_MS)
    expect(await backlogOf(redis, STREAMS)).toBe(0)
  })

  test('of the same name takes up at once what it had before it was killed', async () => {
    await write('s:1', 'a', 'b')
    await takeAndDie('serve')
    await write('s:1', 'c')
    const collected = new Collected()
    const again = reader('serve')
    await again.start(collected.handle)
    await collected.until(3)
    await again.stop(STOP_LIMIT_MS)
    expect(collected.payloads).toEqual(['a', 'b', 'c'])
    expect(await backlogOf(redis, STREAMS)).toBe(0)
  })

  test('takes over what another one that died had taken, in every stream', async () => {
    await write('s:1', ...Array.from({ length: 70 }, (_, index) => `s:1 ${index}`))
    await write('s:2', 's:2 0')
    await takeAndDie('dead')
    const collected = new Collected()
    const other = reader('alive', { takeOverAfterMs: 0 })
    await other.start(collected.handle)
    await collected.until(65)
    expect(new Set(collected.payloads).has('s:2 0')).toBe(true)
    expect(collected.of('s:1').slice(0, 64)).toEqual(Array.from({ length: 64 }, (_, index) => `s:1 ${index}`))
    await other.stop(STOP_LIMIT_MS)
  })

  test('leaves to another what that one took a moment ago', async () => {
    await write('s:1', 'taken')
    await takeAndDie('busy')
    await write('s:1', 'new')
    const collected = new Collected()
    const other = reader('other', { takeOverAfterMs: 60_000 })
    await other.start(collected.handle)
    await collected.until(1)
    await other.stop(STOP_LIMIT_MS)
    expect(collected.payloads).toEqual(['new'])
    expect((await redis.xpending('s:1', 'g'))[0]).toBe(1)
  })

  test('keeps what its handler is busy with, however long that takes', async () => {
    const finish = Promise.withResolvers<void>()
    const handling = Promise.withResolvers<void>()
    const slow: string[] = []
    await write('s:1', 'slow')
    const one = reader('slow', { takeOverAfterMs: 200 })
    await one.start(async (payloads) => {
      slow.push(...payloads.map(String))
      handling.resolve()
      await finish.promise
    })
    await handling.promise
    const claims = async (): Promise<number> =>
      Number(/cmdstat_xclaim:calls=(\d+)/.exec(await redis.info('commandstats'))?.[1] ?? 0)
    const before = await claims()
    // Kept five times in 50 ms each: longer than what would have been silence.
    await expect.poll(async () => (await claims()) - before, { timeout: 5_000 }).toBeGreaterThanOrEqual(5)
    const taken = new Collected()
    const other = reader('other', { takeOverAfterMs: 200 })
    await other.start(taken.handle)
    await write('s:2', 'next')
    await taken.until(1)
    await other.stop(STOP_LIMIT_MS)
    finish.resolve()
    await one.stop(STOP_LIMIT_MS)
    expect(taken.payloads).toEqual(['next'])
    expect(slow).toEqual(['slow'])
    expect(await backlogOf(redis, STREAMS)).toBe(0)
  })

  test('takes as many entries in a look as make so many octets', async () => {
    const looks: number[] = []
    await write('s:1', ...Array.from({ length: 1000 }, () => 'x'.repeat(100)))
    const one = reader('a', { streams: ['s:1'], octetsALook: 20_000 })
    await one.start(async (payloads) => {
      looks.push(payloads.length)
    })
    await one.stop(STOP_LIMIT_MS)
    // The first look knows nothing of their size.
    expect(looks).toEqual([64, 200, 200, 200, 200, 136])
  })

  test('lets entries gather where that is asked for, and while it is behind it does not', async () => {
    const looks: number[] = []
    await write('s:1', ...Array.from({ length: 130 }, (_, index) => String(index)))
    const one = reader('a', { streams: ['s:1'], gatherMs: 60_000 })
    const rest = Promise.withResolvers<void>()
    await one.start(async (payloads) => {
      looks.push(payloads.length)
      if (payloads.length < 64) rest.resolve()
    })
    await rest.promise
    await write('s:1', 'later', 'still later')
    // Stopping ends the wait.
    await one.stop(STOP_LIMIT_MS)
    expect(looks).toEqual([64, 64, 2, 2])
  })

  test('shares the entries with the others of its group, each entry to one of them', async () => {
    const one = new Collected()
    const two = new Collected()
    const readers = [reader('one'), reader('two')]
    await readers[0]!.start(one.handle)
    await readers[1]!.start(two.handle)
    const payloads = Array.from({ length: 300 }, (_, index) => `s:1 ${index}`)
    await write('s:1', ...payloads)
    await Promise.all(readers.map((each) => each.stop(STOP_LIMIT_MS)))
    expect([...one.payloads, ...two.payloads].toSorted()).toEqual(payloads.toSorted())
  })

  test('is not held up by an entry that was taken and then deleted', async () => {
    await write('s:1', 'gone', 'kept')
    await takeAndDie('serve')
    const [first] = await redis.xrange('s:1', '-', '+', 'COUNT', 1)
    await redis.xdel('s:1', first![0])
    const collected = new Collected()
    const again = reader('serve')
    await again.start(collected.handle)
    await collected.until(1)
    await again.stop(STOP_LIMIT_MS)
    expect(collected.payloads).toEqual(['kept'])
    expect((await redis.xpending('s:1', 'g'))[0]).toBe(0)
  })

  test('hands over what an answer brought that was lost with its connection, before newer entries', async () => {
    const proxy = await LossyProxy.start(server.path, 'entry 1')
    const connection = new Redis({ host: '127.0.0.1', port: proxy.port, maxRetriesPerRequest: null })
    connection.on('error', () => {})
    connections.push(connection)
    const collected = new Collected()
    const one = new OutboxReader(connection, { group: 'g', consumer: 'a', streams: STREAMS, field: 'event' })
    await one.start(collected.handle)
    await write('s:1', 'entry 1')
    await proxy.hasSwallowed
    await write('s:1', 'entry 2')
    await collected.until(2)
    await one.stop(STOP_LIMIT_MS)
    expect(collected.payloads).toEqual(['entry 1', 'entry 2'])
    expect(await backlogOf(redis, STREAMS)).toBe(0)
    await proxy.stop()
  })

  test('goes on after Redis has lost everything', async () => {
    const collected = new Collected()
    const failed = Promise.withResolvers<void>()
    const one = reader('a', { onError: () => failed.resolve() })
    await write('s:1', 'before')
    await one.start(collected.handle)
    await collected.until(1)
    await redis.flushall()
    await failed.promise
    await write('s:1', 'after')
    await collected.until(2)
    await one.stop(STOP_LIMIT_MS)
    expect(collected.payloads).toEqual(['before', 'after'])
  })
})

describe('Stopping', () => {
  test('deals with everything that is in the streams first', async () => {
    const collected = new Collected()
    const one = reader('a')
    await one.start(collected.handle)
    const payloads = Array.from({ length: 500 }, (_, index) => `s:2 ${index}`)
    await write('s:2', ...payloads)
    await one.stop(STOP_LIMIT_MS)
    expect(collected.payloads).toEqual(payloads)
    expect(await backlogOf(redis, STREAMS)).toBe(0)
  })

  test('is bounded: what is left stays pending and comes again', async () => {
    const never = Promise.withResolvers<void>()
    const handling = Promise.withResolvers<void>()
    const one = reader('a')
    await write('s:1', 'x')
    await one.start(async () => {
      handling.resolve()
      await never.promise
    })
    await handling.promise
    await one.stop(20)
    const collected = new Collected()
    const again = reader('a')
    await again.start(collected.handle)
    await collected.until(1)
    expect(collected.payloads).toEqual(['x'])
    await again.stop(STOP_LIMIT_MS)
  })

  test('a reader that never started is done at once', async () => {
    await reader('a').stop(STOP_LIMIT_MS)
    expect(await redis.exists(...STREAMS)).toBe(0)
  })
})
