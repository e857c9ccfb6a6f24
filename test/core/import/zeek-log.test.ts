import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LineReading, LogReader } from '../../../src/core/import/line-reading.ts'
import { unescape, ZeekJsonReader, ZeekTsvReader } from '../../../src/core/import/zeek-log.ts'
import { CONTEXT, HEADER, jsonLine, NOW, tsvLine, type Cells } from './zeek-sample.ts'

function tsvReader(header: readonly string[] = HEADER): LogReader {
  const reader = new ZeekTsvReader(CONTEXT)
  for (const line of header) expect(reader.read(line)).toEqual({ kind: 'header' })
  return reader
}

const readTsv = (cells: Cells = {}): LineReading => tsvReader().read(tsvLine(cells))
const readJson = (cells: Readonly<Record<string, unknown>> = {}): LineReading =>
  new ZeekJsonReader(CONTEXT).read(jsonLine(cells))

function observed(reading: LineReading) {
  if (reading.kind !== 'row') throw new Error(`no row: ${JSON.stringify(reading)}`)
  return reading.row.observation
}

const answerOf = (reading: LineReading): string[] =>
  observed(reading).answer.map(({ name, type, ttlSeconds, data }) => `${name} ${ttlSeconds} ${type} ${data}`)

describe('A line of a TSV dns.log', () => {
  test('becomes an observation of the sensor, without a trace of who asked', () => {
    expect(observed(readTsv({ AA: 'T' }))).toEqual({
      target: 'host:www.shop.example',
      round: 0,
      at: 1_795_860_000_123,
      vantage: 'sensor:corp-dns',
      qname: 'www.shop.example',
      qtype: 'A',
      outcome: 'answer',
      rcode: 'NOERROR',
      rttMs: 21.5,
      answer: [{ name: 'www.shop.example', type: 'A', ttlSeconds: 300, data: '198.51.100.7' }],
      authority: [],
      additional: [],
      authoritative: true,
    })
    expect(JSON.stringify(readTsv())).not.toMatch(/10\.20\.30\.40|53211|10\.0\.0\.53/)
  })

  test('gives aliases the owners along their chain, and the addresses to its end', () => {
    const cells = {
      answers: 'www.shop.cdn.example,edge7.cdn.example,198.51.100.7,198.51.100.8',
      TTLs: '300.000000,60.000000,20.000000,20.900000',
    }
    expect(answerOf(readTsv(cells))).toEqual([
      'www.shop.example 300 CNAME www.shop.cdn.example',
      'www.shop.cdn.example 60 CNAME edge7.cdn.example',
      'edge7.cdn.example 20 A 198.51.100.7',
      'edge7.cdn.example 20 A 198.51.100.8',
    ])
  })

  test('gives the addresses to the end of the chain though they stand before it', () => {
    expect(answerOf(readTsv({ answers: '198.51.100.7,edge7.cdn.example', TTLs: '20.0,300.0' }))).toEqual([
      'www.shop.example 300 CNAME edge7.cdn.example',
      'edge7.cdn.example 20 A 198.51.100.7',
    ])
  })

  test('ends a loop of aliases where it closes', () => {
    const answers = 'a.shop.example,www.shop.example,a.shop.example'
    expect(answerOf(readTsv({ answers, TTLs: '-' }))).toEqual(['www.shop.example 0 CNAME a.shop.example'])
  })

  test('reads IPv6 addresses in canonical form, and passes addresses of the other family over', () => {
    const answers = '2001:DB8:0:0:0::7,198.51.100.7,::ffff:198.51.100.9'
    expect(answerOf(readTsv({ qtype_name: 'AAAA', answers, TTLs: '5.0,5.0,5.0' }))).toEqual([
      'www.shop.example 5 AAAA 2001:db8::7',
    ])
  })

  test('passes over what is no name and no address: signatures, unknown types, unset elements', () => {
    const answers = 'RRSIG 1 shop.example,-,<unknown type=65>,198.51.100.7'
    expect(answerOf(readTsv({ answers, TTLs: '1.0,2.0,3.0,4.0' }))).toEqual([
      'www.shop.example 4 A 198.51.100.7',
    ])
  })

  test('has no TTL beyond what RFC 2181 allows, and none below zero', () => {
    expect(answerOf(readTsv({ answers: '198.51.100.7,198.51.100.8', TTLs: '1e300,-5.0' }))).toEqual([
      'www.shop.example 2147483647 A 198.51.100.7',
      'www.shop.example 0 A 198.51.100.8',
    ])
  })

  test('takes the names of an NS answer for name servers of the zone', () => {
    const reading = readTsv({
      query: 'shop.example',
      qtype_name: 'NS',
      answers: 'NS1.dns.example,ns2.dns.example',
    })
    expect(observed(reading)).toMatchObject({ target: 'zone:shop.example', qtype: 'NS', outcome: 'answer' })
    expect(answerOf(reading)).toEqual([
      'shop.example 300 NS ns1.dns.example',
      'shop.example 0 NS ns2.dns.example',
    ])
  })

  test('knows the type by its number where it has no name', () => {
    expect(observed(readTsv({ qtype_name: '-', qtype: '28', answers: '2001:db8::7' })).qtype).toBe('AAAA')
  })

  test.each([
    [
      { rcode_name: 'NXDOMAIN', answers: '-' },
      { outcome: 'nxdomain', rcode: 'NXDOMAIN' },
    ],
    [{ answers: '(empty)' }, { outcome: 'nodata', rcode: 'NOERROR' }],
    [{ answers: 'alias.example' }, { outcome: 'nodata', rcode: 'NOERROR' }],
    [
      { rcode_name: 'SERVFAIL', answers: '-' },
      { outcome: 'failed', failure: 'servfail', rcode: 'SERVFAIL' },
    ],
    [
      { rcode_name: 'NOTAUTH', answers: '-' },
      { outcome: 'failed', failure: 'rcode_other', rcode: 'NOTAUTH' },
    ],
    [
      { rcode_name: '-', rcode: '5', answers: '-' },
      { outcome: 'failed', failure: 'refused', rcode: 'REFUSED' },
    ],
    [
      { rcode_name: '-', rcode: '-', answers: '-' },
      { outcome: 'failed', failure: 'timeout', rcode: 'TIMEOUT' },
    ],
    [
      { rcode_name: '-', rcode: '-', answers: '-', rejected: 'T' },
      { outcome: 'failed', failure: 'refused', rcode: 'REFUSED' },
    ],
  ])('has the outcome that our own reply would have: %o', (cells, outcome) => {
    expect(observed(readTsv({ ...(cells as Cells), TTLs: '-' }))).toMatchObject(outcome)
  })

  test('unescapes octets, and takes an escaped separator for a part of the value', () => {
    expect(observed(readTsv({ query: 'b\\xc3\\xbccher.example' })).qname).toBe('xn--bcher-kva.example')
    const reading = readTsv({ answers: 'odd\\x2cname.example,198.51.100.7', TTLs: '1.0,2.0' })
    expect(answerOf(reading)).toEqual(['www.shop.example 2 A 198.51.100.7'])
    // A query that is one hyphen, not an unset one.
    expect(readTsv({ query: '\\x2d' })).toMatchObject({ kind: 'refused', reason: 'bad_hyphen' })
  })

  test.each([
    [{ query: '7.100.51.198.in-addr.arpa', qtype_name: 'PTR' }, 'reverse_name'],
    [{ query: 'printer.shop.example', 'id.resp_p': '5353' }, 'not_unicast_dns'],
    [{ query: 'wpad.shop.example', 'id.resp_p': '5355' }, 'not_unicast_dns'],
    [{ qtype_name: 'HTTPS' }, 'type_not_kept'],
    [{ qtype_name: 'SOA' }, 'type_not_kept'],
    [{ qtype_name: '*' }, 'type_not_kept'],
    [{ query: 'intranet' }, 'single_label'],
    [{ query: 'nas.local' }, 'special_use'],
    [{ query: 'co.uk' }, 'public_suffix'],
    [{ query: '198.51.100.7' }, 'ip_address'],
  ])('is skipped, and says why: %o %s', (cells, reason) => {
    expect(readTsv(cells as Cells)).toEqual({ kind: 'skipped', reason })
  })

  test.each([
    [{ query: '-' }, 'missing_field', 'query: there is none.'],
    [{ ts: '-' }, 'missing_field', 'ts: there is none.'],
    [{ ts: 'yesterday' }, 'bad_field', 'ts: it is no time.'],
    [
      { ts: `${NOW / 1000 + 86_401}` },
      'future_time',
      'ts: 2026-11-29T12:00:01.000Z is more than a day from now.',
    ],
    [{ ts: '9007199254740991' }, 'bad_field', 'ts: it is no time.'],
    [{ rcode_name: 'no error' }, 'bad_field', 'rcode_name: "noU+0020error" is no response code.'],
    [{ qtype: '-', qtype_name: '-' }, 'missing_field', 'qtype_name: there is none.'],
    [{ query: 'a..example' }, 'empty_label', 'query: Label 2 is empty.'],
    [{ query: 'evil[.]example' }, 'bad_character', 'query: "evil[.]example" is not a plain domain name.'],
  ])('is refused with a sentence that names the field: %o %s', (cells, reason, sentence) => {
    expect(readTsv(cells as Cells)).toEqual({ kind: 'refused', reason, sentence })
  })
})

