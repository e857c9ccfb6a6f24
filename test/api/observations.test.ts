// The time series of a domain as JSON, NDJSON and CSV.
import assert from 'node:assert/strict'
import { connect, type AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, it } from 'vitest'
import { OBSERVATION_TABLE } from '../../src/api/presenters/observation-csv.ts'
import { connectionRefused, START_MS } from '../support/in-memory-ports.ts'
import { ask, assertLine } from './contract.ts'
import { observationOf, OPTIONS, openHouse, type House } from './house.ts'

/** Everything that comes back for these bytes, until the other side closes. */
async function exchange(url: string, request: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.write(request)
  return text(socket)
}

const URL_OF_SERIES = '/v1/domains/bad.example/observations'

async function houseWith(count: number): Promise<House> {
  const house = await openHouse()
  house.house.watch('bad.example', OPTIONS)
  for (let index = 0; index < count; index++)
    house.house.observations.push(observationOf('bad.example', index))
  return house
}

describe('GET /v1/domains/{domain}/observations', () => {
  it('pages, oldest first', async () => {
    await using house = await houseWith(3)
    const first = (await ask(house.app, { url: `${URL_OF_SERIES}?limit=2` })).json()
    assert.deepEqual(first.items[0], {
      id: 'observation-bad.example-0',
      at: '2026-11-22T12:00:00.000Z',
      target: 'host:bad.example',
      round: 1,
      vantage: 'quad9',
      qname: 'bad.example',
      qtype: 'A',
      outcome: 'answer',
      failure: null,
      rcode: 'NOERROR',
      rtt_ms: 12.5,
      answer: [{ name: 'bad.example', type: 'A', ttl_s: 60, data: '192.0.2.0' }],
      authority: [],
      additional: [],
      freshness: null,
      authoritative: null,
      client_subnet_scope: null,
      extended_errors: [],
      server: null,
      side: null,
      told: null,
    })
    const second = (await ask(house.app, { url: first.links.next })).json()
    assert.deepEqual(
      second.items.map((each: { round: number }) => each.round),
      [3],
    )
    assert.equal(second.next, null)
  })

  it('says of an answer whether it is fresh, who gave it, and what else the reply said', async () => {
    await using house = await houseWith(0)
    house.house.observations.push(
      observationOf('bad.example', 0, {
        vantage: 'direct',
        freshness: 'fresh',
        authoritative: true,
        clientSubnetScope: 0,
        extendedErrors: [{ code: 3, text: 'stale' }],
        server: { name: 'ns1.bad.example', address: '192.0.2.53' },
        side: 'child',
      }),
      observationOf('bad.example', 1, { freshness: 'cached', authoritative: false, side: 'parent' }),
    )
    const { items } = (await ask(house.app, { url: URL_OF_SERIES })).json()
    const [first, second] = items
    assert.deepEqual(
      [first.freshness, first.authoritative, first.client_subnet_scope, first.extended_errors],
      ['fresh', true, 0, [{ code: 3, text: 'stale' }]],
    )
    assert.deepEqual(
      [first.server, first.side],
      [{ name: 'ns1.bad.example', address: '192.0.2.53' }, 'child'],
    )
    assert.deepEqual(
      [second.freshness, second.authoritative, second.server, second.side],
      ['cached', false, null, 'parent'],
    )
  })

  it('says how often a sensor had it, and since when', async () => {
    await using house = await houseWith(0)
    const told = { firstSeen: START_MS - 86_400_000, count: 17 }
    house.house.observations.push(
      observationOf('bad.example', 0, { vantage: 'sensor:office', round: 0, told }),
    )
    const { items } = (await ask(house.app, { url: `${URL_OF_SERIES}?vantage=sensor:office` })).json()
    assert.deepEqual(items[0].told, { first_seen: '2026-11-21T12:00:00.000Z', count: 17 })
    const csv = (await ask(house.app, { url: URL_OF_SERIES, headers: { accept: 'text/csv' } })).body
    assert.ok(csv.endsWith(',2026-11-21T12:00:00.000Z,17\r\n'), csv)
  })

  it('is thinned to the first round of each window of `every` seconds', async () => {
    await using house = await houseWith(0)
    for (const minute of [1, 2, 9, 10, 11, 25]) {
      for (const qtype of ['A', 'AAAA'] as const) {
        house.house.observations.push(
          observationOf('bad.example', minute, { qtype, id: `${minute}-${qtype}` }),
        )
      }
    }
    const { items } = (await ask(house.app, { url: `${URL_OF_SERIES}?every=600` })).json()
    assert.deepEqual(
      items.map(({ id }: { id: string }) => id),
      ['1-A', '1-AAAA', '10-A', '10-AAAA', '25-A', '25-AAAA'],
    )
  })

  it.each(['lame', 'unreachable_zone', 'http_error', 'opted_out'] as const)(
    'shows the failure %s',
    async (failure) => {
      await using house = await houseWith(0)
      house.house.observations.push(
        observationOf('bad.example', 0, { outcome: 'failed', failure, answer: [] }),
      )
      const { items } = (await ask(house.app, { url: URL_OF_SERIES })).json()
      assert.equal(items[0].failure, failure)
    },
  )

  it.each([
    ['from=2026-11-22T12:01:00Z&to=2026-11-22T12:03:00Z', [2, 3]],
    ['from=2026-11-22T12:01:00&to=2026-11-22T12:02:00', [2]],
    ['from=2026-11-22T13:03:00%2B01:00&vantage=quad9', [4]],
    ['to=1795348860', [1]],
    ['vantage=other', [5]],
    ['type=NS', [6]],
  ])('filters by %s, from inclusive and to exclusive', async (query, rounds) => {
    await using house = await houseWith(4)
    house.house.observations.push(
      observationOf('bad.example', 4, { vantage: 'other' }),
      observationOf('bad.example', 5, { qtype: 'NS', target: 'zone:bad.example', vantage: 'third' }),
    )
    const { items } = (await ask(house.app, { url: `${URL_OF_SERIES}?${query}` })).json()
    assert.deepEqual(
      items.map((each: { round: number }) => each.round),
      rounds,
    )
  })

  it('streams everything as NDJSON, with an end line', async () => {
    await using house = await houseWith(250)
    const response = await ask(house.app, { url: URL_OF_SERIES, headers: { accept: 'application/x-ndjson' } })
    const lines = response.body.trimEnd().split('\n')
    assert.equal(lines.pop(), '{"end":true,"next":null}')
    assert.equal(lines.length, 250)
    for (const line of lines) assertLine(house.app, 'Observation', line)
  })

  it('streams everything as CSV', async () => {
    await using house = await houseWith(250)
    const response = await ask(house.app, { url: URL_OF_SERIES, headers: { accept: 'text/csv' } })
    assert.match(String(response.headers['content-type']), /^text\/csv/u)
    const rows = response.body.trimEnd().split('\r\n')
    assert.equal(rows.length, 251)
    assert.equal(
      rows[0],
      'id,at,target,round,vantage,qname,qtype,outcome,failure,rcode,rtt_ms,section,name,type,ttl_s,data,freshness,authoritative,client_subnet_scope,extended_errors,server_name,server_address,side,told_first_seen,told_count',
    )
    assert.equal(
      rows[1],
      'observation-bad.example-0,2026-11-22T12:00:00.000Z,host:bad.example,1,quad9,bad.example,A,answer,,NOERROR,12.5,answer,bad.example,A,60,192.0.2.0,,,,,,,,,',
    )
  })

  it('cuts the connection when a CSV cannot be finished: it has no place for an end line', async () => {
    await using house = await houseWith(3)
    const { history } = house.house.ports
    const observations = history.observations.bind(history)
    history.observations = async (query) => {
      if (query.cursor !== null) throw connectionRefused()
      return observations(query)
    }
    await house.app.listen({ host: '127.0.0.1', port: 0 })
    const { port } = house.app.server.address() as AddressInfo
    const response = await fetch(`http://127.0.0.1:${port}${URL_OF_SERIES}?limit=2`, {
      headers: { accept: 'text/csv' },
    })
    assert.equal(response.status, 200)
    await assert.rejects(response.text())
  })

  it('ends a CSV that is complete with a trailer, which HTTP/1.0 has not', async () => {
    await using house = await houseWith(3)
    const url = await house.app.listen({ host: '127.0.0.1', port: 0 })
    const get = (version: string) =>
      `GET ${URL_OF_SERIES}?limit=2 HTTP/${version}\r\nHost: x\r\nAccept: text/csv\r\nConnection: close\r\n\r\n`
    const modern = await exchange(url, get('1.1'))
    assert.match(modern, /\r\ntrailer: x-stream-end\r\n/iu)
    assert.ok(modern.endsWith('\r\n0\r\nx-stream-end: complete\r\n\r\n'), modern.slice(-80))
    const old = await exchange(url, get('1.0'))
    assert.doesNotMatch(old, /trailer|chunked/iu)
    assert.match(old, /192\.0\.2\.2,,,,,,,,,\r\n$/u)
  })

  it('answers HEAD with the headers alone', async () => {
    await using house = await houseWith(3)
    const url = await house.app.listen({ host: '127.0.0.1', port: 0 })
    const response = await fetch(`${url}${URL_OF_SERIES}`, {
      method: 'HEAD',
      headers: { accept: 'text/csv' },
    })
    assert.equal(response.status, 200)
    assert.equal(await response.text(), '')
  })

  it.each([
    ['from=yesterday', '/query/from'],
    ['to=2026-13-01', '/query/to'],
    ['from=1795348860&to=1795348860', '/query/from'],
    ['type=MX', '/query/type'],
    ['cursor=made-up', '/query/cursor'],
    ['until=1', '/query/until'],
    ['every=0', '/query/every'],
    ['every=-60', '/query/every'],
    ['every=hour', '/query/every'],
  ])('refuses ?%s by name', async (query, pointer) => {
    await using house = await houseWith(1)
    const response = await ask(house.app, { url: `${URL_OF_SERIES}?${query}` })
    assert.equal(response.statusCode, 422)
    assert.equal(response.json().errors[0].pointer, pointer)
  })

  it('answers what history has of a name that was never submitted, whatever the question finds', async () => {
    await using house = await openHouse()
    house.house.observations.push(
      observationOf('www.bad.example', 0, { vantage: 'sensor:office', round: 0 }),
      observationOf('bad.example', 1, { target: 'zone:bad.example', qtype: 'NS', round: 0 }),
      observationOf('other.example', 2),
    )
    const idsOf = async (url: string) => {
      const { items } = (await ask(house.app, { url })).json()
      return items.map(({ target }: { target: string }) => target)
    }
    const url = '/v1/domains/www.bad.example/observations'
    assert.deepEqual(await idsOf(url), ['host:www.bad.example', 'zone:bad.example'])
    assert.deepEqual(await idsOf(`${url}?from=2027-01-01`), [])
    assert.equal((await ask(house.app, { url: '/v1/domains/third.example/observations' })).statusCode, 404)
  })

  it('answers 404 for what was never submitted and 406 to what it cannot make', async () => {
    await using house = await openHouse()
    assert.equal((await ask(house.app, { url: URL_OF_SERIES })).statusCode, 404)
    assert.equal(
      (await ask(house.app, { url: URL_OF_SERIES, headers: { accept: 'image/png' } })).statusCode,
      406,
    )
  })
})

