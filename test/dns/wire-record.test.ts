import * as fc from 'fast-check'
import packet from 'dns-packet'
import { describe, expect, test } from 'vitest'
import { decodeMessage } from '../../src/dns/wire/decoder.ts'
import { ipv6Text } from '../../src/dns/wire/ipv6-text.ts'
import { WWW_EXAMPLE, decoded, fixed, message } from './wire-messages.ts'

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

describe('a walk over the records without an object for each', () => {
  test('tells owner, type, class, TTL and where the data are, OPT and other classes included', () => {
    const chaos = [0, 0, 16, 0, 3, 0, 0, 0, 9, 0, 2, 1, 0x61]
    const opt = [0, 0, 41, 0x04, 0xd0, 0, 0, 0, 0, 0, 0]
    const bytes = message([0, 0, 0, 3], WWW_EXAMPLE, fixed(1, [192, 0, 2, 1]), chaos, opt)
    const result = decodeMessage(bytes)
    if (!result.ok) throw new Error(result.reason)
    const cursor = result.message.cursor('additional')
    const seen: unknown[] = []
    while (cursor.next())
      seen.push([cursor.readOwner(), cursor.type, cursor.classCode, cursor.ttlSeconds, cursor.readData()])
    expect(seen).toEqual([
      ['www.example', 'A', 1, 60, '192.0.2.1'],
      ['', 'TXT', 3, 9, String.raw`\# 2 0161`],
      ['', 'TYPE41', 1232, 0, String.raw`\# 0`],
    ])
    expect(cursor.next()).toBe(false)
    const first = result.message.cursor('additional')
    first.next()
    expect([...bytes.subarray(first.dataAt, first.dataEnd)]).toEqual([192, 0, 2, 1])
    expect(result.message.cursor('answer').next()).toBe(false)
  })

  test('the age of a cached message is taken from each TTL, down to zero', () => {
    const bytes = message([0, 1, 1, 0], [0], fixed(1, [192, 0, 2, 1]), [0], fixed(2, [0]))
    const ttls = (ageSeconds: number): unknown => {
      const result = decodeMessage(bytes, ageSeconds)
      return result.ok && [...result.message.answer, ...result.message.authority].map((one) => one.ttlSeconds)
    }
    expect([ttls(0), ttls(45), ttls(61)]).toEqual([
      [60, 60],
      [15, 15],
      [0, 0],
    ])
  })

  test('records are made once: who asks twice gets the same', () => {
    const from = decoded(message([0, 1, 0, 0], [0], fixed(1, [192, 0, 2, 1])))
    expect(from.answer).toBe(from.answer)
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
