import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { SecureServerOptions } from 'node:http2'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import packet from 'dns-packet'
import { describe, expect, test } from 'vitest'
import { DohExchange, type DohExchangeOptions } from '../../src/dns/doh-exchange.ts'
import { PacketTally, type Exchanged } from '../../src/dns/exchange.ts'
import { RandomOctets } from '../../src/dns/random-octets.ts'
import { parseClientSubnet } from '../../src/dns/wire/client-subnet.ts'
import { DohServer, dohAnswer, type DohBehave } from './doh-server.ts'
import { CA, addressFor, optWith, tlsAs } from './stream-server.ts'
import { HandWheel, LONG, LONG_TWICE, toClose } from './stream-stage.ts'

const honest: DohBehave = (asked) => asked.respond(dohAnswer(asked))

async function serve(behave: DohBehave, options: SecureServerOptions = {}): Promise<DohServer> {
  return toClose(await DohServer.start(behave, options))
}

function over(server: DohServer, options: Partial<DohExchangeOptions> = {}): DohExchange {
  const defaults = { url: server.url(), ca: CA, timeoutsMs: LONG, random: new RandomOctets() }
  return toClose(new DohExchange({ ...defaults, ...options }))
}

async function ask(
  exchange: DohExchange,
  name = 'n1.test',
  signal?: AbortSignal,
  tally = new PacketTally(),
): Promise<Exchanged> {
  return exchange.exchange({ name, type: 'A' }, { edns: {}, recursionDesired: true }, tally, signal)
}

function firstAnswer(exchanged: Exchanged): unknown {
  return exchanged.kind === 'message' ? exchanged.message.answer[0] : exchanged.kind
}

const RIGHT = { name: 'n1.test', type: 'A', ttlSeconds: 60, data: addressFor('n1.test') }

describe('a query', () => {
  test('is a POST of one padded DNS message with id 0', async () => {
    const server = await serve(honest)
    expect(firstAnswer(await ask(over(server)))).toEqual(RIGHT)
    const [asked] = server.asked
    expect(asked?.headers).toMatchObject({
      ':method': 'POST',
      ':path': '/dns-query',
      ':scheme': 'https',
      accept: 'application/dns-message',
      'content-type': 'application/dns-message',
    })
    expect(asked?.packet).toMatchObject({ id: 0, flag_rd: true, questions: [{ name: 'n1.test', type: 'A' }] })
    expect(asked?.bytes).toHaveLength(128)
  })

  test('can be a GET, with the message in base64url and no body', async () => {
    const server = await serve(honest)
    for (const url of [
      server.url(),
      server.url('127.0.0.1', '/dns-query{?dns}'),
      server.url('127.0.0.1', '/q?a=1'),
    ])
      expect(firstAnswer(await ask(over(server, { url, method: 'GET' })))).toEqual(RIGHT)
    const paths = server.asked.map((asked) => String(asked.headers[':path']))
    expect(paths[0]).toMatch(/^\/dns-query\?dns=[\w-]+$/)
    expect(paths[1]).toBe(paths[0])
    expect(paths[2]).toMatch(/^\/q\?a=1&dns=[\w-]+$/)
    expect(server.asked[0]?.headers).not.toHaveProperty('content-type')
    expect(server.asked[0]?.bytes).toHaveLength(128)
  })

  test('goes to the pinned address of a host that is a name, which nothing resolves', async () => {
    const server = await serve(honest)
    const exchange = over(server, { url: server.url('dns.test'), address: '127.0.0.1' })
    expect(firstAnswer(await ask(exchange))).toEqual(RIGHT)
    expect(server.asked[0]?.headers[':authority']).toBe(`dns.test:${server.port}`)
  })

  test('carries the client subnet, and the scope that comes back is in the message', async () => {
    const server = await serve((asked) => {
      const additionals = [optWith(8, Buffer.of(0, 1, 24, 20, 203, 0, 113))]
      asked.respond(dohAnswer(asked, { additionals }))
    })
    const edns = { clientSubnet: parseClientSubnet('203.0.113.0/24')! }
    const exchanged = await over(server).exchange(
      { name: 'n1.test', type: 'A' },
      { edns, recursionDesired: true },
      new PacketTally(),
    )
    expect(server.asked[0]?.bytes.includes(Buffer.of(0, 8, 0, 7, 0, 1, 24, 0, 203, 0, 113))).toBe(true)
    expect(exchanged).toMatchObject({ message: { edns: { clientSubnet: { scopePrefixLength: 20 } } } })
  })

  test('shares one connection with hundreds of others, as many at a time as the server allows', async () => {
    let atOnce = 0
    let most = 0
    const server = await serve(
      (asked) => {
        atOnce += 1
        most = Math.max(most, atOnce)
        setImmediate(() => {
          atOnce -= 1
          asked.respond(dohAnswer(asked))
        })
      },
      { settings: { maxConcurrentStreams: 20 } },
    )
    const exchange = over(server)
    const came = await Promise.all(
      Array.from({ length: 300 }, async (_, index) => ask(exchange, `n${index}.test`)),
    )
    expect(came.map((exchanged) => firstAnswer(exchanged))).toMatchObject(
      came.map((_, index) => ({ data: addressFor(`n${index}.test`) })),
    )
    expect(server.sessions).toHaveLength(1)
    expect(most).toBeGreaterThan(1)
    expect(most).toBeLessThanOrEqual(20)
    expect(exchange.inFlight).toBe(0)
  })
})

