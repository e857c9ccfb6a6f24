import * as fc from 'fast-check'
import packet from 'dns-packet'
import { describe, expect, test } from 'vitest'
import { parseClientSubnet } from '../../src/dns/wire/client-subnet.ts'
import { decodeMessage } from '../../src/dns/wire/decoder.ts'
import { checkName, readName } from '../../src/dns/wire/name-decoder.ts'
import { writeName } from '../../src/dns/wire/name-encoder.ts'
import { EXACT_TEXT } from '../../src/dns/wire/name-text.ts'
import { encodeQuery } from '../../src/dns/wire/query-encoder.ts'
import { matchReply } from '../../src/dns/wire/query-match.ts'

const QUESTION = { name: 'www.example', type: 'A' } as const
const WITH_EDNS = { edns: {}, recursionDesired: true }
const WITHOUT_EDNS = { edns: null, recursionDesired: true }
const hostName = fc
  .array(fc.stringMatching(/^[a-z0-9_-]{1,30}$/), { maxLength: 6 })
  .map((labels) => labels.join('.'))
const type = fc.constantFrom('A', 'AAAA', 'NS', 'SOA', 'CNAME', 'PTR', 'TXT')

describe('a query on the wire', () => {
  test('dns-packet reads back what was asked', () => {
    fc.assert(
      fc.property(
        hostName,
        type,
        fc.nat(0xffff),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        (name, kind, id, bits) => {
          const { bytes } = encodeQuery({ name, type: kind }, id, WITH_EDNS, bits)
          const read = packet.decode(Buffer.from(bytes))
          expect(read).toMatchObject({
            id,
            type: 'query',
            flag_rd: true,
            flag_qr: false,
            answers: [],
            authorities: [],
          })
          expect(read.questions).toHaveLength(1)
          expect(read.questions?.[0]?.name.toLowerCase()).toBe(name === '' ? '.' : name)
          expect(read.questions?.[0]).toMatchObject({ type: kind, class: 'IN' })
          expect(read.additionals).toMatchObject([
            { type: 'OPT', name: '.', udpPayloadSize: 1232, ednsVersion: 0, flag_do: false, options: [] },
          ])
        },
      ),
      { numRuns: 500 },
    )
  })

  test('without EDNS there is no OPT record', () => {
    const { bytes, questionEnd } = encodeQuery(QUESTION, 7, WITHOUT_EDNS, null)
    expect(bytes.length).toBe(questionEnd)
    expect(packet.decode(Buffer.from(bytes)).additionals).toEqual([])
  })

  test('case bits decide the case of letters and of nothing else', () => {
    const name = 'ab-1.z_9'
    const upper = encodeQuery({ name, type: 'A' }, 1, WITHOUT_EDNS, new Uint8Array(32).fill(0xff))
    expect(packet.decode(Buffer.from(upper.bytes)).questions?.[0]?.name).toBe('AB-1.Z_9')
    const lower = encodeQuery({ name, type: 'A' }, 1, WITHOUT_EDNS, new Uint8Array(32))
    expect(packet.decode(Buffer.from(lower.bytes)).questions?.[0]?.name).toBe('ab-1.z_9')
  })

  test.each([
    ['203.0.113.0/24', '0008000700011800cb0071'],
    ['203.0.113.77/20', '0008000700011400cb0070'],
    ['0.0.0.0/0', '0008000400010000'],
    ['198.51.100.7/32', '0008000800012000c6336407'],
    ['2001:db8:ff00::/36', '000800090002240020010db8f0'],
  ])('client subnet %s becomes the option %s', (cidr, hex) => {
    const clientSubnet = parseClientSubnet(cidr)
    if (clientSubnet === null) throw new Error('not read')
    const { bytes, questionEnd } = encodeQuery(
      QUESTION,
      1,
      { edns: { clientSubnet }, recursionDesired: true },
      null,
    )
    expect(Buffer.from(bytes.subarray(questionEnd + 11)).toString('hex')).toBe(hex)
    expect(Buffer.from(bytes).readUInt16BE(questionEnd + 9)).toBe(hex.length / 2)
  })

  test.each([
    '203.0.113.0',
    '203.0.113.0/33',
    '2001:db8::/129',
    'example/24',
    '203.0.113/24',
    '1.2.3.4/-1',
    '::/0/0',
    '1.2.3.4/ 8',
  ])('%j is no client subnet', (cidr) => {
    expect(parseClientSubnet(cidr)).toBeNull()
  })
})

