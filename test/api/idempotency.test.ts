// Idempotency-Key: a submission that is sent again is done once.
import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { connectionRefused } from '../support/in-memory-ports.ts'
import { ask } from './contract.ts'
import { openHouse } from './house.ts'

const submit = (key: string, body: unknown, headers: Record<string, string> = {}) => ({
  method: 'POST' as const,
  url: '/v1/scans',
  payload: JSON.stringify(body),
  headers: { 'content-type': 'application/json', 'idempotency-key': key, ...headers },
})

const submitText = (payload: string, query: string) => ({
  method: 'POST' as const,
  url: `/v1/scans${query}`,
  payload,
  headers: { 'content-type': 'text/plain', 'idempotency-key': 'k' },
})

describe('Idempotency-Key', () => {
  it('replays the stored answer, whether the key is quoted or bare', async () => {
    await using house = await openHouse()
    const body = { domains: ['a.example', '1.2.3.4'], webhook: { url: 'https://h.example' } }
    const first = await ask(house.app, submit('"8e03978e-40d5"', body))
    const second = await ask(house.app, submit('8e03978e-40d5', body))
    assert.equal(first.headers['idempotency-replayed'], undefined)
    assert.equal(second.headers['idempotency-replayed'], 'true')
    assert.equal(second.statusCode, 202)
    assert.equal(second.body, first.body)
    assert.equal(second.headers.location, first.headers.location)
    assert.equal(house.house.scans.size, 1)
    assert.equal(house.house.endpoints.size, 1)
  })

  it('refuses another body, another query and another form with the same key', async () => {
    await using house = await openHouse()
    assert.equal((await ask(house.app, submitText('a.example', '?tags=x'))).statusCode, 202)
    for (const other of [
      submitText('b.example', '?tags=x'),
      submitText('a.example', '?tags=y'),
      submit('k', { domains: ['a.example'] }),
    ]) {
      const response = await ask(house.app, other)
      assert.equal(response.statusCode, 422)
      assert.equal(response.json().code, 'FLUX_IDEMPOTENCY_MISMATCH')
    }
    assert.equal(house.house.scans.size, 1)
  })

  it('answers 409 while the first request is still running', async () => {
    await using house = await openHouse()
    const { scans } = house.house.ports
    const open = scans.open.bind(scans)
    const arrived = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    scans.open = async (options) => {
      arrived.resolve()
      await release.promise
      return open(options)
    }
    const first = ask(house.app, submit('k', { domains: ['a.example'] }))
    await arrived.promise
    const second = await ask(house.app, submit('k', { domains: ['a.example'] }))
    assert.equal(second.statusCode, 409)
    assert.equal(second.json().code, 'FLUX_IDEMPOTENCY_IN_PROGRESS')
    release.resolve()
    assert.equal((await first).statusCode, 202)
    assert.equal(
      (await ask(house.app, submit('k', { domains: ['a.example'] }))).headers['idempotency-replayed'],
      'true',
    )
  })

  it('frees the key when the request failed', async () => {
    await using house = await openHouse()
    const { scans } = house.house.ports
    const open = scans.open.bind(scans)
    scans.open = async () => Promise.reject(connectionRefused())
    assert.equal((await ask(house.app, submit('k', { domains: ['a.example'] }))).statusCode, 503)
    scans.open = open
    const again = await ask(house.app, submit('k', { domains: ['a.example'] }))
    assert.equal(again.statusCode, 202)
    assert.equal(again.headers['idempotency-replayed'], undefined)
  })

  it('keeps the keys of different clients apart', async () => {
    await using house = await openHouse({ apiKeys: ['one', 'two'] })
    const first = await ask(house.app, submit('k', { domains: ['a.example'] }, { 'x-api-key': 'one' }))
    const second = await ask(house.app, submit('k', { domains: ['b.example'] }, { 'x-api-key': 'two' }))
    assert.equal(first.statusCode, 202)
    assert.equal(second.statusCode, 202)
    assert.notEqual(second.json().id, first.json().id)
  })

  it.each([['""'], ['two words'], ['x'.repeat(256)]])('refuses the key %s', async (key) => {
    await using house = await openHouse()
    const response = await ask(house.app, submit(key, { domains: ['a.example'] }))
    assert.equal(response.statusCode, 422)
    assert.equal(response.json().errors[0].pointer, '/header/idempotency-key')
  })
})
