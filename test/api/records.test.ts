// The records of a name: when each was seen and by whom, what changed, how fast addresses came. As JSON, NDJSON and CSV.
import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { withAliasTargets } from '../../src/api/history/alias-targets.ts'
import type { StoredObservation } from '../../src/core/model/observation.ts'
import { InMemoryRecords } from '../support/in-memory-records.ts'
import { connectionRefused, START_MS } from '../support/in-memory-ports.ts'
import { ask, assertLine } from './contract.ts'
import { aliasOf, observationOf, openHouse, type House } from './house.ts'

const HOUR_MS = 3_600_000

async function houseWith(...observations: StoredObservation[]): Promise<House> {
  const house = await openHouse()
  house.house.observations.push(...observations)
  return house
}

/** At so many hours after the start the name has the address 192.0.2.`octet`. */
function seen(name: string, hours: number, octet: number, change: Partial<StoredObservation> = {}) {
  return observationOf(name, octet, { at: START_MS + hours * HOUR_MS, ...change })
}

async function itemsOf(house: House, url: string) {
  return (await ask(house.app, { url })).json().items
}

describe('GET /v1/domains/{domain}/rrsets', () => {
  it('has an item for each record, with its times and its witnesses, watched or not', async () => {
    await using house = await houseWith(
      seen('bad.example', 0, 1),
      seen('bad.example', 2, 1, { vantage: 'cloudflare' }),
      seen('bad.example', 3, 1, {
        vantage: 'sensor:office',
        round: 0,
        told: { firstSeen: START_MS - HOUR_MS, count: 40 },
      }),
      seen('bad.example', 1, 2),
    )
    const page = (await ask(house.app, { url: '/v1/domains/Bad.Example./rrsets' })).json()
    assert.deepEqual(page.items, [
      {
        name: 'bad.example',
        type: 'A',
        data: '192.0.2.1',
        first_seen: '2026-11-22T11:00:00.000Z',
        last_seen: '2026-11-22T15:00:00.000Z',
        count: 2,
        sensor_count: 40,
        vantages: ['cloudflare', 'quad9', 'sensor:office'],
      },
      {
        name: 'bad.example',
        type: 'A',
        data: '192.0.2.2',
        first_seen: '2026-11-22T13:00:00.000Z',
        last_seen: '2026-11-22T13:00:00.000Z',
        count: 1,
        sensor_count: 0,
        vantages: ['quad9'],
      },
    ])
    assert.equal(page.links.changes, '/v1/domains/bad.example/changes')
  })

  it('takes a type and a time that it was seen since', async () => {
    await using house = await houseWith(
      seen('bad.example', 0, 1),
      seen('bad.example', 2, 2),
      aliasOf('bad.example', 'pool.example', START_MS),
    )
    const dataOf = async (query: string) =>
      (await itemsOf(house, `/v1/domains/bad.example/rrsets?${query}`)).map(
        ({ data }: { data: string }) => data,
      )
    assert.deepEqual(await dataOf('type=A&seen_since=2026-11-22T14:00:00Z'), ['192.0.2.2'])
    assert.deepEqual(await dataOf('type=CNAME'), ['pool.example'])
  })

  it('pages, and streams all as NDJSON and CSV with an end', async () => {
    await using house = await houseWith(...[1, 2, 3].map((octet) => seen('bad.example', octet, octet)))
    const url = '/v1/domains/bad.example/rrsets?limit=2'
    const first = (await ask(house.app, { url })).json()
    assert.equal(first.items.length, 2)
    const second = (await ask(house.app, { url: first.links.next })).json()
    assert.deepEqual([second.items[0].data, second.next], ['192.0.2.3', null])

    const ndjson = await ask(house.app, { url, headers: { accept: 'application/x-ndjson' } })
    const lines = ndjson.body.trimEnd().split('\n')
    assert.equal(lines.pop(), '{"end":true,"next":null}')
    assert.equal(lines.length, 3)
    for (const line of lines) assertLine(house.app, 'SeenRecord', line)

    const csv = await ask(house.app, { url, headers: { accept: 'text/csv' } })
    assert.deepEqual(csv.body.split('\r\n').slice(0, 2), [
      'name,type,data,first_seen,last_seen,count,sensor_count,vantages',
      'bad.example,A,192.0.2.1,2026-11-22T13:00:00.000Z,2026-11-22T13:00:00.000Z,1,0,quad9',
    ])
    assert.equal(csv.trailers['x-stream-end'], 'complete')
  })

  it('ends an NDJSON stream that cannot go on with the problem and the cursor to go on from', async () => {
    await using house = await houseWith(...[1, 2, 3].map((octet) => seen('bad.example', octet, octet)))
    const url = '/v1/domains/bad.example/rrsets?limit=1'
    const { records } = house.house.ports
    const read = records.records.bind(records)
    records.records = async (query) => {
      if (query.cursor !== null) throw connectionRefused()
      return read(query)
    }
    const { body } = await ask(house.app, { url, headers: { accept: 'application/x-ndjson' } })
    const end = JSON.parse(body.trimEnd().split('\n').at(-1)!)
    assert.deepEqual([end.end, end.error.code], [false, 'FLUX_STORE_UNAVAILABLE'])
    records.records = read
    const rest = (await ask(house.app, { url: `${url}&cursor=${end.next}` })).json()
    assert.equal(rest.items[0].data, '192.0.2.2')
  })
})

