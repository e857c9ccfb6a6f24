import * as fc from 'fast-check'
import packet, { type Answer } from 'dns-packet'
import { describe, expect, test } from 'vitest'
import { decodeMessage } from '../../src/dns/wire/decoder.ts'
import type { DnsMessage } from '../../src/dns/wire/message.ts'
import { ipv6Text } from '../../src/dns/wire/ipv6-text.ts'

function decoded(bytes: Uint8Array): DnsMessage {
  const result = decodeMessage(bytes)
  if (!result.ok) throw new Error(`malformed: ${result.reason}`)
  return result.message
}

/** A message by hand: header with counts, then the octets. */
function message(counts: [number, number, number, number], ...parts: (string | number[] | Buffer)[]): Buffer {
  const header = Buffer.alloc(12)
  header.writeUInt16BE(0x8180, 2)
  counts.forEach((count, index) => header.writeUInt16BE(count, 4 + 2 * index))
  return Buffer.concat([header, ...parts.map((part) => Buffer.from(part as Buffer))])
}

const WWW_EXAMPLE = Buffer.from('\x03www\x07example\x00')
/** Type, class IN, TTL 60, then length and data. */
function fixed(type: number, data: number[], length = data.length): number[] {
  return [0, type, 0, 1, 0, 0, 0, 60, length >> 8, length & 255, ...data]
}

const label = fc.stringMatching(/^[a-z0-9_-]{1,20}$/)
const hostName = fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => labels.join('.'))
const ttl = fc.integer({ min: 0, max: 0x7fff_ffff })
const ipv4 = fc.ipV4()
const ipv6 = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((octets) => octets.map((octet, index) => (index % 3 === 0 ? octet : 0)))
const quotable = fc.stringMatching(/^[ !#-[\]-~]{0,40}$/)
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff })

interface Case {
  readonly wire: Answer
  readonly data: string
}

const record: fc.Arbitrary<Case> = fc.tuple(hostName, ttl).chain(([name, ttlSeconds]) => {
  const base = { name, ttl: ttlSeconds }
  return fc.oneof<fc.Arbitrary<Case>[]>(
    ipv4.map((data) => ({ wire: { ...base, type: 'A', data }, data })),
    ipv6.map((octets) => {
      const data = ipv6Text(octets)
      return { wire: { ...base, type: 'AAAA', data }, data }
    }),
    ...(['NS', 'CNAME', 'PTR'] as const).map((type) =>
      hostName.map((data): Case => ({ wire: { ...base, type, data: data.toUpperCase() }, data })),
    ),
    fc.array(quotable, { minLength: 1, maxLength: 3 }).map((data) => ({
      wire: { ...base, type: 'TXT', data },
      data: data.map((one) => `"${one}"`).join(' '),
    })),
    fc.tuple(hostName, hostName, uint32, uint32, uint32, uint32, uint32).map(([mname, rname, ...numbers]) => {
      const [serial, refresh, retry, expire, minimum] = numbers
      const data = { mname, rname, serial, refresh, retry, expire, minimum }
      return { wire: { ...base, type: 'SOA', data }, data: [mname, rname, ...numbers].join(' ') } as Case
    }),
  )
})

function wire(cases: readonly Case[]): Answer[] {
  return cases.map((one) => one.wire)
}

function expected(cases: readonly Case[]): unknown[] {
  return cases.map(({ wire: { name, type, ...rest }, data }) => ({
    name,
    type,
    ttlSeconds: (rest as { ttl: number }).ttl,
    data,
  }))
}