describe('names', () => {
  const encodeName = (name: string): Uint8Array => {
    const target = new Uint8Array(255)
    return target.slice(0, writeName(name, target, 0))
  }

  test('any labels survive text and back', () => {
    const labels = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 6 })
    fc.assert(
      fc.property(labels, (parts) => {
        const wire = Uint8Array.from([...parts.flatMap((part) => [part.length, ...part]), 0])
        // The decoder takes no name out of the header, so the name stands behind twelve octets.
        const bytes = Uint8Array.from([...new Uint8Array(12), ...wire])
        expect(checkName(bytes, 12)).toBe(bytes.length)
        expect(encodeName(readName(bytes, 12, EXACT_TEXT))).toEqual(wire)
      }),
    )
  })

  test('a trailing dot changes nothing, and the root is one octet', () => {
    expect(encodeName('www.example.')).toEqual(encodeName('www.example'))
    expect(encodeName('')).toEqual(Uint8Array.of(0))
  })

  test.each([
    ['an empty label', 'www..example'],
    ['a leading dot', '.example'],
    ['a label of 64 octets', `${'a'.repeat(64)}.example`],
    ['a name of 256 octets', `${'a.'.repeat(127)}a`],
    ['a character outside ASCII', 'bücher.example'],
    ['a broken escape', String.raw`a\2.example`],
    ['an escape above 255', String.raw`a\256.example`],
  ])('%s is refused', (_, name) => {
    expect(() => encodeName(name)).toThrow(RangeError)
  })
})

describe('which packet is the reply', () => {
  const query = encodeQuery(QUESTION, 0x1234, WITH_EDNS, Uint8Array.of(0b10101010, 0b10101010))
  function reply(change: (bytes: Buffer) => void = () => {}): Buffer {
    const bytes = Buffer.from(query.bytes)
    bytes[2]! |= 0x80
    change(bytes)
    return bytes
  }

  test('the same id and question with QR set is', () => {
    expect(matchReply(query, reply())).toBe('match')
    expect(decodeMessage(reply()).ok).toBe(true)
  })

  test('one letter in the other case is a case-only match', () => {
    expect(
      matchReply(
        query,
        reply((bytes) => (bytes[13]! ^= 0x20)),
      ),
    ).toBe('case_only')
  })

  test.each<[string, (bytes: Buffer) => void]>([
    ['the query itself', (bytes) => (bytes[2]! &= 0x7f)],
    ['another id', (bytes) => (bytes[1]! ^= 1)],
    ['another opcode', (bytes) => (bytes[2]! |= 0x28)],
    ['no question', (bytes) => (bytes[5] = 0)],
    ['two questions', (bytes) => (bytes[5] = 2)],
    ['another name', (bytes) => (bytes[13] = 0x78)],
    ['another type', (bytes) => (bytes[query.questionEnd - 3] = 28)],
    ['another class', (bytes) => (bytes[query.questionEnd - 1] = 3)],
  ])('%s is not', (_, change) => {
    expect(matchReply(query, reply(change))).toBe('other')
  })

  test('a change of any one bit of id, QR, opcode or question is noticed', () => {
    const watched = [0, 1, 2, ...Array.from({ length: query.questionEnd - 12 }, (_, index) => 12 + index)]
    for (const octet of watched)
      for (let bit = octet === 2 ? 3 : 0; bit < 8; bit++)
        expect(
          matchReply(
            query,
            reply((bytes) => (bytes[octet]! ^= 1 << bit)),
          ),
          `octet ${octet} bit ${bit}`,
        ).not.toBe('match')
  })

  test('any bytes are judged without a throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(matchReply(query, bytes)).toBe('other')
      }),
    )
  })
})
