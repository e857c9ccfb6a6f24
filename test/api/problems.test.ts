// Every way to fail is a problem document with the right status, and tells no more than it should.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { text as readAll } from 'node:stream/consumers'
import { describe, it } from 'vitest'
import { ERROR_CATALOGUE, FluxError } from '../../src/core/errors.ts'
import { isStoreOutage } from '../../src/api/problems/store-outage.ts'
import { connectionRefused } from '../support/in-memory-ports.ts'
import { ask, assertContract } from './contract.ts'
import { openHouse } from './house.ts'

const post = (payload: string | Buffer, headers: Record<string, string> = {}) => ({
  method: 'POST' as const,
  url: '/v1/scans',
  payload,
  headers: { 'content-type': 'application/json', ...headers },
})

describe('a problem', () => {
  it('has type, title, status, detail, instance and code, and says so in its media type', async () => {
    await using house = await openHouse()
    const response = await ask(house.app, { url: '/v1/scans/nope', headers: { 'x-request-id': 'req-7' } })
    assert.equal(response.headers['content-type'], 'application/problem+json')
    assert.deepEqual(response.json(), {
      type: '/docs/errors#FLUX_SCAN_NOT_FOUND',
      title: 'There is no scan with this id',
      status: 404,
      detail: 'There is no scan "nope".',
      instance: 'req-7',
      code: 'FLUX_SCAN_NOT_FOUND',
    })
    assert.equal(response.headers['x-request-id'], 'req-7')
  })

  it.each([['<script>'], ['x'.repeat(129)], ['']])(
    'does not repeat the strange request id %j',
    async (id) => {
      await using house = await openHouse()
      const response = await ask(house.app, { url: '/livez', headers: { 'x-request-id': id } })
      assert.match(String(response.headers['x-request-id']), /^[0-9a-f-]{36}$/u)
    },
  )

  it.each([
    ['an unknown path', { url: '/v2/scans' }, 404, 'FLUX_NOT_FOUND'],
    ['an unknown path below a known one', { url: '/v1/scans/a/b/c' }, 404, 'FLUX_NOT_FOUND'],
    ['a bad percent-encoding', { url: '/v1/scans/%zz' }, 400, 'FLUX_BAD_REQUEST'],
    ['broken JSON', post('{"domains":["a.example"'), 400, 'FLUX_BAD_REQUEST'],
    ['an empty body', post(''), 400, 'FLUX_BAD_REQUEST'],
    ['no body at all', { method: 'POST' as const, url: '/v1/scans' }, 400, 'FLUX_BAD_REQUEST'],
    ['a poisoned prototype', post('{"domains":["a.example"],"__proto__":{"x":1}}'), 400, 'FLUX_BAD_REQUEST'],
    ['bytes that are no UTF-8', post(Buffer.from([0x22, 0xff, 0x22])), 400, 'FLUX_BAD_REQUEST'],
    [
      'another content type',
      post('<x/>', { 'content-type': 'application/xml' }),
      415,
      'FLUX_UNSUPPORTED_MEDIA_TYPE',
    ],
    ['a content type that is none', post('{}', { 'content-type': ';' }), 415, 'FLUX_UNSUPPORTED_MEDIA_TYPE'],
    ['a compressed body', post('{}', { 'content-encoding': 'gzip' }), 415, 'FLUX_UNSUPPORTED_MEDIA_TYPE'],
    [
      'an Accept that excludes JSON',
      post('{"domains":["a.example"]}', { accept: 'text/html' }),
      406,
      'FLUX_NOT_ACCEPTABLE',
    ],
    ['a body of 20 MB', post(Buffer.alloc(20_000_000, 0x20)), 413, 'FLUX_BODY_TOO_LARGE'],
  ])('is the answer to %s', async (_what, request, status, code) => {
    await using house = await openHouse()
    const response = await ask(house.app, request)
    assert.equal(response.statusCode, status)
    assert.equal(response.json().code, code)
    assert.equal(house.house.scans.size, 0)
    assert.deepEqual(house.log, [])
  })

  it.each([
    ['PUT', '/v1/scans', 'POST'],
    ['GET', '/v1/scans', 'POST'],
    ['POST', '/v1/scans/x', 'GET, HEAD, DELETE'],
    ['PATCH', '/v1/domains/a.example', 'DELETE'],
    ['DELETE', '/openapi.yaml', 'GET, HEAD'],
  ] as const)('is the answer to %s %s, with the methods that are known', async (method, url, allow) => {
    await using house = await openHouse()
    const response = await ask(house.app, {
      method,
      url,
      headers: { 'content-type': 'image/png' },
      payload: 'x',
    })
    assert.equal(response.statusCode, 405)
    assert.equal(response.json().code, 'FLUX_METHOD_NOT_ALLOWED')
    assert.equal(response.headers.allow, allow)
  })

  it('reaches a client that is still sending its 20 MB', async () => {
    await using house = await openHouse()
    await house.app.listen({ host: '127.0.0.1', port: 0 })
    const { port } = house.app.server.address() as AddressInfo
    const request = httpRequest({
      host: '127.0.0.1',
      port,
      method: 'POST',
      path: '/v1/scans',
      headers: { 'content-type': 'application/json' },
    })
    request.end(Buffer.alloc(20_000_000, 0x20))
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    assert.equal(response.statusCode, 413)
    assert.equal(JSON.parse(await readAll(response)).code, 'FLUX_BODY_TOO_LARGE')
  })

  it('is the answer to what is no HTTP at all', async () => {
    await using house = await openHouse()
    await house.app.listen({ host: '127.0.0.1', port: 0 })
    const { port } = house.app.server.address() as AddressInfo
    const socket = connect(port, '127.0.0.1')
    socket.end('HELO there\r\n\r\n')
    const [head = '', body = ''] = (await readAll(socket)).split('\r\n\r\n')
    assert.match(head, /^HTTP\/1\.1 400 /u)
    assertContract(house.app, {
      method: 'GET',
      path: '/none',
      status: 400,
      contentType: 'application/problem+json',
      body,
    })
    assert.equal(JSON.parse(body).code, 'FLUX_BAD_REQUEST')
  })
})

