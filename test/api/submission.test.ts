// Submitting as a whole: JSON and plain text.
import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { ask } from './contract.ts'
import { openHouse } from './house.ts'

const json = (payload: unknown) =>
  ({
    method: 'POST',
    url: '/v1/scans',
    payload: payload as object,
    headers: { 'content-type': 'application/json' },
  }) as const
const text = (payload: string, query = '') =>
  ({ method: 'POST', url: `/v1/scans${query}`, payload, headers: { 'content-type': 'text/plain' } }) as const

describe('POST /v1/scans with JSON', () => {
  it('takes what is good, reports what is bad, and counts repeated and refanged names', async () => {
    await using house = await openHouse()
    const response = await ask(
      house.app,
      json({
        domains: [
          'Bad.Example.',
          'hxxp://worse[.]example/path',
          '192.0.2.1',
          'bad.example',
          42,
          `${'a'.repeat(300)}.example`,
        ],
      }),
    )
    assert.equal(response.statusCode, 202)
    const answer = response.json()
    assert.equal(response.headers.location, `/v1/scans/${answer.id}`)
    assert.equal(response.headers['retry-after'], '5')
    assert.equal(answer.accepted, 2)
    assert.equal(answer.duplicates, 1)
    assert.deepEqual(answer.refanged, [
      { index: 1, input: 'hxxp://worse[.]example/path', domain: 'worse.example' },
    ])
    assert.deepEqual(
      answer.rejected.map((each: { index: number; input: string; code: string }) => [
        each.index,
        each.code,
        each.input.length,
      ]),
      [
        [2, 'ip_address', 9],
        [4, 'not_a_string', 2],
        [5, 'label_too_long', 256],
      ],
    )
    assert.ok(answer.rejected.every((each: { reason: string }) => each.reason.length > 10))
    assert.equal(answer.rejected_total, 3)
    assert.deepEqual([...house.house.scans.get(answer.id)!.domains], ['bad.example', 'worse.example'])
    assert.equal(house.house.scans.get(answer.id)!.sealed, true)
    assert.equal(answer.links.verdicts, `/v1/scans/${answer.id}/verdicts`)
  })

  it('reports a name whose operator asked not to be probed, and does not watch it', async () => {
    await using house = await openHouse()
    house.house.optedOut.add('quiet.example')
    const response = await ask(house.app, json({ domains: ['quiet.example', 'bad.example'] }))
    assert.equal(response.statusCode, 202)
    const answer = response.json()
    assert.deepEqual(
      answer.rejected.map((each: { index: number; code: string }) => [each.index, each.code]),
      [[0, 'opted_out']],
    )
    assert.deepEqual([...house.house.scans.get(answer.id)!.domains], ['bad.example'])
  })

  it('passes the options on and fills in the defaults', async () => {
    await using house = await openHouse()
    const given = await ask(
      house.app,
      json({ domains: ['a.example'], tags: ['x', 'x'], watch_for: 60, interval: 10 }),
    )
    const plain = await ask(house.app, json({ domains: ['a.example'], interval: null }))
    assert.deepEqual(house.house.scans.get(given.json().id)!.options, {
      tags: ['x'],
      watchForSeconds: 60,
      endsWhenAnswered: false,
      tenant: '',
      intervalSeconds: 10,
    })
    assert.deepEqual(house.house.scans.get(plain.json().id)!.options, {
      tags: [],
      watchForSeconds: 86_400,
      endsWhenAnswered: true,
      tenant: '',
      intervalSeconds: null,
    })
  })

  it('passes half a character in a tag on as the sign for what cannot be read', async () => {
    await using house = await openHouse()
    const payload = String.raw`{"domains":["a.example"],"tags":["x\ud800"]}`
    const headers = { 'content-type': 'application/json' }
    const given = await ask(house.app, { method: 'POST', url: '/v1/scans', headers, payload })
    assert.deepEqual(house.house.scans.get(given.json().id)!.options.tags, ['x\ufffd'])
  })

  it('takes 10 000 domains and refuses 10 001', async () => {
    await using house = await openHouse()
    const domains = Array.from({ length: 10_001 }, (_, index) => `d${index}.example`)
    const most = await ask(house.app, json({ domains: domains.slice(1) }))
    assert.equal(most.json().accepted, 10_000)
    const tooMany = await ask(house.app, json({ domains }))
    assert.equal(tooMany.statusCode, 422)
    assert.equal(tooMany.json().code, 'FLUX_INVALID')
    assert.deepEqual(tooMany.json().errors[0].pointer, '/domains')
    assert.equal(house.house.scans.size, 1)
  })

  it('refuses a submission without one valid domain and says for each why', async () => {
    await using house = await openHouse()
    const response = await ask(house.app, json({ domains: ['com', '-a.com', ''] }))
    assert.equal(response.statusCode, 422)
    const problem = response.json()
    assert.equal(problem.code, 'FLUX_NO_VALID_DOMAIN')
    assert.deepEqual(
      problem.rejected.map((each: { index: number; code: string }) => [each.index, each.code]),
      [
        [0, 'single_label'],
        [1, 'bad_hyphen'],
        [2, 'empty'],
      ],
    )
    assert.equal(house.house.scans.size, 0)
  })

  it.each([
    ['an empty list', { domains: [] }, '/domains', 'minItems'],
    ['no list', {}, '/domains', 'required'],
    ['a list that is a string', { domains: 'a.example' }, '/domains', 'type'],
    ['a body that is a list', ['a.example'], '', 'type'],
    ['a body that is null', null, '', 'type'],
    ['an unknown field', { domains: ['a.example'], watchfor: 60 }, '/watchfor', 'unknown_field'],
    ['an odd unknown field', { domains: ['a.example'], 'a/b~c': 60 }, '/a~1b~0c', 'unknown_field'],
    ['a number as text', { domains: ['a.example'], watch_for: '60' }, '/watch_for', 'type'],
    ['a broken number', { domains: ['a.example'], watch_for: 60.5 }, '/watch_for', 'type'],
    ['a watch that is too short', { domains: ['a.example'], watch_for: 59 }, '/watch_for', 'minimum'],
    ['a watch that is too long', { domains: ['a.example'], watch_for: 2_592_001 }, '/watch_for', 'maximum'],
    ['an interval that is too short', { domains: ['a.example'], interval: 9 }, '/interval', 'minimum'],
    ['a tag that is too long', { domains: ['a.example'], tags: ['x'.repeat(65)] }, '/tags/0', 'maxLength'],
    ['too many tags', { domains: ['a.example'], tags: Array(17).fill('x') }, '/tags', 'maxItems'],
    [
      'an unknown field of the webhook',
      { domains: ['a.example'], webhook: { url: 'https://h.example', x: 1 } },
      '/webhook/x',
      'unknown_field',
    ],
    [
      'an unknown event',
      { domains: ['a.example'], webhook: { url: 'https://h.example', events: ['x'] } },
      '/webhook/events/0',
      'enum',
    ],
  ])('refuses %s by name', async (_what, body, pointer, code) => {
    await using house = await openHouse()
    const response = await ask(house.app, {
      ...json({}),
      payload: JSON.stringify(body),
    })
    assert.equal(response.statusCode, 422)
    const problem = response.json()
    assert.equal(problem.code, 'FLUX_INVALID')
    assert.deepEqual({ pointer: problem.errors[0].pointer, code: problem.errors[0].code }, { pointer, code })
    assert.ok(problem.errors[0].detail.length > 10)
    assert.equal(house.house.scans.size, 0)
  })

  it('makes the webhook of the scan and shows its secret once', async () => {
    await using house = await openHouse()
    const response = await ask(
      house.app,
      json({ domains: ['a.example'], webhook: { url: 'https://h.example/x' } }),
    )
    const answer = response.json()
    assert.match(answer.webhook.secret, /^whsec_/u)
    const endpoint = house.house.endpoints.get(answer.webhook.id)!
    assert.equal(endpoint.scan, answer.id)
    assert.deepEqual(endpoint.events, ['domain.flux.detected', 'domain.verdict.changed', 'scan.completed'])
    const shown = await ask(house.app, { url: answer.links.webhook })
    assert.equal(shown.statusCode, 200)
    assert.ok(!shown.body.includes('whsec_'))
  })

  it('accepts nothing when the webhook URL is refused', async () => {
    await using house = await openHouse()
    const response = await ask(
      house.app,
      json({ domains: ['a.example'], webhook: { url: 'http://127.0.0.1/' } }),
    )
    assert.equal(response.statusCode, 422)
    assert.equal(response.json().code, 'FLUX_WEBHOOK_URL_REFUSED')
    assert.equal(response.json().errors[0].pointer, '/webhook/url')
    assert.equal(house.house.domains.size, 0)
    assert.equal(house.house.endpoints.size, 0)
    assert.ok([...house.house.scans.values()].every((scan) => scan.cancelled))
  })

  it('refuses options in the query: with JSON they belong in the body', async () => {
    await using house = await openHouse()
    const response = await ask(house.app, { ...json({ domains: ['a.example'] }), url: '/v1/scans?tags=x' })
    assert.equal(response.statusCode, 422)
    assert.equal(response.json().errors[0].pointer, '/query/tags')
  })

  it('answers 503 with Retry-After when the store is gone', async () => {
    await using house = await openHouse()
    house.house.addsUntilOutage = 0
    const response = await ask(
      house.app,
      json({ domains: ['a.example'], webhook: { url: 'https://h.example/' } }),
    )
    assert.equal(response.statusCode, 503)
    assert.equal(response.json().code, 'FLUX_STORE_UNAVAILABLE')
    assert.equal(response.headers['retry-after'], '5')
  })
})