describe('The header of a TSV dns.log', () => {
  test('says how the log is written', () => {
    const reader = tsvReader([
      '#separator |',
      '#set_separator|;',
      '#empty_field|none',
      '#unset_field|?',
      '#path|dns',
      '#fields|query|ts|qtype_name|answers|rcode_name',
    ])
    expect(
      answerOf(reader.read('www.shop.example|1795860000.5|A|198.51.100.7;198.51.100.8|NOERROR')),
    ).toHaveLength(2)
    expect(observed(reader.read('www.shop.example|1795860000.5|A|none|NOERROR')).outcome).toBe('nodata')
    expect(observed(reader.read('www.shop.example|1795860000.5|A|?|?')).rcode).toBe('TIMEOUT')
  })

  test('comes again where logs were put together, and holds from there on', () => {
    const reader = tsvReader()
    expect(reader.read(tsvLine()).kind).toBe('row')
    for (const line of [
      '#close\t2026-11-28-12-00-00',
      '#separator \\x2c',
      '#set_separator,;',
      '#fields,ts,query,qtype_name,answers',
    ]) {
      expect(reader.read(line).kind).toBe('header')
    }
    expect(answerOf(reader.read('1795860000,www.shop.example,A,198.51.100.9'))).toEqual([
      'www.shop.example 0 A 198.51.100.9',
    ])
  })

  test('that is missing, of another log, or of other columns is told line by line', () => {
    expect(new ZeekTsvReader(CONTEXT).read(tsvLine())).toMatchObject({ reason: 'no_header' })
    const other = tsvReader(['#separator \\x09', '#path\tconn', '#fields\tts\tuid'])
    expect(other.read('1795860000\tC1')).toEqual({
      kind: 'refused',
      reason: 'missing_field',
      sentence: 'query: #fields of the log "conn" does not name it.',
    })
    expect(tsvReader().read('1795860000\tC1')).toEqual({
      kind: 'refused',
      reason: 'wrong_columns',
      sentence: 'It has 2 values; #fields names 24 of them.',
    })
  })

  test('that says of answers that they are one text is believed', () => {
    const reader = tsvReader([
      '#fields\tts\tquery\tqtype_name\tanswers',
      '#types\ttime\tstring\tstring\tstring',
    ])
    expect(answerOf(reader.read('1795860000\twww.shop.example\tA\t198.51.100.7,198.51.100.8'))).toEqual([])
  })
})