describe('against dns-packet', () => {
  test('every response that dns-packet encodes is decoded to the same records', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 0xffff }),
        fc.integer({ min: 0, max: 15 }),
        hostName,
        fc.array(record, { maxLength: 6 }),
        fc.array(record, { maxLength: 6 }),
        fc.array(record, { maxLength: 6 }),
        (id, rcode, name, answers, authorities, additionals) => {
          const bytes = packet.encode({
            type: 'response',
            id,
            flags: packet.RECURSION_AVAILABLE | packet.AUTHORITATIVE_ANSWER | rcode,
            questions: [{ type: 'AAAA', name: name.toUpperCase() }],
            answers: wire(answers),
            authorities: wire(authorities),
            additionals: wire(additionals),
          })
          expect(decoded(bytes)).toEqual({
            id,
            isResponse: true,
            opcode: 0,
            authoritative: true,
            truncated: false,
            recursionAvailable: true,
            rcode,
            questions: [{ name: name.toUpperCase(), typeCode: 28, classCode: 1 }],
            answer: expected(answers),
            authority: expected(authorities),
            additional: expected(additionals),
            edns: null,
          })
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('any bytes at all', () => {
  test('random bytes give a message or a reason', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        const result = decodeMessage(bytes)
        expect(result.ok || result.reason.length > 0).toBe(true)
      }),
      { numRuns: 5000 },
    )
  })

  test('random bytes behind a header that promises records give a message or a reason', () => {
    const body = fc.uint8Array({ maxLength: 500 })
    const count = fc.integer({ min: 0, max: 3 })
    fc.assert(
      fc.property(fc.tuple(count, count, count, count), body, (counts, bytes) => {
        expect(decodeMessage(message(counts, Buffer.from(bytes)))).toHaveProperty('ok')
      }),
      { numRuns: 5000 },
    )
  })

  test('flipped bits and cut ends of a real response give a message or a reason', () => {
    const whole = fc.array(record, { minLength: 1, maxLength: 5 }).map((cases) =>
      packet.encode({
        type: 'response',
        questions: [{ type: 'A', name: 'www.example' }],
        answers: cases.map((one) => one.wire),
      }),
    )
    const flips = fc.array(fc.nat(), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(whole, flips, fc.nat(), (bytes, bits, cut) => {
        for (const bit of bits) bytes[(bit >> 3) % bytes.length]! ^= 1 << (bit & 7)
        expect(decodeMessage(bytes)).toHaveProperty('ok')
        expect(decodeMessage(bytes.subarray(0, cut % bytes.length))).toHaveProperty('ok')
      }),
      { numRuns: 5000 },
    )
  })

  test('counts that promise more than there is make the message malformed at once', () => {
    expect(decodeMessage(message([0xffff, 0xffff, 0xffff, 0xffff]))).toEqual({ ok: false, reason: 'short' })
    const one = message([0, 2, 0, 0], WWW_EXAMPLE, fixed(1, [192, 0, 2, 1]))
    expect(decodeMessage(one)).toEqual({ ok: false, reason: 'short' })
  })

  test('counts that promise less leave the rest unread', () => {
    const bytes = message([0, 0, 0, 0], WWW_EXAMPLE, fixed(1, [192, 0, 2, 1]))
    expect(decoded(bytes).answer).toEqual([])
  })

  test.each([
    ['to itself', [0xc0, 12]],
    ['forwards', [0xc0, 20]],
    ['into the header', [0xc0, 4]],
    ['to the label before it, for ever', [1, 0x61, 0xc0, 12]],
  ])('a compression pointer %s is refused', (_, name) => {
    const bytes = message([0, 1, 0, 0], name, fixed(1, [192, 0, 2, 1]), Buffer.alloc(20))
    expect(decodeMessage(bytes)).toEqual({ ok: false, reason: 'bad_pointer' })
  })

  test('two pointers that point at each other are refused', () => {
    const bytes = message([1, 0, 0, 0], [0xc0, 14, 0xc0, 12, 0, 1, 0, 1])
    expect(decodeMessage(bytes)).toEqual({ ok: false, reason: 'bad_pointer' })
  })

  test('two pointers inside of data that point at each other are refused by the name that leads there', () => {
    // The data of the first record starts at octet 23.
    const bytes = message(
      [0, 2, 0, 0],
      [0],
      fixed(99, [0xc0, 25, 0xc0, 23]),
      [0xc0, 23],
      fixed(1, [192, 0, 2, 1]),
    )
    expect(decodeMessage(bytes)).toEqual({ ok: false, reason: 'bad_pointer' })
  })

  test('a name of more than 255 octets is refused, also when pointers assemble it', () => {
    const long = Buffer.concat(Array.from({ length: 5 }, () => Buffer.from(`\x3f${'a'.repeat(63)}`)))
    expect(decodeMessage(message([1, 0, 0, 0], long, [0, 0, 1, 0, 1]))).toEqual({
      ok: false,
      reason: 'long_name',
    })
    const half = Buffer.concat([long.subarray(0, 128), Buffer.from([0])])
    const joined = message(
      [1, 1, 0, 0],
      half,
      [0, 1, 0, 1],
      long.subarray(0, 128),
      [0xc0, 12],
      fixed(1, [1, 2, 3, 4]),
    )
    expect(decodeMessage(joined)).toEqual({ ok: false, reason: 'long_name' })
  })

  test('reserved label types are refused', () => {
    expect(decodeMessage(message([1, 0, 0, 0], [0x41, 0, 0, 1, 0, 1]))).toEqual({
      ok: false,
      reason: 'bad_label',
    })
  })

  test.each([
    ['an A record of five octets', fixed(1, [1, 2, 3, 4, 5])],
    ['an A record of three octets', [...fixed(1, [1, 2, 3]), 9]],
    ['an AAAA record of four octets', [...fixed(28, [1, 2, 3, 4]), ...Array.from({ length: 12 }, () => 0)]],
    ['a name shorter than its record', fixed(2, [1, 0x61, 0, 0])],
    ['a text longer than its record', [...fixed(16, [9, 0x61]), ...Array.from({ length: 12 }, () => 0x61)]],
  ])('%s makes the message malformed', (_, octets) => {
    const result = decodeMessage(message([0, 1, 0, 0], WWW_EXAMPLE, octets))
    expect(result).toEqual({ ok: false, reason: 'bad_rdata' })
  })
})