describe('GET /v1/domains/{domain}/changes', () => {
  const urlOf = (query = '') => `/v1/domains/bad.example/changes${query}`

  it('tells what came and what went in the window', async () => {
    await using house = await houseWith(
      seen('bad.example', 0, 1),
      seen('bad.example', 9, 1),
      seen('bad.example', 1, 2),
      seen('bad.example', 4, 2),
      seen('bad.example', 5, 3),
      seen('bad.example', 9, 3),
      seen('bad.example', 6, 4),
    )
    const window = '?from=2026-11-22T15:00:00Z&to=2026-11-22T20:00:00Z'
    const changes = await itemsOf(house, urlOf(window))
    assert.deepEqual(
      changes.map(({ data, appeared, gone }: Record<string, unknown>) => [data, appeared, gone]),
      [
        ['192.0.2.2', false, true],
        ['192.0.2.3', true, false],
        ['192.0.2.4', true, true],
      ],
    )
    const csv = await ask(house.app, { url: urlOf(window), headers: { accept: 'text/csv' } })
    assert.match(
      csv.body,
      /^name,.*,vantages,appeared,gone\r\nbad\.example,A,192\.0\.2\.2,.*,false,true\r\n/u,
    )
  })

  it('calls nothing gone that is merely not looked at again', async () => {
    const dataOf = async (house: House) =>
      (await itemsOf(house, urlOf())).map(({ data, gone }: Record<string, unknown>) => [data, gone])
    await using house = await houseWith(
      // One that stands still, last seen a moment ago, by two vantages that see different addresses.
      seen('bad.example', -300, 1),
      seen('bad.example', -300, 2),
      seen('bad.example', -0.1, 1),
      seen('bad.example', -0.09, 2, { vantage: 'other' }),
    )
    assert.deepEqual(await dataOf(house), [])
    // A failure tells nothing, and who asks for another type does not either.
    house.house.nowMs += HOUR_MS
    house.house.observations.push(
      seen('bad.example', 0.5, 9, { outcome: 'failed', failure: 'timeout', answer: [] }),
      seen('bad.example', 0.5, 9, { outcome: 'nodata', qtype: 'AAAA', answer: [] }),
    )
    assert.deepEqual(await dataOf(house), [])
    house.house.observations.push(seen('bad.example', 0.6, 9, { outcome: 'nxdomain', answer: [] }))
    assert.deepEqual(await dataOf(house), [
      ['192.0.2.1', true],
      ['192.0.2.2', true],
    ])
  })

  it('tells what another record has replaced, also of a name that is only seen as an alias target', async () => {
    const under = { target: 'host:www.example' } as const
    await using house = await houseWith(
      seen('pool.example', -300, 1, under),
      seen('pool.example', -5, 1, under),
      seen('pool.example', -1, 2, under),
    )
    const changes = await itemsOf(house, '/v1/domains/pool.example/changes')
    assert.deepEqual(
      changes.map(({ data, appeared, gone }: Record<string, unknown>) => [data, appeared, gone]),
      [
        ['192.0.2.1', false, true],
        ['192.0.2.2', true, false],
      ],
    )
  })

  it('takes the last 24 hours, and keeps them from page to page while time goes on', async () => {
    await using house = await houseWith(...[1, 2, 3].map((octet) => seen('bad.example', octet, octet)))
    house.house.nowMs = START_MS + 24 * HOUR_MS
    const first = (await ask(house.app, { url: urlOf('?limit=2') })).json()
    assert.deepEqual([first.from, first.to], ['2026-11-22T12:00:00.000Z', '2026-11-23T12:00:00.000Z'])
    house.house.nowMs += 48 * HOUR_MS
    const second = (await ask(house.app, { url: first.links.next })).json()
    assert.deepEqual([second.from, second.to], [first.from, first.to])
    assert.deepEqual(
      second.items.map(({ data }: { data: string }) => data),
      ['192.0.2.3'],
    )
    assert.deepEqual((await ask(house.app, { url: urlOf() })).json().items, [])
    const other = await ask(house.app, { url: urlOf(`?from=2026-11-22&cursor=${first.next}`) })
    assert.deepEqual([other.statusCode, other.json().errors[0].pointer], [422, '/query/cursor'])
  })

  it.each([
    ['from=2026-11-23&to=2026-11-22', '/query/from'],
    ['from=2026-11-23', '/query/from'],
    ['to=never', '/query/to'],
    ['cursor=at-2', '/query/cursor'],
    ['cursor=1.2.made-up', '/query/cursor'],
  ])('refuses ?%s by name', async (query, pointer) => {
    await using house = await openHouse()
    const response = await ask(house.app, { url: urlOf(`?${query}`) })
    assert.deepEqual([response.statusCode, response.json().errors[0].pointer], [422, pointer])
  })
})

