import * as fc from 'fast-check'
import packet, { type Answer } from 'dns-packet'
import { describe, expect, test } from 'vitest'
import { decodeMessage } from '../../src/dns/wire/decoder.ts'
import {
  WWW_EXAMPLE,
  decoded,
  expected,
  fixed,
  hostName,
  message,
  plain,
  record,
  wire,
} from './wire-messages.ts'

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
          expect(plain(decoded(bytes))).toEqual({
            id,
            isResponse: true,
            opcode: 0,
            authoritative: true,
            truncated: false,
            recursionAvailable: true,
            rcode,
            questions: [{ name: name.toUpperCase(), typeCode: 28, classCode: 1 }],
            qname: name,
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

/** An OPT record with each option that we read. */
const EVERY_OPTION = {
  type: 'OPT',
  name: '.',
  udpPayloadSize: 1232,
  options: [8, 10, 11, 12, 15].map((code) => ({ code, data: Buffer.from([0, 1, 8, 0, 10, 1, 1, 1]) })),
} as unknown as Answer

/** A message of which all can be read, or a reason; the bytes stay as they are. */
function survives(bytes: Uint8Array): void {
  const before = Uint8Array.from(bytes)
  const result = decodeMessage(bytes)
  if (result.ok) {
    const { answer, authority, additional } = plain(result.message)
    for (const { name, type, data } of [...answer, ...authority, ...additional])
      expect(data + name + type).not.toContain('undefined')
    for (const section of ['answer', 'authority', 'additional'] as const)
      for (const cursor = result.message.cursor(section); cursor.next();)
        expect(cursor.readData() + cursor.readOwner() + cursor.type).not.toContain('undefined')
  } else expect(result.reason).toMatch(/^(short|bad_label|bad_pointer|long_name|bad_rdata|two_opts)$/)
  expect(Buffer.compare(bytes, before)).toBe(0)
}

describe('any bytes at all', () => {
  test('random bytes give a message or a reason', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        survives(bytes)
      }),
      { numRuns: 5000 },
    )
  })

  test('random bytes behind a header that promises records give a message or a reason', () => {
    const body = fc.uint8Array({ maxLength: 500 })
    const count = fc.integer({ min: 0, max: 3 })
    fc.assert(
      fc.property(fc.tuple(count, count, count, count), body, (counts, bytes) => {
        survives(message(counts, Buffer.from(bytes)))
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
        additionals: [EVERY_OPTION],
      }),
    )
    const flips = fc.array(fc.nat(), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(whole, flips, fc.nat(), (bytes, bits, cut) => {
        for (const bit of bits) bytes[(bit >> 3) % bytes.length]! ^= 1 << (bit & 7)
        survives(bytes)
        survives(bytes.subarray(0, cut % bytes.length))
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

  test('a name may lead through 127 pointers and not through 128, so that no chain of them costs much', () => {
    const pointerTo = (at: number): number[] => [0xc0 | (at >> 8), at & 0xff]
    // The data of the first record starts at octet 23: the root, and pointers from each to the one before.
    const chained = (pointers: number): Buffer => {
      const chain = Array.from({ length: pointers - 1 }, (_, index) =>
        pointerTo(index === 0 ? 23 : 22 + 2 * index),
      )
      const owner = pointerTo(22 + 2 * (pointers - 1))
      return message([0, 2, 0, 0], [0], fixed(99, [0, ...chain.flat()]), owner, fixed(1, [192, 0, 2, 1]))
    }
    expect(decoded(chained(127)).answer[1]).toMatchObject({ name: '', data: '192.0.2.1' })
    expect(decodeMessage(chained(128))).toEqual({ ok: false, reason: 'bad_pointer' })
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
