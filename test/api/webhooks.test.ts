// Webhook endpoints and their deliveries.
import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { ask } from './contract.ts'
import { openHouse, type House } from './house.ts'

const create = (payload: object) => ({ method: 'POST' as const, url: '/v1/webhooks', payload })

async function webhookOf(house: House): Promise<string> {
  return (await ask(house.app, create({ url: 'https://h.example/x' }))).json().id
}

describe('webhooks', () => {
  it('are made with the given secret and events, or with a new secret and all events', async () => {
    await using house = await openHouse()
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
    const given = await ask(
      house.app,
      create({ url: 'https://h.example/x', secret, events: ['scan.completed'] }),
    )
    assert.equal(given.statusCode, 201)
    assert.equal(given.json().secret, secret)
    assert.deepEqual(given.json().events, ['scan.completed'])
    assert.equal(given.json().scan, null)
    assert.equal(given.headers.location, `/v1/webhooks/${given.json().id}`)
    const plain = (await ask(house.app, create({ url: 'https://h.example/x' }))).json()
    assert.match(plain.secret, /^whsec_/u)
    assert.equal(plain.events.length, 4)
  })

  it('never show their secret again', async () => {
    await using house = await openHouse()
    const id = await webhookOf(house)
    for (const url of ['/v1/webhooks', `/v1/webhooks/${id}`, `/v1/webhooks/${id}/deliveries`]) {
      const response = await ask(house.app, { url })
      assert.equal(response.statusCode, 200)
      assert.ok(!response.body.includes('whsec_'), url)
    }
  })

  it('are listed in pages', async () => {
    await using house = await openHouse()
    const ids = [await webhookOf(house), await webhookOf(house), await webhookOf(house)]
    const first = (await ask(house.app, { url: '/v1/webhooks?limit=2' })).json()
    const second = (await ask(house.app, { url: first.links.next })).json()
    assert.deepEqual(
      [...first.items, ...second.items].map(({ id }) => id),
      ids,
    )
  })

  it('can be tested, show what was sent, and send it again', async () => {
    await using house = await openHouse()
    const id = await webhookOf(house)
    const test = await ask(house.app, { method: 'POST', url: `/v1/webhooks/${id}/test` })
    assert.equal(test.statusCode, 202)
    assert.equal(test.json().event.type, 'endpoint.test')
    const again = await ask(house.app, { method: 'POST', url: test.json().links.redeliver })
    assert.equal(again.statusCode, 202)
    assert.equal(again.json().event.id, test.json().event.id)
    const log = (await ask(house.app, { url: `/v1/webhooks/${id}/deliveries?limit=10` })).json()
    assert.deepEqual(
      log.items.map((each: { id: string }) => each.id),
      [again.json().id, test.json().id],
    )
    assert.deepEqual(log.items[0].attempts, [
      { at: '2026-11-22T12:00:00.000Z', status: 204, error: null, duration_ms: 12 },
    ])
  })

  it('can be tested by clients that call an empty body JSON', async () => {
    await using house = await openHouse()
    const id = await webhookOf(house)
    const response = await ask(house.app, {
      method: 'POST',
      url: `/v1/webhooks/${id}/test`,
      headers: { 'content-type': 'application/json' },
      payload: '',
    })
    assert.equal(response.statusCode, 202)
  })

  it('can be deleted once', async () => {
    await using house = await openHouse()
    const id = await webhookOf(house)
    assert.equal((await ask(house.app, { method: 'DELETE', url: `/v1/webhooks/${id}` })).statusCode, 204)
    assert.equal((await ask(house.app, { method: 'DELETE', url: `/v1/webhooks/${id}` })).statusCode, 404)
  })

  it.each([
    ['GET', '/v1/webhooks/nope', 'FLUX_WEBHOOK_NOT_FOUND'],
    ['DELETE', '/v1/webhooks/nope', 'FLUX_WEBHOOK_NOT_FOUND'],
    ['POST', '/v1/webhooks/nope/test', 'FLUX_WEBHOOK_NOT_FOUND'],
    ['GET', '/v1/webhooks/nope/deliveries', 'FLUX_WEBHOOK_NOT_FOUND'],
    ['POST', '/v1/webhooks/nope/deliveries/nope/redeliver', 'FLUX_WEBHOOK_NOT_FOUND'],
    ['POST', '/v1/webhooks/hook000001/deliveries/nope/redeliver', 'FLUX_DELIVERY_NOT_FOUND'],
  ] as const)('%s %s is answered with 404 %s', async (method, url, code) => {
    await using house = await openHouse()
    await webhookOf(house)
    const response = await ask(house.app, { method, url })
    assert.equal(response.statusCode, 404)
    assert.equal(response.json().code, code)
  })

  it.each([
    [{}, 'FLUX_INVALID', '/url'],
    [{ url: 7 }, 'FLUX_INVALID', '/url'],
    [{ url: 'https://h.example', uri: 'x' }, 'FLUX_INVALID', '/uri'],
    [{ url: 'https://h.example', events: [] }, 'FLUX_INVALID', '/events'],
    [{ url: 'https://h.example', events: ['flux.found'] }, 'FLUX_INVALID', '/events/0'],
    [{ url: 'http://10.0.0.1/' }, 'FLUX_WEBHOOK_URL_REFUSED', '/url'],
  ])('refuse %j with %s', async (payload, code, pointer) => {
    await using house = await openHouse()
    const response = await ask(house.app, create(payload))
    assert.equal(response.statusCode, 422)
    assert.equal(response.json().code, code)
    assert.equal(response.json().errors[0].pointer, pointer)
    assert.equal(house.house.endpoints.size, 0)
  })

  it.each(['/v1/webhooks?cursor=made-up', '/v1/webhooks/hook000001/deliveries?cursor=made-up'])(
    'refuse the bad cursor of %s',
    async (url) => {
      await using house = await openHouse()
      await webhookOf(house)
      const response = await ask(house.app, { url })
      assert.equal(response.statusCode, 422)
      assert.equal(response.json().errors[0].pointer, '/query/cursor')
    },
  )

  it('cannot be made from plain text', async () => {
    await using house = await openHouse()
    const response = await ask(house.app, {
      method: 'POST',
      url: '/v1/webhooks',
      payload: 'https://h.example',
      headers: { 'content-type': 'text/plain' },
    })
    assert.equal(response.statusCode, 415)
  })
})
