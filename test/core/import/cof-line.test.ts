import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CofReader } from '../../../src/core/import/cof-line.ts'
import type { LineReading } from '../../../src/core/import/line-reading.ts'
import { CONTEXT, NOW } from './zeek-sample.ts'

const USUAL = {
  rrname: 'www.shop.example.',
  rrtype: 'A',
  rdata: '198.51.100.7',
  time_first: 1_795_000_000,
  time_last: 1_795_860_000,
  count: 42,
  bailiwick: 'shop.example.',
  sensor_id: 'site-7',
}

const read = (changed: Readonly<Record<string, unknown>> = {}): LineReading =>
  new CofReader(CONTEXT).read(JSON.stringify({ ...USUAL, ...changed }))

function rowOf(reading: LineReading) {
  if (reading.kind !== 'row') throw new Error(`no row: ${JSON.stringify(reading)}`)
  return reading.row
}
const observed = (changed: Readonly<Record<string, unknown>> = {}) => rowOf(read(changed)).observation

describe('A line of COF', () => {
  test('becomes one observation at the time seen last, with the sum that it tells and no TTL', () => {
    expect(observed()).toEqual({
      target: 'host:www.shop.example',
      round: 0,
      at: 1_795_860_000_000,
      vantage: 'sensor:corp-dns',
      qname: 'www.shop.example',
      qtype: 'A',
      outcome: 'answer',
      rcode: 'NOERROR',
      rttMs: 0,
      answer: [{ name: 'www.shop.example', type: 'A', ttlSeconds: 0, data: '198.51.100.7' }],
      authority: [],
      additional: [],
      told: { firstSeen: 1_795_000_000_000, count: 42 },
    })
    expect(JSON.stringify(observed())).not.toContain('site-7')
  })

  test('may hold a whole RRset, and its type as a number or as RFC 3597 writes it', () => {
    for (const rrtype of [28, '28', 'AAAA', 'TYPE28', 'aaaa']) {
      const { qtype, answer } = observed({ rrtype, rdata: ['2001:db8::1', '2001:DB8:0::2'] })
      expect(qtype).toBe('AAAA')
      expect(answer.map(({ data }) => data)).toEqual(['2001:db8::1', '2001:db8::2'])
    }
  })

  test.each([
    ['CNAME', 'Edge.CDN.example.', 'host:www.shop.example', 'edge.cdn.example'],
    ['NS', 'ns1.dns.example.', 'zone:www.shop.example', 'ns1.dns.example'],
    [
      'SOA',
      'NS1.dns.example. host\\.master.dns.example. 2026112801 7200 3600 1209600 300',
      'zone:www.shop.example',
      'ns1.dns.example host\\.master.dns.example 2026112801 7200 3600 1209600 300',
    ],
    ['TXT', '"v=spf1 -all"', 'host:www.shop.example', '"v=spf1 -all"'],
  ])('of type %s has its data as our own records have it', (rrtype, rdata, target, data) => {
    expect(observed({ rrtype, rdata })).toMatchObject({ target, answer: [{ type: rrtype, data }] })
  })

  test('has its times in seconds, in milliseconds, or from a zone file', () => {
    expect(observed({ time_first_ms: 1_795_000_000_250, time_last_ms: 1_795_860_000_750 })).toMatchObject({
      at: 1_795_860_000_750,
      told: { firstSeen: 1_795_000_000_250 },
    })
    const zoneFile = {
      time_first: undefined,
      time_last: undefined,
      zone_time_first: 1_795_000_000,
      zone_time_last: 1_795_000_001,
    }
    expect(observed(zoneFile)).toMatchObject({
      at: 1_795_000_001_000,
      told: { firstSeen: 1_795_000_000_000 },
    })
  })

  test('without a count was seen once', () => {
    expect(observed({ count: undefined }).told?.count).toBe(1)
  })

  test('is another one with another sum, bailiwick or sensor id, and the same in another order of its records', () => {
    const identity = rowOf(read()).identity
    for (const changed of [
      { count: 43 },
      { time_last: 1_795_860_001 },
      { bailiwick: 'example.' },
      { sensor_id: 'site-8' },
    ]) {
      expect(rowOf(read(changed)).identity).not.toBe(identity)
    }
    const two = ['198.51.100.7', '198.51.100.8']
    expect(rowOf(read({ rdata: two.toReversed(), rrname: 'WWW.shop.example' })).identity).toBe(
      rowOf(read({ rdata: two })).identity,
    )
  })

  test.each([
    [{ rrtype: 'MX' }, 'type_not_kept'],
    [{ rrtype: 65 }, 'type_not_kept'],
    [{ rrname: '7.100.51.198.in-addr.arpa.', rrtype: 'PTR', rdata: 'www.shop.example.' }, 'reverse_name'],
    [{ rrname: 'co.uk.', rrtype: 'NS' }, 'public_suffix'],
    [{ rrname: 'nas.local.' }, 'special_use'],
  ])('is skipped, and says why: %o %s', (changed, reason) => {
    expect(read(changed)).toEqual({ kind: 'skipped', reason })
  })

  test.each([
    [{ rrname: undefined }, 'missing_field', 'rrname: there is none.'],
    [{ rrtype: undefined }, 'missing_field', 'rrtype: there is none.'],
    [{ rdata: undefined }, 'missing_field', 'rdata: there is none.'],
    [{ rdata: [] }, 'missing_field', 'rdata: there is none.'],
    [{ time_last: null }, 'missing_field', 'time_last: there is none.'],
    [{ time_first: 'soon' }, 'bad_field', 'time_first: "soon" is no time.'],
    [{ time_first: 1_795_860_001 }, 'bad_field', 'time_first: it lies after time_last.'],
    [
      { time_last: NOW / 1000 + 90_000 },
      'future_time',
      'time_last: 2026-11-29T13:00:00.000Z is more than a day from now.',
    ],
    [{ count: -1 }, 'bad_field', 'count: "-1" is no count.'],
    [{ count: 1.5 }, 'bad_field', 'count: "1.5" is no count.'],
    [{ rdata: '2001:db8::1' }, 'bad_field', 'rdata: "2001:db8::1" is not the data of A.'],
    [{ rdata: ['198.51.100.7', 7] }, 'bad_field', 'rdata: "7" is not the data of A.'],
    [
      { rrtype: 'SOA', rdata: 'ns1.example. 1 2 3' },
      'bad_field',
      'rdata: "ns1.example.U+00201U+00202U+00203" is not the data of SOA.',
    ],
    [{ rrname: 'under score.example' }, 'bad_character', undefined],
  ])('is refused with a sentence that names the field: %o %s', (changed, reason, sentence) => {
    expect(read(changed)).toMatchObject({ kind: 'refused', reason, ...(sentence && { sentence }) })
  })

  test('never makes the reader throw', () => {
    const field = fc.constantFrom(...Object.keys(USUAL))
    fc.assert(
      fc.property(fc.dictionary(field, fc.jsonValue()), (changed) => {
        expect(['row', 'skipped', 'refused']).toContain(read(changed).kind)
      }),
    )
  })

  test('of any addresses gives them back canonical, each a record of the owner', () => {
    fc.assert(
      fc.property(fc.array(fc.ipV4(), { minLength: 1, maxLength: 20 }), (rdata) => {
        expect(observed({ rdata }).answer).toEqual(
          rdata.map((data) => ({ name: 'www.shop.example', type: 'A', ttlSeconds: 0, data })),
        )
      }),
    )
  })
})
