// The verdict on a domain: its form, polling with ETags, waiting, and the end of watching.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'vitest'
import { ask } from './contract.ts'
import { assessmentOf, OPTIONS, openHouse } from './house.ts'

const URL_OF_VERDICT = '/v1/domains/bad.example/verdict'

describe('GET /v1/domains/{domain}/verdict', () => {
  it('has the form of the contract, in the order of the contract', async () => {
    await using house = await openHouse()
    house.house.watch('bad.example', OPTIONS)
    house.house.assess(assessmentOf('bad.example'))
    const verdict = (await ask(house.app, { url: URL_OF_VERDICT })).json()
    assert.deepEqual(verdict, {
      domain: 'bad.example',
      verdict: 'flux',
      flux_type: 'double',
      score: 0.998,
      as_of: '2026-11-22T12:14:00.000Z',
      first_flagged_at: '2026-11-22T12:14:00.000Z',
      rounds: 12,
      observed_for_s: 840,
      evidence: [
        {
          id: 'a-growth',
          points_to: 'flux',
          weight: 3.1,
          value: 0.86,
          unit: 'new addresses per fresh answer',
          text: '0.86 new addresses per fresh answer.',
          source: 'Perdisci 2009',
          about: 'addresses',
        },
      ],
      context: [{ list: 'volunteer-pools', entry: 'pool.ntp.org', effect: -4 }],
      features: { a_addresses: 41, a_ttl: null },
      panel: [{ detector: 'holz-2008', value: 665.9, threshold: 142.38, flags: true }],
      network: null,
      model: '2026.1',
      links: {
        self: '/v1/domains/bad.example/verdict',
        observations: '/v1/domains/bad.example/observations',
        rrsets: '/v1/domains/bad.example/rrsets',
        changes: '/v1/domains/bad.example/changes',
        new_addresses: '/v1/domains/bad.example/new-addresses',
      },
      notes: ['No ASN database is loaded.'],
      tags: [],
      added_at: '2026-11-22T12:00:00.000Z',
      watching: true,
      watch_until: '2026-11-22T13:00:00.000Z',
      next_probe_at: '2026-11-22T12:15:00.000Z',
      resembles: { addresses: { kind: 'cdn', share: 0.812 }, name_servers: null },
      quiet_since: null,
      explanation: verdict.explanation,
    })
    assert.deepEqual(Object.keys(verdict).slice(0, 4), ['domain', 'verdict', 'flux_type', 'score'])
  })

  it('comes with an explanation, and nothing to explain before the first round', async () => {
    await using house = await openHouse()
    house.house.watch('bad.example', OPTIONS)
    assert.equal((await ask(house.app, { url: URL_OF_VERDICT })).json().explanation, null)
    house.house.assess(assessmentOf('bad.example'))
    const { explanation } = (await ask(house.app, { url: URL_OF_VERDICT })).json()
    assert.match(explanation.summary, /^bad\.example: its addresses and its name servers flux/u)
    assert.deepEqual(explanation.sentences, [
      'Against flux, 4.00 nats: it is on the list volunteer-pools (pool.ntp.org).',
      'For flux, 3.10 nats: 0.86 new addresses per fresh answer.',
    ])
    assert.equal(explanation.characteristics.length, 7)
    assert.equal(explanation.advisory.length, 8)
    assert.ok(explanation.would_change.length > 0)
    assert.equal(
      explanation.next_probe,
      'The next look is due at 2026-11-22T12:15:00.000Z, 60 s after this one.',
    )
  })

  it('says where a list matched and why a detector flags, as far as the assessment says so', async () => {
    await using house = await openHouse()
    house.house.watch('bad.example', OPTIONS)
    const match = {
      list: 'cdn-names',
      entry: 'akamai.net',
      effect: -2,
      matched: 'cname',
      explains: 'cdn',
    } as const
    const opinion = { detector: 'sac-025', value: 2, threshold: 1, flags: true, text: 'Two signs.' }
    house.house.assess(assessmentOf('bad.example', { context: [match], panel: [opinion] }))
    const verdict = (await ask(house.app, { url: URL_OF_VERDICT })).json()
    assert.deepEqual(verdict.context, [match])
    assert.deepEqual(verdict.panel, [opinion])
  })

  it('presents an assessment that a version before these members stored', async () => {
    await using house = await openHouse()
    house.house.watch('bad.example', OPTIONS)
    const { innocent: _innocent, quietSince: _quietSince, ...stored } = assessmentOf('bad.example')
    house.house.assess(stored as ReturnType<typeof assessmentOf>)
    const verdict = (await ask(house.app, { url: URL_OF_VERDICT })).json()
    assert.deepEqual(verdict.resembles, { addresses: null, name_servers: null })
    assert.equal(verdict.quiet_since, null)
    assert.equal(verdict.explanation.characteristics.length, 7)
  })

  it('is pending, without a guess, before the first round', async () => {
    await using house = await openHouse()
    house.house.watch('bad.example', OPTIONS)
    const verdict = (await ask(house.app, { url: URL_OF_VERDICT })).json()
    assert.equal(verdict.verdict, 'pending')
    assert.equal(verdict.score, null)
    assert.equal(verdict.rounds, 0)
    assert.deepEqual(verdict.evidence, [])
  })

  it.each(['BAD.Example.', 'bad[.]example', 'hxxp%3A%2F%2Fbad.example%2Fpath'])(
    'knows the domain as %s too',
    async (name) => {
      await using house = await openHouse()
      house.house.watch('bad.example', OPTIONS)
      const response = await ask(house.app, { url: `/v1/domains/${name}/verdict` })
      assert.equal(response.json().domain, 'bad.example')
    },
  )

  it('answers 404 for what was never submitted and 422 for what is no domain', async () => {
    await using house = await openHouse()
    const unknown = await ask(house.app, { url: URL_OF_VERDICT })
    assert.equal(unknown.statusCode, 404)
    assert.equal(unknown.json().code, 'FLUX_DOMAIN_NOT_FOUND')
    assert.equal((await ask(house.app, { url: `${URL_OF_VERDICT}?wait=1` })).statusCode, 404)
    const address = await ask(house.app, { url: '/v1/domains/127.0.0.1/verdict' })
    assert.equal(address.statusCode, 422)
    assert.deepEqual(address.json().errors[0].pointer, '/path/domain')
    assert.deepEqual(address.json().errors[0].code, 'ip_address')
  })

  it('has a weak ETag that changes with the verdict, and answers 304 to who has it', async () => {
    await using house = await openHouse()
    house.house.watch('bad.example', OPTIONS)
    const first = await ask(house.app, { url: URL_OF_VERDICT })
    const tag = String(first.headers.etag)
    assert.match(tag, /^W\/"[\w-]{22}"$/u)
    for (const known of [tag, tag.slice(2), `"other", ${tag}`, '*']) {
      const again = await ask(house.app, { url: URL_OF_VERDICT, headers: { 'if-none-match': known } })
      assert.equal(again.statusCode, 304)
      assert.equal(again.headers.etag, tag)
    }
    house.house.assess(assessmentOf('bad.example'))
    const changed = await ask(house.app, { url: URL_OF_VERDICT, headers: { 'if-none-match': tag } })
    assert.equal(changed.statusCode, 200)
    assert.notEqual(changed.headers.etag, tag)
  })

  it('is made once for a stamp, and anew for another one', async () => {
    await using house = await openHouse()
    house.house.watch('bad.example', OPTIONS)
    const { domains } = house.house.ports
    const get = domains.get.bind(domains)
    let stamp = 's1'
    let reads = 0
    domains.stampOf = async () => stamp
    domains.get = async (domain) => {
      reads += 1
      return get(domain)
    }
    const pending = await ask(house.app, { url: URL_OF_VERDICT })
    house.house.assess(assessmentOf('bad.example'))
    const kept = await ask(house.app, { url: URL_OF_VERDICT })
    assert.equal(kept.body, pending.body)
    assert.equal(kept.headers.etag, pending.headers.etag)
    assert.equal(kept.headers['content-type'], pending.headers['content-type'])
    const known = { 'if-none-match': String(pending.headers.etag) }
    assert.equal((await ask(house.app, { url: URL_OF_VERDICT, headers: known })).statusCode, 304)
    assert.equal(reads, 1)

    stamp = 's2'
    const made = await ask(house.app, { url: URL_OF_VERDICT, headers: known })
    assert.equal(made.statusCode, 200)
    assert.equal(made.json().verdict, 'flux')
    assert.equal(reads, 2)
  })

  it('is that of its own domain, though another has the same stamp', async () => {
    await using house = await openHouse()
    house.house.watch('bad.example', OPTIONS)
    house.house.watch('other.example', OPTIONS)
    house.house.ports.domains.stampOf = async () => 's'
    await ask(house.app, { url: URL_OF_VERDICT })
    const other = await ask(house.app, { url: '/v1/domains/other.example/verdict' })
    assert.equal(other.json().domain, 'other.example')
  })

  it('is not found while there is a stamp but no submitted domain, and none is kept of that', async () => {
    await using house = await openHouse()
    house.house.ports.domains.stampOf = async () => 's'
    assert.equal((await ask(house.app, { url: URL_OF_VERDICT })).statusCode, 404)
    house.house.watch('bad.example', OPTIONS)
    assert.equal((await ask(house.app, { url: URL_OF_VERDICT })).statusCode, 200)
  })

  it.each([['-1'], ['61'], ['1.5'], ['long']])('refuses to wait for %s seconds', async (wait) => {
    await using house = await openHouse()
    const response = await ask(house.app, { url: `${URL_OF_VERDICT}?wait=${wait}` })
    assert.equal(response.statusCode, 422)
    assert.equal(response.json().errors[0].pointer, '/query/wait')
  })
})