describe('what a record becomes', () => {
  test('compressed names are followed, in owners and in data', () => {
    const question = [...WWW_EXAMPLE, 0, 2, 0, 1]
    const ns = [0xc0, 16, ...fixed(2, [2, 0x6e, 0x73, 0xc0, 16])]
    expect(decoded(message([1, 1, 0, 0], question, ns)).answer).toEqual([
      { name: 'example', type: 'NS', ttlSeconds: 60, data: 'ns.example' },
    ])
  })

  test('owners and names in data are lower case, the question keeps its case', () => {
    const bytes = packet.encode({
      type: 'response',
      questions: [{ type: 'CNAME', name: 'WwW.eXample' }],
      answers: [{ type: 'CNAME', name: 'WwW.eXample', ttl: 1, data: 'EDGE.example' }],
    })
    expect(decoded(bytes).questions[0]?.name).toBe('WwW.eXample')
    expect(decoded(bytes).answer[0]).toEqual({
      name: 'www.example',
      type: 'CNAME',
      ttlSeconds: 1,
      data: 'edge.example',
    })
  })

  test('octets that are no host name characters are escaped as in a zone file', () => {
    const name = [6, 0x61, 0x2e, 0x5c, 0x20, 0xe9, 0x40, 0]
    expect(decoded(message([0, 1, 0, 0], name, fixed(1, [192, 0, 2, 1]))).answer[0]?.name).toBe(
      String.raw`a\.\\\032\233\@`,
    )
  })

  test('the root is the empty string, and a dot among the fields of SOA', () => {
    const soa = [0, 0, ...Array.from({ length: 5 }, () => [0, 0, 0, 7]).flat()]
    const bytes = message([0, 2, 0, 0], [0], fixed(2, [0]), [0], fixed(6, soa))
    expect(decoded(bytes).answer).toEqual([
      { name: '', type: 'NS', ttlSeconds: 60, data: '' },
      { name: '', type: 'SOA', ttlSeconds: 60, data: '. . 7 7 7 7 7' },
    ])
  })

  test('texts are quoted and escaped, several keep their borders', () => {
    const bytes = message([0, 1, 0, 0], WWW_EXAMPLE, fixed(16, [4, 0x61, 0x22, 0x5c, 0xff, 0, 1, 0x62]))
    expect(decoded(bytes).answer[0]?.data).toBe(String.raw`"a\"\\\255" "" "b"`)
  })

  test('a type that we do not read is kept by number and in hexadecimal (RFC 3597)', () => {
    const bytes = message([0, 2, 0, 0], [0], fixed(46, [10, 0, 0, 1]), [0], fixed(99, []))
    expect(decoded(bytes).answer).toEqual([
      { name: '', type: 'TYPE46', ttlSeconds: 60, data: String.raw`\# 4 0a000001` },
      { name: '', type: 'TYPE99', ttlSeconds: 60, data: String.raw`\# 0` },
    ])
  })

  test('a TTL with the top bit set counts as zero (RFC 2181)', () => {
    const bytes = message([0, 1, 0, 0], [0, 0, 1, 0, 1, 0x80, 0, 0, 1, 0, 4, 1, 2, 3, 4])
    expect(decoded(bytes).answer[0]?.ttlSeconds).toBe(0)
  })

  test('records of another class are not listed and not misread', () => {
    const chaos = [0, 0, 1, 0, 3, 0, 0, 0, 0, 0, 2, 7, 7]
    expect(decoded(message([0, 2, 0, 0], chaos, [0], fixed(1, [192, 0, 2, 9]))).answer).toEqual([
      { name: '', type: 'A', ttlSeconds: 60, data: '192.0.2.9' },
    ])
  })

  test('OPT is not listed, and its upper eight bits extend the response code', () => {
    const opt = [0, 0, 41, 0x04, 0xd0, 1, 0, 0, 0, 0, 0]
    const result = decoded(message([0, 0, 0, 1], opt))
    expect(result).toMatchObject({ rcode: 16, additional: [], edns: { udpSizeOctets: 1232, version: 0 } })
  })
})

describe('the text of an IPv6 address', () => {
  test.each([
    ['20010db8000000000000000000000001', '2001:db8::1'],
    ['00000000000000000000000000000000', '::'],
    ['00000000000000000000000000000001', '::1'],
    ['20010db8000000010001000100010001', '2001:db8:0:1:1:1:1:1'],
    ['20010000000000010000000000000001', '2001:0:0:1::1'],
    ['20010db8000000000001000000000001', '2001:db8::1:0:0:1'],
    ['00000000000000000000ffffc0000201', '::ffff:192.0.2.1'],
    ['00010000000000000000000000000000', '1::'],
  ])('%s is %s', (hex, text) => {
    expect(ipv6Text(Buffer.from(hex, 'hex'))).toBe(text)
  })

  test('it is what the URL standard writes, which follows RFC 5952 too', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.nat(0xffff), (octets, mask) => {
        const sparse = octets.map((octet, index) => ((mask >> index) & 1 ? octet : 0))
        const ours = ipv6Text(sparse)
        fc.pre(!ours.includes('.'))
        expect(new URL(`http://[${ours}]/`).hostname).toBe(`[${ours}]`)
        const long = (Buffer.from(sparse).toString('hex').match(/..../g) ?? []).join(':')
        expect(new URL(`http://[${long}]/`).hostname).toBe(`[${ours}]`)
      }),
      { numRuns: 2000 },
    )
  })
})
