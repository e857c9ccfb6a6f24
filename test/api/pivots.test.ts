// From an address, a prefix, an autonomous system, a country or a name server to the names that were seen there.
import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import type { StoredObservation } from '../../src/core/model/observation.ts'
import { START_MS } from '../support/in-memory-ports.ts'
import { ask, assertLine } from './contract.ts'
import { observationOf, openHouse, type House } from './house.ts'

const HOUR_MS = 3_600_000

async function houseWith(...observations: StoredObservation[]): Promise<House> {
  const house = await openHouse()
  house.house.observations.push(...observations)
  return house
}

function seen(name: string, hours: number, address: string): StoredObservation {
  const type = address.includes(':') ? 'AAAA' : 'A'
  return observationOf(name, hours, {
    at: START_MS + hours * HOUR_MS,
    qtype: type,
    answer: [{ name, type, ttlSeconds: 60, data: address }],
  })
}

function delegated(zone: string, host: string): StoredObservation {
  return observationOf(zone, 0, {
    target: `zone:${zone}`,
    qtype: 'NS',
    answer: [{ name: zone, type: 'NS', ttlSeconds: 60, data: host }],
  })
}

async function namesAt(house: House, url: string): Promise<string[]> {
  const { items } = (await ask(house.app, { url })).json()
  return items.map(({ name }: { name: string }) => name)
}

describe('GET /v1/ips/{ip}', () => {
  it('tells where it is, how it lived and what led to it', async () => {
    await using house = await houseWith(
      seen('one.example', 0, '198.51.100.7'),
      seen('one.example', 1, '198.51.100.7'),
      seen('two.example', 5, '198.51.100.7'),
      seen('two.example', 5, '198.51.100.8'),
    )
    house.house.places.set('198.51.100.7', {
      address: '198.51.100.7',
      asn: 64_500,
      organisation: 'Example Net',
      country: 'DE',
    })
    const page = (await ask(house.app, { url: '/v1/ips/::ffff:198.51.100.7' })).json()
    const { items, next, ...head } = page
    assert.deepEqual(head, {
      address: '198.51.100.7',
      special_purpose: {
        prefix: '198.51.100.0/24',
        name: 'Documentation (TEST-NET-2)',
        source: 'RFC 5737',
        globally_reachable: false,
      },
      asn: 64_500,
      organisation: 'Example Net',
      country: 'DE',
      first_seen: '2026-11-22T12:00:00.000Z',
      last_seen: '2026-11-22T17:00:00.000Z',
      names: 2,
      intervals: [
        { from: '2026-11-22T12:00:00.000Z', to: '2026-11-22T14:00:00.000Z' },
        { from: '2026-11-22T17:00:00.000Z', to: '2026-11-22T18:00:00.000Z' },
      ],
      idle_s: 3 * 3600,
      links: {
        self: '/v1/ips/::ffff:198.51.100.7',
        prefix: '/v1/prefixes/198.51.100.0/24',
        asn: '/v1/asns/64500',
        country: '/v1/countries/DE',
      },
    })
    assert.deepEqual(
      items.map(({ name, count }: Record<string, unknown>) => [name, count]),
      [
        ['one.example', 2],
        ['two.example', 1],
      ],
    )
    assert.equal(next, null)
  })

  it('answers for an address that was never seen: nulls and an empty page', async () => {
    await using house = await openHouse()
    const response = await ask(house.app, { url: '/v1/ips/2a00::1' })
    assert.equal(response.statusCode, 200)
    const { special_purpose, asn, first_seen, names, intervals, items, links } = response.json()
    assert.deepEqual(
      [special_purpose, asn, first_seen, names, intervals, items],
      [null, null, null, 0, [], []],
    )
    assert.equal(links.prefix, '/v1/prefixes/2a00::/48')
  })

  it('streams the records as NDJSON and CSV', async () => {
    await using house = await houseWith(
      seen('one.example', 0, '192.0.2.7'),
      seen('two.example', 0, '192.0.2.7'),
    )
    const url = '/v1/ips/192.0.2.7?limit=1'
    const { body } = await ask(house.app, { url, headers: { accept: 'application/x-ndjson' } })
    const lines = body.trimEnd().split('\n')
    assert.equal(lines.pop(), '{"end":true,"next":null}')
    assert.equal(lines.length, 2)
    for (const line of lines) assertLine(house.app, 'SeenRecord', line)
    const csv = await ask(house.app, { url, headers: { accept: 'text/csv' } })
    assert.equal(csv.body.trimEnd().split('\r\n').length, 3)
    assert.equal(csv.trailers['x-stream-end'], 'complete')
  })
})

