import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterEach, describe, expect, test } from 'vitest'
import type { FluxEvent } from '../../src/core/model/event.ts'
import { parseCidr } from '../../src/core/net/cidr.ts'
import type { LookupAll } from '../../src/notify/guarded-connector.ts'
import { makeSecret } from '../../src/notify/secret.ts'
import { WebhookSender, type WebhookSenderOptions } from '../../src/notify/webhook-sender.ts'
import { WebhookReceiver, type Answer } from '../support/webhook-receiver.ts'

const LOOPBACK = [parseCidr('127.0.0.0/8')!]
const EVENT: FluxEvent = {
  id: 'e1',
  type: 'endpoint.test',
  timestamp: '2026-01-31T12:00:00.000Z',
  data: { message: 'grüße' },
}

const open: { close?: () => Promise<void>; stop?: () => Promise<void> }[] = []
afterEach(async () => {
  for (const thing of open.splice(0)) await (thing.close ?? thing.stop)!.call(thing)
})

async function receiver(answer: (number: number) => Answer): Promise<WebhookReceiver> {
  const started = await WebhookReceiver.start(answer)
  open.push(started)
  return started
}

function sender(options: Partial<WebhookSenderOptions> = {}): WebhookSender {
  const made = new WebhookSender({ version: '1.2.3', allow: LOOPBACK, ...options })
  open.push(made)
  return made
}

const secret = makeSecret()
const attempt = (url: string, signal?: AbortSignal) => ({
  endpoint: { url, secret },
  messageId: 'e1-wh_1',
  event: EVENT,
  now: 42,
  signal,
})

/** Resolves names as the test says and remembers what it was asked. */
function scriptedLookup(names: Record<string, string[]>): { lookup: LookupAll; asked: string[] } {
  const asked: string[] = []
  const lookup: LookupAll = (name, _, callback) => {
    asked.push(name)
    const found = names[name]?.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    if (found === undefined)
      callback(Object.assign(new Error(`ENOTFOUND ${name}`), { code: 'ENOTFOUND' }), [])
    else callback(null, found)
  }
  return { lookup, asked }
}

/** A TCP server that speaks no HTTP by itself. */
async function rawServer(onConnection: Parameters<typeof createServer>[1]): Promise<number> {
  const server: Server = createServer(onConnection)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push({ stop: async () => void server.close() })
  return (server.address() as AddressInfo).port
}

describe('the webhook sender', () => {
  test('posts type, timestamp and data, signed so that the reference library accepts it', async () => {
    const server = await receiver(() => ({ status: 204 }))
    const before = Math.floor(Date.now() / 1_000)
    const result = await sender().send(attempt(server.url))
    expect(result).toEqual({
      at: 42,
      status: 204,
      error: null,
      durationMs: expect.any(Number),
      outcome: 'delivered',
      retryAfterMs: null,
    })
    const [request] = server.requests
    expect([request!.method, request!.path]).toEqual(['POST', '/hook'])
    expect(request!.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'fluxwatch/1.2.3',
      'webhook-id': 'e1-wh_1',
    })
    expect(Number(request!.headers['webhook-timestamp'])).toBeGreaterThanOrEqual(before)
    const verified = new Webhook(secret).verify(request!.body, request!.headers as Record<string, string>)
    expect(verified).toEqual({
      type: 'endpoint.test',
      timestamp: '2026-01-31T12:00:00.000Z',
      data: { message: 'grüße' },
    })
  })

  test.each([
    [200, 'delivered', null],
    [299, 'delivered', null],
    [304, 'retry', 'HTTP 304: redirects are not followed'],
    [400, 'retry', 'HTTP 400'],
    [404, 'retry', 'HTTP 404'],
    [410, 'gone', 'HTTP 410: the endpoint is gone'],
    [500, 'retry', 'HTTP 500'],
  ])('status %i is %s', async (status, outcome, error) => {
    const server = await receiver(() => ({ status }))
    expect(await sender().send(attempt(server.url))).toMatchObject({ status, outcome, error })
  })

  test('a redirect is a failure and is not followed', async () => {
    const target = await receiver(() => ({ status: 200 }))
    const server = await receiver(() => ({ status: 307, headers: { location: target.url } }))
    const result = await sender().send(attempt(server.url))
    expect(result).toMatchObject({
      status: 307,
      outcome: 'retry',
      error: 'HTTP 307: redirects are not followed',
    })
    expect(target.requests).toEqual([])
  })

  test('Retry-After is reported for 429 and 503 and for nothing else', async () => {
    const statuses = [429, 503, 500, 302]
    const server = await receiver((number) => ({
      status: statuses[number - 1]!,
      headers: { 'retry-after': '90' },
    }))
    const waits: (number | null)[] = []
    const one = sender()
    for (const _ of statuses) waits.push((await one.send(attempt(server.url))).retryAfterMs)
    expect(waits).toEqual([90_000, 90_000, null, null])
  })

  test('an answer of any length delivers, and nothing of it is kept', async () => {
    const server = await receiver(() => ({ status: 200, body: Buffer.alloc(4_000_000, 'secret page ') }))
    const result = await sender().send(attempt(server.url))
    expect(result.outcome).toBe('delivered')
    expect(JSON.stringify(result)).not.toContain('secret page')
  })

  test('a receiver that never answers fails after the time-out', async () => {
    const server = await receiver(() => 'hold')
    const result = await sender({ timeoutMs: 200 }).send(attempt(server.url))
    expect(result).toMatchObject({ status: null, outcome: 'retry', error: 'no answer within 200 ms' })
    expect(result.durationMs).toBeGreaterThanOrEqual(190)
  })

  test('an answer whose body never ends is delivered by its status, in bounded time', async () => {
    const port = await rawServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nab'))
    })
    const result = await sender({ timeoutMs: 300 }).send(attempt(`http://127.0.0.1:${port}/`))
    expect(result).toMatchObject({ status: 200, outcome: 'delivered' })
  })

  test('what is no HTTP and who does not listen are failures with their code', async () => {
    const port = await rawServer((socket) => socket.end('SSH-2.0-nothing\r\n'))
    const nonsense = await sender().send(attempt(`http://127.0.0.1:${port}/`))
    expect(nonsense).toMatchObject({
      status: null,
      outcome: 'retry',
      error: expect.stringContaining('HTTP/1.1'),
    })
    const server = await receiver(() => ({ status: 200 }))
    const { url } = server
    await server.stop()
    const silence = await sender().send(attempt(url))
    expect(silence).toMatchObject({
      status: null,
      outcome: 'retry',
      error: expect.stringContaining('ECONNREFUSED'),
    })
  })

  test('an aborted attempt rejects, because nobody knows what became of it', async () => {
    const server = await receiver(() => 'hold')
    const stop = new AbortController()
    const sent = sender().send(attempt(server.url, stop.signal))
    const settled = expect(sent).rejects.toThrow('shutting down')
    await server.received(1)
    stop.abort(new Error('shutting down'))
    await settled
  })
})