describe('A line of a JSON dns.log', () => {
  test('is the very observation that the same line in TSV is', () => {
    expect(readJson()).toEqual(readTsv())
  })

  test.each([
    1_795_860_000.123456,
    1_795_860_000_123,
    '2026-11-28T10:00:00.123456Z',
    '2026-11-28T11:00:00.123+01:00',
  ])('has its time in seconds, milliseconds or ISO 8601: %s', (ts) => {
    const { row } = readJson({ ts }) as LineReading & { kind: 'row' }
    const { row: usual } = readTsv({ ts: '1795860000.123456' }) as LineReading & { kind: 'row' }
    expect(row.observation.at).toBe(Date.parse('2026-11-28T10:00:00.123Z'))
    expect(row.identity).toBe(usual.identity)
  })

  test('may leave out what is unset', () => {
    const reading = new ZeekJsonReader(CONTEXT).read(
      '{"ts":1795860000.5,"query":"www.shop.example","qtype_name":"A","rcode_name":"NXDOMAIN"}',
    )
    expect(observed(reading)).toMatchObject({ outcome: 'nxdomain', answer: [], rttMs: 0 })
    expect(observed(reading)).not.toHaveProperty('authoritative')
  })

  test.each([
    ['{"ts":1', 'not_json', 'Not JSON: "{"ts":1".'],
    ['[1]', 'not_an_object', 'No JSON object: "[1]".'],
    [jsonLine({ query: 7 }), 'bad_field', 'query: it is no string.'],
    [jsonLine({ answers: '198.51.100.7' }), 'bad_field', 'answers: it is no list of strings.'],
    [jsonLine({ query: undefined }), 'missing_field', 'query: there is none.'],
    [jsonLine({ ts: '2026-11-28 10:40:00' }), 'bad_field', 'ts: it is no time.'],
  ])('is refused with a sentence: %s', (line, reason, sentence) => {
    expect(new ZeekJsonReader(CONTEXT).read(line)).toEqual({ kind: 'refused', reason, sentence })
  })
})

