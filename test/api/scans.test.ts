// Following a scan, reading its verdicts, stopping it.
import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { connectionRefused } from '../support/in-memory-ports.ts'
import { ask, assertLine } from './contract.ts'
import { assessmentOf, OPTIONS, openHouse, type House } from './house.ts'

async function scanOf(house: House, count: number): Promise<string> {
  const { scans } = house.house.ports
  const id = await scans.open(OPTIONS)
  await scans.add(
    id,
    Array.from({ length: count }, (_, index) => `d${index}.example`),
  )
  await scans.seal(id)
  return id
}

describe('GET /v1/scans/{id}', () => {
  it('tells counts, progress and when to ask again, until all is settled', async () => {
    await using house = await openHouse()
    const id = await scanOf(house, 2)
    house.house.assess(assessmentOf('d0.example'))
    const running = (await ask(house.app, { url: `/v1/scans/${id}` })).json()
    assert.equal(running.state, 'running')
    assert.deepEqual(running.progress, { settled: 1, total: 2, ratio: 0.5 })
    assert.deepEqual(running.verdicts, {
      pending: 1,
      no_flux_seen: 0,
      suspicious: 0,
      flux: 1,
      unresolvable: 0,
    })
    assert.equal(running.poll_after_ms, 5000)
    assert.equal(running.ended_at, null)
    assert.equal(running.created_at, '2026-11-22T12:00:00.000Z')
    house.house.assess(assessmentOf('d1.example', { verdict: 'no_flux_seen', fluxType: null, score: 0.01 }))
    const completed = (await ask(house.app, { url: `/v1/scans/${id}` })).json()
    assert.equal(completed.state, 'completed')
    assert.equal(completed.poll_after_ms, null)
  })

  it.each([
    ['GET', '/v1/scans/nope'],
    ['GET', '/v1/scans/nope/verdicts'],
    ['DELETE', '/v1/scans/nope'],
  ] as const)('answers 404 to %s %s', async (method, url) => {
    await using house = await openHouse()
    const response = await ask(house.app, { method, url })
    assert.equal(response.statusCode, 404)
    assert.equal(response.json().code, 'FLUX_SCAN_NOT_FOUND')
  })

  it('makes absolute links when the public URL is known', async () => {
    await using house = await openHouse({ publicUrl: 'https://flux.example/' })
    const id = await scanOf(house, 1)
    const scan = (await ask(house.app, { url: `/v1/scans/${id}` })).json()
    assert.equal(scan.links.verdicts, `https://flux.example/v1/scans/${id}/verdicts`)
    const problem = (await ask(house.app, { url: '/v1/scans/nope' })).json()
    assert.equal(problem.type, 'https://flux.example/docs/errors#FLUX_SCAN_NOT_FOUND')
  })
})

describe('GET /v1/scans/{id}/verdicts', () => {
  it('pages in order of submission, each page leading to the next', async () => {
    await using house = await openHouse()
    const id = await scanOf(house, 5)
    const seen: string[] = []
    let url: string | undefined = `/v1/scans/${id}/verdicts?limit=2`
    while (url !== undefined) {
      const page: { items: { domain: string }[]; links: { next?: string } } = (
        await ask(house.app, { url })
      ).json()
      seen.push(...page.items.map(({ domain }) => domain))
      url = page.links.next
    }
    assert.deepEqual(seen, ['d0.example', 'd1.example', 'd2.example', 'd3.example', 'd4.example'])
  })

  it('filters by verdict', async () => {
    await using house = await openHouse()
    const id = await scanOf(house, 3)
    house.house.assess(assessmentOf('d1.example'))
    const page = (await ask(house.app, { url: `/v1/scans/${id}/verdicts?verdict=flux` })).json()
    assert.deepEqual(
      page.items.map((each: { domain: string }) => each.domain),
      ['d1.example'],
    )
  })

  it('leaves the explanation to the verdict of one domain', async () => {
    await using house = await openHouse()
    const id = await scanOf(house, 1)
    house.house.assess(assessmentOf('d0.example'))
    const page = (await ask(house.app, { url: `/v1/scans/${id}/verdicts` })).json()
    assert.equal(page.items[0].explanation, null)
    assert.equal(page.items[0].score, 0.998)
    const one = (await ask(house.app, { url: page.items[0].links.self })).json()
    assert.notEqual(one.explanation, null)
  })

  it('streams all pages as NDJSON and says that this was the end', async () => {
    await using house = await openHouse()
    const id = await scanOf(house, 250)
    const response = await ask(house.app, {
      url: `/v1/scans/${id}/verdicts?limit=100`,
      headers: { accept: 'application/x-ndjson' },
    })
    assert.equal(response.headers['content-type'], 'application/x-ndjson')
    assert.equal(response.headers.vary, 'accept')
    const lines = response.body.trimEnd().split('\n')
    assert.equal(lines.length, 251)
    assert.equal(lines.pop(), '{"end":true,"next":null}')
    for (const line of lines) assertLine(house.app, 'Verdict', line)
    assert.equal(JSON.parse(lines[249]!).domain, 'd249.example')
  })

  it('says in the last line when a stream could not be finished, and where to go on', async () => {
    await using house = await openHouse()
    const id = await scanOf(house, 3)
    const { scans } = house.house.ports
    const verdicts = scans.verdicts.bind(scans)
    scans.verdicts = async (scan, query) => {
      if (query.cursor !== null) throw connectionRefused()
      return verdicts(scan, query)
    }
    const response = await ask(house.app, {
      url: `/v1/scans/${id}/verdicts?limit=2`,
      headers: { accept: 'application/x-ndjson' },
    })
    const last = JSON.parse(response.body.trimEnd().split('\n').at(-1)!)
    assert.equal(last.end, false)
    assert.equal(last.next, 'at-2')
    assert.equal(last.error.code, 'FLUX_STORE_UNAVAILABLE')
    assertLine(house.app, 'Problem', JSON.stringify(last.error))
  })

  it.each([
    ['cursor=made-up', '/query/cursor'],
    ['verdict=benign', '/query/verdict'],
    ['limit=0', '/query/limit'],
    ['limit=1001', '/query/limit'],
    ['limit=ten', '/query/limit'],
    ['page=2', '/query/page'],
  ])('refuses ?%s by name', async (query, pointer) => {
    await using house = await openHouse()
    const id = await scanOf(house, 1)
    const response = await ask(house.app, { url: `/v1/scans/${id}/verdicts?${query}` })
    assert.equal(response.statusCode, 422)
    assert.equal(response.json().errors[0].pointer, pointer)
  })

  it('answers 406 to an Accept that it cannot serve', async () => {
    await using house = await openHouse()
    const id = await scanOf(house, 1)
    const response = await ask(house.app, {
      url: `/v1/scans/${id}/verdicts`,
      headers: { accept: 'text/csv' },
    })
    assert.equal(response.statusCode, 406)
    assert.equal(response.json().code, 'FLUX_NOT_ACCEPTABLE')
  })
})

describe('DELETE /v1/scans/{id}', () => {
  it('stops it, however often it is asked', async () => {
    await using house = await openHouse()
    const id = await scanOf(house, 1)
    for (let time = 0; time < 2; time++) {
      assert.equal((await ask(house.app, { method: 'DELETE', url: `/v1/scans/${id}` })).statusCode, 204)
    }
    assert.equal((await ask(house.app, { url: `/v1/scans/${id}` })).json().state, 'cancelled')
    const { items } = (await ask(house.app, { url: `/v1/scans/${id}/verdicts` })).json()
    assert.equal(items[0].watching, false)
  })
})