describe('the pivots', () => {
  it('find the names of a prefix, a system, a country and a name server', async () => {
    await using house = await houseWith(
      seen('one.example', 0, '192.0.2.7'),
      seen('two.example', 1, '192.0.2.130'),
      seen('six.example', 2, '2001:db8::6'),
      delegated('bad.example', 'ns1.bulk.example'),
    )
    const place = { organisation: null, country: 'DE' }
    house.house.places.set('192.0.2.7', { ...place, address: '192.0.2.7', asn: 64_500 })
    house.house.places.set('2001:db8::6', { ...place, address: '2001:db8::6', asn: 4_200_000_000 })
    assert.deepEqual(await namesAt(house, '/v1/prefixes/192.0.2.0/25'), ['one.example'])
    assert.deepEqual(await namesAt(house, '/v1/prefixes/2001:DB8::/32'), ['six.example'])
    assert.deepEqual(await namesAt(house, '/v1/asns/as64500'), ['one.example'])
    assert.deepEqual(await namesAt(house, '/v1/asns/4200000000'), ['six.example'])
    assert.deepEqual(await namesAt(house, '/v1/countries/de'), ['one.example', 'six.example'])
    assert.deepEqual(await namesAt(house, '/v1/countries/DE?seen_since=2026-11-22T13:00:00Z'), [
      'six.example',
    ])
    assert.deepEqual(await namesAt(house, '/v1/nameservers/NS1.bulk.example.'), ['bad.example'])
  })

  it('say what they understood, and page', async () => {
    await using house = await houseWith(
      seen('one.example', 0, '192.0.2.7'),
      seen('two.example', 0, '192.0.2.8'),
    )
    const first = (await ask(house.app, { url: '/v1/prefixes/192.0.2.0/24?limit=1' })).json()
    assert.equal(first.prefix, '192.0.2.0/24')
    assert.deepEqual(await namesAt(house, first.links.next), ['two.example'])
    assert.equal((await ask(house.app, { url: '/v1/asns/AS64500' })).json().asn, 64_500)
    assert.equal((await ask(house.app, { url: '/v1/countries/de' })).json().country, 'DE')
    assert.equal((await ask(house.app, { url: '/v1/nameservers/a.example.' })).json().host, 'a.example')
  })

  it.each([
    ['/v1/ips/192.0.2.256', '/path/ip', 'IPv4 or IPv6'],
    ['/v1/ips/bad.example', '/path/ip', 'IPv4 or IPv6'],
    ['/v1/prefixes/192.0.2.7/24', '/path/address', 'ask for 192.0.2.0/24'],
    ['/v1/prefixes/2001:db8::1/32', '/path/address', 'ask for 2001:db8::/32'],
    ['/v1/prefixes/192.0.2.0/33', '/path/length', 'from 0 to 32'],
    ['/v1/prefixes/192.0.2.0/024', '/path/length', 'from 0 to 32'],
    ['/v1/prefixes/2001:db8::/129', '/path/length', 'from 0 to 128'],
    ['/v1/prefixes/nowhere/24', '/path/address', 'IPv4 or IPv6'],
    ['/v1/asns/0', '/path/asn', '1 to 4294967295'],
    ['/v1/asns/4294967296', '/path/asn', '1 to 4294967295'],
    ['/v1/asns/ASX', '/path/asn', 'as 64500 or AS64500'],
    ['/v1/countries/DEU', '/path/country', 'two letters'],
    ['/v1/countries/d1', '/path/country', 'two letters'],
    ['/v1/nameservers/192.0.2.1', '/path/host', 'IP address'],
    ['/v1/asns/64500?seen_since=soon', '/query/seen_since', 'ISO 8601'],
    ['/v1/asns/64500?cursor=made-up', '/query/cursor', 'cursor'],
    ['/v1/asns/64500?since=1', '/query/since', 'no query parameter "since"'],
  ])('refuse %s by name and with the reason', async (url, pointer, reason) => {
    await using house = await openHouse()
    const response = await ask(house.app, { url })
    assert.equal(response.statusCode, 422)
    const [error] = response.json().errors
    assert.equal(error.pointer, pointer)
    assert.ok(error.detail.includes(reason), error.detail)
  })
})

describe('GET /v1/statistics', () => {
  it('counts each day, sensors apart', async () => {
    await using house = await houseWith(
      seen('one.example', 0, '192.0.2.7'),
      seen('one.example', 1, '192.0.2.8'),
      observationOf('one.example', 2, { outcome: 'failed', failure: 'timeout', answer: [] }),
      observationOf('one.example', 3, { outcome: 'nxdomain', answer: [] }),
      { ...seen('two.example', 24, '192.0.2.7'), vantage: 'sensor:office', round: 0 },
    )
    const { items } = (await ask(house.app, { url: '/v1/statistics' })).json()
    assert.deepEqual(items, [
      {
        day: '2026-11-22',
        answer: 2,
        nodata: 0,
        nxdomain: 1,
        failed: 1,
        sensor_observations: 0,
        new_records: 2,
        new_names: 1,
        new_addresses: 2,
      },
      {
        day: '2026-11-23',
        answer: 0,
        nodata: 0,
        nxdomain: 0,
        failed: 0,
        sensor_observations: 1,
        new_records: 1,
        new_names: 1,
        new_addresses: 0,
      },
    ])
    const url = '/v1/statistics?from=2026-11-23T06:00:00Z'
    const csv = await ask(house.app, { url, headers: { accept: 'text/csv' } })
    assert.equal(
      csv.body,
      'day,answer,nodata,nxdomain,failed,sensor_observations,new_records,new_names,new_addresses\r\n2026-11-23,0,0,0,0,1,1,1,0\r\n',
    )
  })

  it('has no days when there is nothing, and refuses a window that is none', async () => {
    await using house = await openHouse()
    assert.deepEqual((await ask(house.app, { url: '/v1/statistics' })).json().items, [])
    const bad = await ask(house.app, { url: '/v1/statistics?from=2026-11-23&to=2026-11-23' })
    assert.deepEqual([bad.statusCode, bad.json().errors[0].pointer], [422, '/query/from'])
  })
})