describe('a response', () => {
  test.each<[string, DohBehave]>([
    ['429', (asked) => asked.respond(dohAnswer(asked), { ':status': 429, 'retry-after': 1 })],
    ['500', (asked) => asked.respond(dohAnswer(asked), { ':status': 500 })],
    ['204', (asked) => asked.respond(Buffer.alloc(0), { ':status': 204 })],
    ['a redirect', (asked) => asked.respond(Buffer.alloc(0), { ':status': 307, location: '/elsewhere' })],
    ['another type', (asked) => asked.respond(dohAnswer(asked), { 'content-type': 'application/dns-json' })],
    ['no type', (asked) => asked.respond(dohAnswer(asked), { 'content-type': '' })],
    [
      'an announced 70,000 octets',
      (asked) => asked.respond(Buffer.alloc(70_000), { 'content-length': 70_000 }),
    ],
    ['unannounced 70,000 octets', (asked) => asked.respond(Buffer.alloc(70_000))],
  ])('with %s is an HTTP error, asked once and not followed', async (_, behave) => {
    const server = await serve(behave)
    const exchange = over(server, { timeoutsMs: [60_000, 60_000] })
    expect(await ask(exchange)).toEqual({ kind: 'http_error', transport: 'doh' })
    expect(server.asked).toHaveLength(1)
    server.behave = honest
    expect(firstAnswer(await ask(exchange))).toEqual(RIGHT)
  })

  test('may name parameters of its type, and come in pieces', async () => {
    const server = await serve((asked) => {
      const bytes = dohAnswer(asked)
      asked.stream.respond({ ':status': 200, 'content-type': 'Application/DNS-Message; charset=x' })
      asked.stream.write(bytes.subarray(0, 13))
      asked.stream.end(bytes.subarray(13))
    })
    expect(firstAnswer(await ask(over(server)))).toEqual(RIGHT)
  })

  test.each([
    ['20', 40],
    ['60', 0],
    ['4000000', 0],
    ['0', 60],
    ['-5', 60],
    ['soon', 60],
  ])('that caches held for Age %s has its TTL of 60 counted down to %i', async (age, ttlSeconds) => {
    const server = await serve((asked) => asked.respond(dohAnswer(asked), { age }))
    expect(firstAnswer(await ask(over(server)))).toEqual({ ...RIGHT, ttlSeconds })
  })

  test.each<[string, DohBehave, number]>([
    ['to another question', (asked) => asked.respond(packet.encode({ type: 'response', id: 0 })), 1],
    ['that is empty', (asked) => asked.respond(Buffer.alloc(0)), 1],
    [
      'whose counts lie',
      (asked) => {
        const bytes = dohAnswer(asked)
        bytes.writeUInt16BE(99, 6)
        asked.respond(bytes)
      },
      0,
    ],
  ])('%s is malformed, after all attempts', async (_, behave, mismatchedEach) => {
    const server = await serve(behave)
    const exchange = over(server, { timeoutsMs: [60_000, 60_000] })
    expect(await ask(exchange)).toMatchObject({ kind: 'malformed', transport: 'doh' })
    expect(server.asked).toHaveLength(2)
    expect(exchange.counters).toMatchObject({ retried: 1, mismatched: 2 * mismatchedEach })
  })
})