describe('GET /v1/domains/{domain}/verdict?wait=', () => {
  it('answers as soon as there is a verdict, and at once when there is one already', async () => {
    await using house = await openHouse()
    house.house.watch('bad.example', OPTIONS)
    const waiting = once(house.house.changes, 'waiting')
    const answer = ask(house.app, { url: `${URL_OF_VERDICT}?wait=60` })
    await waiting
    house.house.assess(assessmentOf('bad.example', { verdict: 'pending', fluxType: null }))
    house.house.assess(assessmentOf('bad.example'))
    assert.equal((await answer).json().verdict, 'flux')
    assert.equal((await ask(house.app, { url: `${URL_OF_VERDICT}?wait=60` })).json().verdict, 'flux')
  })

  it('answers with what there is when the time is over', async () => {
    await using house = await openHouse()
    house.house.watch('bad.example', OPTIONS)
    const response = await ask(house.app, { url: `${URL_OF_VERDICT}?wait=1` })
    assert.equal(response.statusCode, 200)
    assert.equal(response.json().verdict, 'pending')
  })

  it('stops waiting when the client goes away', async () => {
    await using house = await openHouse()
    house.house.watch('bad.example', OPTIONS)
    await house.app.listen({ host: '127.0.0.1', port: 0 })
    const { port } = house.app.server.address() as AddressInfo
    const waiting = once(house.house.changes, 'waiting')
    const left = once(house.house.changes, 'left')
    const request = httpRequest({ host: '127.0.0.1', port, path: `${URL_OF_VERDICT}?wait=60` })
    request.on('error', () => {})
    request.end()
    await waiting
    request.destroy()
    // Without the abort this would take the whole minute, and the test would fail by its own time limit.
    assert.deepEqual(await left, ['bad.example'])
  })

  it('stops waiting when the process drains', async () => {
    await using house = await openHouse()
    house.house.watch('bad.example', OPTIONS)
    const waiting = once(house.house.changes, 'waiting')
    const answer = ask(house.app, { url: `${URL_OF_VERDICT}?wait=60` })
    await waiting
    house.app.drain()
    assert.equal((await answer).json().verdict, 'pending')
  })
})

describe('DELETE /v1/domains/{domain}', () => {
  it('stops watching, however often it is asked', async () => {
    await using house = await openHouse()
    house.house.watch('bad.example', OPTIONS)
    house.house.assess(assessmentOf('bad.example'))
    for (let time = 0; time < 2; time++) {
      assert.equal(
        (await ask(house.app, { method: 'DELETE', url: '/v1/domains/bad.example' })).statusCode,
        204,
      )
    }
    const verdict = (await ask(house.app, { url: URL_OF_VERDICT })).json()
    assert.equal(verdict.watching, false)
    assert.equal(verdict.next_probe_at, null)
  })

  it('answers 404 for what was never submitted', async () => {
    await using house = await openHouse()
    const response = await ask(house.app, { method: 'DELETE', url: '/v1/domains/bad.example' })
    assert.equal(response.statusCode, 404)
  })
})