describe('an observation as CSV', () => {
  it('has a row for each record, quotes what needs it and disarms formulas', () => {
    const rows = OBSERVATION_TABLE.linesOf(
      observationOf('bad.example', 0, {
        qtype: 'TXT',
        answer: [{ name: 'bad.example', type: 'TXT', ttlSeconds: 60, data: '=HYPERLINK("http://x")' }],
        additional: [{ name: 'ns.example', type: 'A', ttlSeconds: 5, data: '192.0.2.9' }],
      }),
    ).split('\r\n')
    assert.equal(rows.length, 3)
    assert.ok(rows[0]!.endsWith(`,answer,bad.example,TXT,60,"'=HYPERLINK(""http://x"")",,,,,,,,,`), rows[0])
    assert.ok(rows[1]!.endsWith(',additional,ns.example,A,5,192.0.2.9,,,,,,,,,'), rows[1])
  })

  it('carries freshness, AA bit, subnet scope, extended errors and the authority in every row', () => {
    const rows = OBSERVATION_TABLE.linesOf(
      observationOf('bad.example', 0, {
        freshness: 'fresh',
        authoritative: false,
        clientSubnetScope: 24,
        extendedErrors: [
          { code: 18, text: 'prohibited, "really"' },
          { code: 22, text: '' },
        ],
        server: { name: 'ns1.bad.example', address: '2001:db8::53' },
        side: 'parent',
        additional: [{ name: 'ns.example', type: 'A', ttlSeconds: 5, data: '192.0.2.9' }],
      }),
    ).split('\r\n')
    const last = ',fresh,false,24,"18 prohibited, ""really""; 22",ns1.bad.example,2001:db8::53,parent,,'
    assert.ok(rows[0]!.endsWith(`,192.0.2.0${last}`), rows[0])
    assert.ok(rows[1]!.endsWith(`,192.0.2.9${last}`), rows[1])
  })

  it('has one row, with empty cells for the record, when nothing was answered', () => {
    const row = OBSERVATION_TABLE.linesOf(
      observationOf('bad.example', 0, {
        outcome: 'failed',
        failure: 'timeout',
        rcode: 'TIMEOUT',
        answer: [],
      }),
    )
    assert.ok(row.endsWith(',failed,timeout,TIMEOUT,12.5,,,,,,,,,,,,,,\r\n'), row)
  })
})