describe('POST /v1/scans with plain text', () => {
  it('takes a domain a line, with options in the query', async () => {
    await using house = await openHouse()
    const response = await ask(
      house.app,
      text(
        '\uFEFFa.example\r\n\r\nhxxps://b[.]example\r\nnot a name\r\n',
        '?tags=one,two&tags=three&watch_for=120&interval=60',
      ),
    )
    assert.equal(response.statusCode, 202)
    const answer = response.json()
    assert.equal(answer.accepted, 2)
    assert.deepEqual(
      answer.rejected.map((each: { index: number }) => each.index),
      [3],
    )
    assert.deepEqual(answer.refanged, [{ index: 2, input: 'hxxps://b[.]example', domain: 'b.example' }])
    assert.deepEqual(house.house.scans.get(answer.id)!.options, {
      tags: ['one', 'two', 'three'],
      watchForSeconds: 120,
      endsWhenAnswered: false,
      tenant: '',
      intervalSeconds: 60,
    })
  })

  it.each([
    ['?watch_for=soon', '/query/watch_for', 'type'],
    ['?watch_for=1', '/query/watch_for', 'minimum'],
    ['?interval=9', '/query/interval', 'minimum'],
    ['?watch_for=60&watch_for=61', '/query/watch_for', 'type'],
    ['?colour=red', '/query/colour', 'unknown_parameter'],
  ])('refuses the query %s by name', async (query, pointer, code) => {
    await using house = await openHouse()
    const response = await ask(house.app, text('a.example', query))
    assert.equal(response.statusCode, 422)
    const [error] = response.json().errors
    assert.deepEqual({ pointer: error.pointer, code: error.code }, { pointer, code })
  })

  it('refuses an empty text and one with too many lines', async () => {
    await using house = await openHouse({ maxDomainsPerScan: 2 })
    const empty = await ask(house.app, text('\n\n'))
    assert.equal(empty.json().errors[0].code, 'minItems')
    const long = await ask(house.app, text('a.example\nb.example\nc.example'))
    assert.equal(long.statusCode, 422)
    assert.equal(long.json().errors[0].code, 'maxItems')
    assert.equal(house.house.scans.size, 0)
  })
})
