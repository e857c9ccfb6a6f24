// Keys, health, draining, overload, and the contract that the service serves.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import { promisify } from 'node:util'
import { describe, it } from 'vitest'
import { parse } from 'yaml'
import { ask, assertContract } from './contract.ts'
import { openHouse } from './house.ts'

const SUBMISSION = { method: 'POST' as const, url: '/v1/scans', payload: { domains: ['a.example'] } }

describe('API keys', () => {
  const digest = createHash('sha256').update('fw_live_two').digest('hex')

  it.each([
    [{ authorization: 'Bearer fw_live_one' }],
    [{ authorization: 'bearer fw_live_two' }],
    [{ 'x-api-key': 'fw_live_two' }],
  ])('open the API: %j', async (headers) => {
    await using house = await openHouse({ apiKeys: ['fw_live_one', `sha256:${digest}`] })
    assert.equal((await ask(house.app, { ...SUBMISSION, headers })).statusCode, 202)
  })

  it.each([
    [{}],
    [{ authorization: 'Bearer wrong' }],
    [{ authorization: 'Basic fw_live_one' }],
    [{ authorization: `Bearer sha256:${digest}` }],
    [{ authorization: `Bearer ${digest}` }],
    [{ 'x-api-key': '' }],
  ])('are asked for when there is %j', async (headers) => {
    await using house = await openHouse({ apiKeys: ['fw_live_one', `sha256:${digest}`] })
    const response = await ask(house.app, { ...SUBMISSION, headers: headers as Record<string, string> })
    assert.equal(response.statusCode, 401)
    assert.equal(response.json().code, 'FLUX_UNAUTHORIZED')
    assert.equal(response.headers['www-authenticate'], 'Bearer realm="fluxwatch"')
    assert.equal(house.house.scans.size, 0)
  })

  it('do not matter for health, metrics and the contract, and hide everything else', async () => {
    await using house = await openHouse({ apiKeys: ['k'] })
    for (const url of [
      '/livez',
      '/readyz',
      '/metrics',
      '/openapi.yaml',
      '/docs/errors',
      '/docs/',
      '/docs/json',
    ]) {
      assert.equal((await house.app.inject({ url })).statusCode, 200, url)
    }
    for (const url of ['/', '/v1/webhooks', '/v1/scans/x', '/v1/nothing']) {
      assert.equal((await ask(house.app, { url })).statusCode, 401, url)
    }
  })

  it('that are no digests stop the boot', async () => {
    await assert.rejects(openHouse({ apiKeys: ['sha256:abc'] }), /64 hex digits/u)
  })
})