describe('a connection', () => {
  test('that the server ends with GOAWAY, or a stream that it resets, costs an attempt', async () => {
    const server = await serve((asked) => {
      if (server.asked.length === 1) asked.stream.session?.destroy()
      else if (server.asked.length === 2) asked.stream.close(2)
      else honest(asked, server)
    })
    const tally = new PacketTally()
    const exchange = over(server, { timeoutsMs: [60_000, 60_000, 60_000] })
    expect(firstAnswer(await ask(exchange, 'n1.test', undefined, tally))).toEqual(RIGHT)
    expect(tally.count).toBe(3)
    expect(server.sessions).toHaveLength(2)
  })

  test('whose certificate is for another name is refused, and the reason is said', async () => {
    const server = await serve(honest, tlsAs('other'))
    const exchange = over(server, { url: server.url('dns.test'), address: '127.0.0.1' })
    expect(await ask(exchange)).toEqual({ kind: 'network', transport: 'doh' })
    expect(server.asked).toEqual([])
    expect(exchange.status.lastError).toContain('dns.test')
    expect(exchange.status.connectFailures).toBeGreaterThan(0)
  })

  test('that speaks HTTP/1.1 only is refused: nothing is sent, and the reason is said', async () => {
    let requests = 0
    const server = createServer(tlsAs(), (_request, response) => {
      requests += 1
      response.end()
    }).listen(0, '127.0.0.1')
    toClose({ close: async () => void server.close() })
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const options = { ca: CA, timeoutsMs: LONG, random: new RandomOctets() }
    const exchange = toClose(new DohExchange({ ...options, url: `https://127.0.0.1:${port}/dns-query` }))
    expect(await ask(exchange)).toEqual({ kind: 'network', transport: 'doh' })
    expect(requests).toBe(0)
    expect(exchange.status.lastError).toContain('speaks no HTTP/2')
    expect(exchange.status.connectFailures).toBeGreaterThan(0)
  })

  test('that goes silent is given up for another one', async () => {
    const server = await serve((asked) => {
      if (asked.name === 'n1.test' || server.sessions.length > 1) honest(asked, server)
    })
    const time = new HandWheel()
    const exchange = over(server, { timeoutsMs: LONG_TWICE, wheel: time.wheel })
    await ask(exchange, 'n1.test')
    const asked = Promise.all([ask(exchange, 'n2.test'), ask(exchange, 'n3.test')])
    await server.until(() => server.asked.length === 3)
    time.skip(60_000)
    const came = await asked
    expect(came.map((exchanged) => firstAnswer(exchanged))).toMatchObject([
      { data: addressFor('n2.test') },
      { data: addressFor('n3.test') },
    ])
    expect(server.sessions).toHaveLength(2)
    await server.until(() => server.sessions[0]?.destroyed === true)
  })

  test('that answers others is kept when one question stays without an answer', async () => {
    const server = await serve((asked) => {
      if (asked.name !== 'n1.test') honest(asked, server)
    })
    const time = new HandWheel()
    const exchange = over(server, { wheel: time.wheel })
    const silent = ask(exchange, 'n1.test')
    await server.until(() => server.asked.length === 1)
    expect(firstAnswer(await ask(exchange, 'n2.test'))).toMatchObject({ data: addressFor('n2.test') })
    time.skip(60_000)
    expect(await silent).toMatchObject({ kind: 'timeout' })
    await ask(exchange, 'n3.test')
    expect(server.sessions).toHaveLength(1)
  })

  test('that nobody takes is tried less and less often, not once for each question', async () => {
    const gone = await DohServer.start(honest)
    await gone.close()
    const exchange = over(gone, { timeoutsMs: [250, 250] })
    const tally = new PacketTally()
    const came = await Promise.all(
      Array.from({ length: 50 }, async () => ask(exchange, 'n1.test', undefined, tally)),
    )
    expect(new Set(came.map(({ kind }) => kind))).toEqual(new Set(['network']))
    expect(tally.count).toBe(0)
    expect(exchange.status.lastError).toContain('ECONNREFUSED')
  })
})

describe('a server that takes connections and drops each one', () => {
  test('is connected to less and less often, and the question still ends', async () => {
    const server = await serve((asked) => asked.stream.session?.destroy())
    const attempts = 12
    const exchange = over(server, { timeoutsMs: Array.from({ length: attempts }, () => 200) })
    expect((await ask(exchange, 'n1.test')).kind).not.toBe('message')
    expect(server.sessions.length).toBeGreaterThan(1)
    // Without a back-off there is one connection for each attempt.
    expect(server.sessions.length).toBeLessThan(attempts)
  })
})