describe('our own failures', () => {
  it('are logged whole and answered blandly', async () => {
    await using house = await openHouse()
    house.house.outage = new TypeError('secret: the password is swordfish')
    const response = await ask(house.app, { url: '/v1/scans/x', headers: { 'x-request-id': 'req-8' } })
    assert.equal(response.statusCode, 500)
    assert.equal(response.json().code, 'FLUX_INTERNAL')
    assert.ok(!response.body.includes('swordfish'))
    const logged = JSON.parse(house.log.join(''))
    assert.equal(logged.reqId, 'req-8')
    assert.match(logged.err.message, /swordfish/u)
    assert.match(logged.err.stack, /TypeError/u)
  })

  it.each([
    ['GET', '/v1/scans/x'],
    ['GET', '/v1/scans/x/verdicts'],
    ['DELETE', '/v1/scans/x'],
    ['GET', '/v1/domains/a.example/verdict'],
    ['GET', '/v1/domains/a.example/verdict?wait=5'],
    ['GET', '/v1/domains/a.example/observations'],
    ['DELETE', '/v1/domains/a.example'],
    ['GET', '/v1/webhooks'],
    ['GET', '/v1/webhooks/x'],
    ['DELETE', '/v1/webhooks/x'],
    ['POST', '/v1/webhooks/x/test'],
    ['GET', '/v1/webhooks/x/deliveries'],
    ['POST', '/v1/webhooks/x/deliveries/y/redeliver'],
  ] as const)('without a store are 503 with Retry-After: %s %s', async (method, url) => {
    await using house = await openHouse()
    house.house.outage = connectionRefused()
    const response = await ask(house.app, { method, url })
    assert.equal(response.statusCode, 503)
    assert.equal(response.json().code, 'FLUX_STORE_UNAVAILABLE')
    assert.equal(response.headers['retry-after'], '5')
  })

  it('of a store that names its failure itself are 503 too', async () => {
    await using house = await openHouse()
    house.house.outage = new FluxError('FLUX_STORE_UNAVAILABLE', 'Redis is loading.')
    const response = await ask(house.app, { url: '/v1/scans/x' })
    assert.equal(response.statusCode, 503)
    assert.equal(response.headers['retry-after'], '5')
  })

  it.each([
    [new Error('Connection is closed.'), true],
    [new Error("Stream isn't writeable and enableOfflineQueue options is false"), true],
    [Object.assign(new Error('x'), { name: 'MaxRetriesPerRequestError' }), true],
    [new Error('Too many Cluster redirections. Last error: Error: Connection is closed.'), true],
    [new Error("Cluster isn't ready and enableOfflineQueue options is false"), true],
    [new Error('None of startup nodes is available'), true],
    [new Error('TRYAGAIN Multiple keys request during rehashing of slot'), true],
    [new Error('LOADING Redis is loading the dataset in memory'), true],
    [new Error('MISCONF Redis is configured to save RDB snapshots'), true],
    [new Error('outer', { cause: connectionRefused() }), true],
    [new Error('WRONGTYPE Operation against a key holding the wrong kind of value'), false],
    [new TypeError('x is not a function'), false],
    ['ECONNREFUSED', false],
  ])('tell an outage from a bug: %s', (error, expected) => {
    assert.equal(isStoreOutage(error), expected)
  })
})

describe('the catalogue', () => {
  it('has a section for every code on the page that problems lead to', async () => {
    await using house = await openHouse()
    const page = (await house.app.inject({ url: '/docs/errors' })).body
    for (const code of Object.keys(ERROR_CATALOGUE)) assert.ok(page.includes(`id="${code}"`), code)
  })
})