describe('health', () => {
  it('is ready, degraded or unready by what the checks say', async () => {
    await using house = await openHouse()
    assert.deepEqual((await ask(house.app, { url: '/livez' })).json(), { status: 'ok' })
    assert.equal((await ask(house.app, { url: '/readyz' })).json().status, 'ready')
    house.house.checks = [{ name: 'asn', ok: false, required: false, detail: 'No ASN database.' }]
    const degraded = await ask(house.app, { url: '/readyz' })
    assert.equal(degraded.statusCode, 200)
    assert.equal(degraded.json().status, 'degraded')
    house.house.checks = [{ name: 'redis', ok: false, required: true, detail: 'Redis does not answer.' }]
    const unready = await ask(house.app, { url: '/readyz' })
    assert.equal(unready.statusCode, 503)
    assert.deepEqual(unready.json().checks, house.house.checks)
  })

  it('is unready when the checks themselves fail', async () => {
    await using house = await openHouse()
    house.house.ports.health.check = async () => Promise.reject(new Error('no'))
    assert.equal((await ask(house.app, { url: '/readyz' })).statusCode, 503)
  })

  it('has metrics in the format that the port names', async () => {
    await using house = await openHouse()
    const response = await ask(house.app, { url: '/metrics' })
    assert.equal(response.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8')
    assert.equal(response.body, 'fluxwatch_up 1\n')
  })
})

describe('draining', () => {
  it('refuses new work, still answers questions, and says so in /readyz', async () => {
    await using house = await openHouse()
    const { id } = (await ask(house.app, SUBMISSION)).json()
    house.app.drain()
    house.app.drain()
    const refused = await ask(house.app, SUBMISSION)
    assert.equal(refused.statusCode, 503)
    assert.equal(refused.json().code, 'FLUX_DRAINING')
    assert.equal(refused.headers['retry-after'], '5')
    assert.equal((await ask(house.app, { url: `/v1/scans/${id}` })).statusCode, 200)
    const readiness = await ask(house.app, { url: '/readyz' })
    assert.equal(readiness.statusCode, 503)
    assert.equal(readiness.json().checks.at(-1).name, 'draining')
    assert.equal((await ask(house.app, { url: '/livez' })).statusCode, 200)
  })
})

describe('overload', () => {
  it('is answered with 503 and Retry-After, but health and metrics stay visible', async () => {
    await using house = await openHouse({ overload: { maxRssBytes: 1, sampleIntervalMs: 10 } })
    while (!house.app.isUnderPressure()) await setImmediate()
    const response = await ask(house.app, { url: '/v1/webhooks' })
    assert.equal(response.statusCode, 503)
    assert.equal(response.json().code, 'FLUX_OVERLOADED')
    assert.ok(Number(response.headers['retry-after']) > 0)
    for (const url of ['/livez', '/readyz', '/metrics']) {
      assert.equal((await ask(house.app, { url })).statusCode, 200, url)
    }
  })
})

describe('the contract', () => {
  it('is served as it is committed, but for the version', async () => {
    await using house = await openHouse()
    const served = parse((await house.app.inject({ url: '/openapi.yaml' })).body)
    const committed = parse(await readFile(new URL('../../openapi.yaml', import.meta.url), 'utf8'))
    assert.equal(served.openapi, '3.1.0')
    assert.equal(served.info.version, '0.0.0-test')
    assert.deepEqual({ ...served, info: { ...served.info, version: committed.info.version } }, committed)
  })

  it('has every call of this version, each with an id, a summary and its problems', async () => {
    await using house = await openHouse()
    const { paths } = parse((await house.app.inject({ url: '/openapi.yaml' })).body)
    const calls = Object.entries<
      Record<string, { operationId?: string; summary?: string; responses: object }>
    >(paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
    )
    assert.deepEqual(calls.map(({ path, method }) => `${method.toUpperCase()} ${path}`).toSorted(), [
      'DELETE /v1/domains/{domain}',
      'DELETE /v1/scans/{id}',
      'DELETE /v1/webhooks/{id}',
      'GET /',
      'GET /livez',
      'GET /metrics',
      'GET /readyz',
      'GET /v1/asns/{asn}',
      'GET /v1/countries/{country}',
      'GET /v1/domains/{domain}/changes',
      'GET /v1/domains/{domain}/new-addresses',
      'GET /v1/domains/{domain}/observations',
      'GET /v1/domains/{domain}/rrsets',
      'GET /v1/domains/{domain}/verdict',
      'GET /v1/ips/{ip}',
      'GET /v1/nameservers/{host}',
      'GET /v1/networks',
      'GET /v1/networks/{id}',
      'GET /v1/networks/{id}/new-addresses',
      'GET /v1/prefixes/{address}/{length}',
      'GET /v1/scans/{id}',
      'GET /v1/scans/{id}/verdicts',
      'GET /v1/statistics',
      'GET /v1/webhooks',
      'GET /v1/webhooks/{id}',
      'GET /v1/webhooks/{id}/deliveries',
      'POST /v1/scans',
      'POST /v1/webhooks',
      'POST /v1/webhooks/{id}/deliveries/{delivery}/redeliver',
      'POST /v1/webhooks/{id}/test',
    ])
    for (const { path, method, operation } of calls) {
      assert.ok(operation.operationId && operation.summary, `${method} ${path}`)
      if (path.startsWith('/v1'))
        assert.ok('503' in operation.responses && '422' in operation.responses, path)
    }
    assert.equal(new Set(calls.map(({ operation }) => operation.operationId)).size, calls.length)
  })

  it('does not drift from what is committed', async () => {
    const run = promisify(execFile)
    const { stderr } = await run(process.execPath, ['scripts/openapi.ts', '--check'])
    assert.equal(stderr, '')
  })

  it('can be browsed without any other host', async () => {
    await using house = await openHouse()
    const page = await house.app.inject({ url: '/docs/' })
    assert.equal(page.statusCode, 200)
    assert.match(String(page.headers['content-security-policy']), /default-src 'self'/u)
    const loaded = [...page.body.matchAll(/(?:src|href)="([^"]+)"/gu)].map((match) => match[1]!)
    assert.ok(loaded.length >= 3)
    for (const url of loaded) {
      assert.ok(!/^(?:https?:)?\/\//u.test(url), url)
      const file = await house.app.inject({ url: new URL(url, 'http://h/docs/').pathname })
      assert.equal(file.statusCode, 200, url)
    }
    const settings = (await house.app.inject({ url: '/docs/static/swagger-initializer.js' })).body
    assert.match(settings, /"validatorUrl":null/u)
  })

  it('lists where everything is at /', async () => {
    await using house = await openHouse()
    const { links } = (await ask(house.app, { url: '/' })).json()
    for (const name of [
      'docs',
      'errors',
      'openapi',
      'livez',
      'readyz',
      'metrics',
      'webhooks',
      'statistics',
    ]) {
      const { statusCode } = await house.app.inject({ url: links[name] })
      assert.ok(statusCode === 200 || statusCode === 302, `${name}: ${statusCode}`)
    }
    const { paths } = house.app.swagger()
    const templates = Object.values(links as Record<string, string>).filter((link) => link.includes('{'))
    assert.ok(templates.length > 0)
    for (const template of templates) assert.ok(paths?.[template], template)
  })

  it('is what the tests hold answers against: a wrong one does not pass', async () => {
    await using house = await openHouse()
    const good = {
      method: 'GET',
      path: '/livez',
      status: 200,
      contentType: 'application/json',
      body: '{"status":"ok"}',
    }
    assertContract(house.app, good)
    const wrong = [
      { ...good, body: '{"status":"fine"}' },
      { ...good, body: '{"status":"ok","more":1}' },
      { ...good, body: '{}' },
      { ...good, status: 201 },
      { ...good, contentType: 'text/html' },
      { ...good, path: '/nothing' },
    ]
    for (const each of wrong) assert.throws(() => assertContract(house.app, each), JSON.stringify(each))
  })
})