describe('a stream that the server refuses', () => {
  test('is opened again at no cost, and fewer at the same time, until the server bears them', async () => {
    const server = await serve((asked) => setImmediate(() => asked.respond(dohAnswer(asked))))
    server.accepts = ({ streams }) => streams < 1
    const exchange = over(server)
    const came = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => ask(exchange, `n${index}.test`)),
    )
    expect(came.map((exchanged) => firstAnswer(exchanged))).toMatchObject(
      came.map((_, index) => ({ data: addressFor(`n${index}.test`) })),
    )
    expect(server.refused).toBeGreaterThan(0)
    expect(exchange.counters.retried).toBe(0)
    const before = server.refused
    for (let index = 0; index < 20; index++) await ask(exchange, 'n1.test')
    expect(server.refused).toBe(before)
  })

  test('each time ends the question as a network failure, and says so', async () => {
    const server = await serve(honest)
    server.accepts = () => false
    const exchange = over(server, { timeoutsMs: [60_000, 60_000] })
    expect(await ask(exchange)).toEqual({ kind: 'network', transport: 'doh' })
    expect(exchange.counters.retried).toBe(1)
    expect(exchange.status.lastError).toContain('refuses streams')
    expect(exchange.inFlight).toBe(0)
  })

  test('leaves nothing behind when its question is aborted while it waits for its turn', async () => {
    const server = await serve(() => {})
    const exchange = over(server, { maxInFlight: 2 })
    server.accepts = ({ streams }) => streams < 1
    const controller = new AbortController()
    const held = ask(exchange, 'n1.test')
    const waits = ask(exchange, 'n2.test', controller.signal)
    await server.until(() => server.asked.length === 1 && server.refused > 0)
    const reason = new Error('round over')
    controller.abort(reason)
    await expect(waits).rejects.toBe(reason)
    server.behave = honest
    for (const asked of server.asked) asked.respond(dohAnswer(asked))
    expect(firstAnswer(await held)).toMatchObject({ data: addressFor(server.asked[0]!.name) })
    expect(exchange.inFlight).toBe(0)
    expect(firstAnswer(await ask(exchange))).toEqual(RIGHT)
  })
})

describe('silence', () => {
  test('is a time-out after all attempts, each with a request of its own that is then cancelled', async () => {
    const server = await serve(() => {})
    const tally = new PacketTally()
    const time = new HandWheel()
    const exchange = over(server, { timeoutsMs: LONG_TWICE, wheel: time.wheel })
    const asked = ask(exchange, 'n1.test', undefined, tally)
    for (const attempt of [1, 2]) {
      await server.until(() => server.asked.length === attempt)
      time.skip(60_000)
    }
    expect(await asked).toEqual({ kind: 'timeout', transport: 'doh' })
    expect(tally.count).toBe(2)
    await server.until(() => server.asked.every(({ stream }) => stream.closed))
  })

  test('ends with the reason of an aborted signal, and the request is cancelled', async () => {
    const server = await serve(() => {})
    const exchange = over(server, { maxInFlight: 1 })
    const controller = new AbortController()
    const asked = ask(exchange, 'n1.test', controller.signal)
    const waits = ask(exchange, 'n2.test', controller.signal)
    await server.until(() => server.asked.length === 1)
    const reason = new Error('round over')
    controller.abort(reason)
    await expect(asked).rejects.toBe(reason)
    await expect(waits).rejects.toBe(reason)
    await expect(ask(exchange, 'n3.test', controller.signal)).rejects.toBe(reason)
    await server.until(() => server.asked.every(({ stream }) => stream.closed))
    expect(exchange.inFlight).toBe(0)
    server.behave = honest
    expect(firstAnswer(await ask(exchange))).toEqual(RIGHT)
    expect(server.asked.map(({ name }) => name)).toEqual(['n1.test', 'n1.test'])
  })

  test('ends as a network failure when the exchange is closed', async () => {
    const server = await serve(() => {})
    const exchange = over(server, { maxInFlight: 1 })
    const asked = [ask(exchange), ask(exchange)]
    await server.until(() => server.asked.length === 1)
    await exchange.close()
    const network = { kind: 'network', transport: 'doh' }
    expect(await Promise.all([...asked, ask(exchange)])).toEqual([network, network, network])
  })
})

test('an idle connection does not keep the process alive, and an open question does', async () => {
  const server = await serve(() => {})
  const child = spawn(process.execPath, [join(import.meta.dirname, 'doh-child.ts'), server.url()], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (chunk) => {
    said += String(chunk)
  })
  await server.until(() => server.asked.length === 1)
  expect(child.exitCode).toBeNull()
  for (const asked of server.asked) asked.respond(dohAnswer(asked))
  const [code] = await once(child, 'exit')
  expect({ code, said }).toEqual({ code: 0, said: addressFor('n5.test') })
})

test('a URL that is not https, or whose host is a name without an address, is refused', () => {
  const options = { timeoutsMs: LONG, random: new RandomOctets() }
  expect(() => new DohExchange({ ...options, url: 'http://127.0.0.1/dns-query' })).toThrow('https only')
  expect(() => new DohExchange({ ...options, url: 'https://dns.example/dns-query' })).toThrow(
    'needs the address',
  )
})