describe('the guard of the connection', () => {
  test('an address that is not allowed is never connected to', async () => {
    const server = await receiver(() => ({ status: 200 }))
    const { lookup, asked } = scriptedLookup({})
    const guarded = sender({ allow: [], lookup })
    const urls = [
      server.url,
      `http://[::ffff:127.0.0.1]:${server.port}/`,
      `https://127.0.0.1:${server.port}/`,
    ]
    for (const url of urls) {
      const result = await guarded.send(attempt(url))
      expect(result).toMatchObject({
        status: null,
        outcome: 'refused',
        error: expect.stringContaining('Loopback'),
      })
    }
    expect(server.requests).toEqual([])
    expect(asked).toEqual([])
  })

  test.each(['http', 'https'])(
    'a name that looks up to loopback is refused when we connect (%s)',
    async (scheme) => {
      const server = await receiver(() => ({ status: 200 }))
      const { lookup, asked } = scriptedLookup({ 'hooks.example': ['127.0.0.1', '::ffff:127.0.0.1', '::1'] })
      const result = await sender({ allow: [], lookup }).send(
        attempt(`${scheme}://hooks.example:${server.port}/`),
      )
      expect(result).toMatchObject({
        status: null,
        outcome: 'refused',
        error: 'hooks.example is refused: 127.0.0.1 is in 127.0.0.0/8 (Loopback)',
      })
      expect(asked).toEqual(['hooks.example'])
      expect(server.requests).toEqual([])
    },
  )

  test('a name is looked up again for a new connection, so that a change of mind of its DNS is noticed', async () => {
    const server = await receiver(() => ({ status: 200, headers: { connection: 'close' } }))
    const names = { 'hooks.example': ['127.0.0.1'] }
    const { lookup } = scriptedLookup(names)
    const one = sender({ lookup })
    const url = `http://hooks.example:${server.port}/`
    expect((await one.send(attempt(url))).outcome).toBe('delivered')
    names['hooks.example'] = ['10.0.0.1']
    expect((await one.send(attempt(url))).outcome).toBe('refused')
    expect(server.requests.length).toBe(1)
  })

  test('of several addresses only the allowed ones are connected to', async () => {
    const server = await receiver(() => ({ status: 200 }))
    const { lookup } = scriptedLookup({ 'hooks.example': ['10.0.0.1', '127.0.0.1', 'fd00::1'] })
    const result = await sender({ lookup }).send(attempt(`http://hooks.example:${server.port}/`))
    expect(result).toMatchObject({ status: 200, outcome: 'delivered' })
  })

  test('a name without an address is a failure that is tried again', async () => {
    const { lookup } = scriptedLookup({})
    const result = await sender({ lookup }).send(attempt('http://nowhere.example/'))
    expect(result).toMatchObject({ status: null, outcome: 'retry', error: 'ENOTFOUND nowhere.example' })
  })
})