describe('What tells two lines apart', () => {
  const identityOf = (cells: Cells): string => (readTsv(cells) as LineReading & { kind: 'row' }).row.identity

  test('is the connection, the time, the transaction, the question and the answer, and nothing else', () => {
    const usual = identityOf({})
    for (const cells of [
      { uid: 'COther' },
      { ts: '1795860000.124' },
      { trans_id: '4712' },
      { query: 'shop.example' },
      { answers: '198.51.100.8' },
      { rcode_name: 'NXDOMAIN' },
    ] as Cells[]) {
      expect(identityOf(cells)).not.toBe(usual)
    }
    expect(identityOf({ 'id.orig_h': '10.99.99.99', rtt: '1.0', RA: 'F' })).toBe(usual)
  })
})

describe('Whatever a line holds', () => {
  test('the readers never throw', () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.array(fc.string(), { minLength: 24, maxLength: 24 }).map((cells) => cells.join('\t')),
      fc
        .dictionary(fc.constantFrom('ts', 'query', 'answers', 'TTLs', 'qtype', 'rcode'), fc.jsonValue())
        .map((object) => JSON.stringify(object)),
    )
    fc.assert(
      fc.property(line, (text) => {
        const kinds = ['row', 'header', 'skipped', 'refused']
        expect(kinds).toContain(tsvReader().read(text).kind)
        expect(kinds).toContain(new ZeekJsonReader(CONTEXT).read(text).kind)
      }),
    )
  })

  test('escaping it as Zeek does and unescaping it gives it back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(unescape(escapeAsZeek(text))).toBe(text)
      }),
    )
  })
})

/** Octets outside of printable ASCII, the separators and the backslash. */
function escapeAsZeek(text: string): string {
  return [...Buffer.from(text)]
    .map((octet) => {
      const character = String.fromCharCode(octet)
      if (character === '\\') return '\\\\'
      return octet < 0x20 || octet > 0x7e || character === ','
        ? `\\x${octet.toString(16).padStart(2, '0')}`
        : character
    })
    .join('')
}