describe('GET /v1/domains/{domain}/new-addresses', () => {
  it('counts per hour what the name and its alias targets did not have before', async () => {
    await using house = await houseWith(
      aliasOf('www.bad.example', 'pool.example', START_MS),
      aliasOf('pool.example', 'edge.example', START_MS),
      seen('edge.example', 0, 1),
      seen('edge.example', 0.5, 2),
      seen('edge.example', 2, 1),
      seen('www.bad.example', 2, 3),
      seen('pool.example', 3, 3),
      seen('other.example', 4, 4),
    )
    const page = (await ask(house.app, { url: '/v1/domains/www.bad.example/new-addresses' })).json()
    assert.deepEqual(page.names, ['www.bad.example', 'pool.example', 'edge.example'])
    assert.deepEqual(page.items, [
      { hour: '2026-11-22T12:00:00.000Z', addresses: 2 },
      { hour: '2026-11-22T14:00:00.000Z', addresses: 1 },
    ])
    const url = '/v1/domains/www.bad.example/new-addresses?from=2026-11-22T13:00:00Z'
    assert.deepEqual((await ask(house.app, { url })).json().names, ['www.bad.example'])
    const csv = await ask(house.app, { url, headers: { accept: 'text/csv' } })
    assert.equal(csv.body, 'hour,addresses\r\n2026-11-22T14:00:00.000Z,1\r\n')
  })
})

describe('the names of a chain of aliases', () => {
  it('are at most 8 besides the name, each once, also in a loop', async () => {
    const chain = Array.from({ length: 12 }, (_, at) =>
      aliasOf(`n${at}.example`, `n${at + 1}.example`, START_MS),
    )
    const long = await withAliasTargets(new InMemoryRecords(() => chain), 'n0.example', null)
    assert.deepEqual(
      long,
      ['n0', 'n1', 'n2', 'n3', 'n4', 'n5', 'n6', 'n7', 'n8'].map((each) => `${each}.example`),
    )
    const loop = [aliasOf('a.example', 'b.example', START_MS), aliasOf('b.example', 'a.example', START_MS)]
    const closed = await withAliasTargets(new InMemoryRecords(() => loop), 'a.example', null)
    assert.deepEqual(closed, ['a.example', 'b.example'])
  })
})

describe('a name of which nothing is known', () => {
  it.each(['rrsets', 'changes', 'new-addresses'])('has no %s, and that is an answer', async (call) => {
    await using house = await openHouse()
    const response = await ask(house.app, { url: `/v1/domains/never.example/${call}` })
    assert.equal(response.statusCode, 200)
    assert.deepEqual([response.json().items, response.json().next], [[], null])
    const bad = await ask(house.app, { url: `/v1/domains/192.0.2.1/${call}` })
    assert.deepEqual([bad.statusCode, bad.json().errors[0].pointer], [422, '/path/domain'])
  })
})
