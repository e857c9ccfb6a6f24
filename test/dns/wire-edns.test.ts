import * as fc from 'fast-check'
import packet, { type Answer } from 'dns-packet'
import { describe, expect, test } from 'vitest'
import { parseClientSubnet, type ClientSubnet } from '../../src/dns/wire/client-subnet.ts'
import { decodeMessage } from '../../src/dns/wire/decoder.ts'
import { ipv6Text } from '../../src/dns/wire/ipv6-text.ts'
import type { WireEdns } from '../../src/dns/wire/message.ts'
import { encodeQuery, type EdnsOptions } from '../../src/dns/wire/query-encoder.ts'
import { decoded, message } from './wire-messages.ts'

interface PacketOption {
  readonly code: number
  readonly data?: Buffer
  readonly family?: number
  readonly sourcePrefixLength?: number
  readonly scopePrefixLength?: number
  readonly ip?: string
  readonly timeout?: number
}

/** A response of dns-packet with these options. */
function responseWith(options: PacketOption[]): Buffer {
  const opt = { type: 'OPT', name: '.', udpPayloadSize: 4096, extendedRcode: 0, ednsVersion: 0, flags: 0 }
  return packet.encode({
    type: 'response',
    questions: [{ type: 'A', name: 'www.example' }],
    additionals: [{ ...opt, options } as unknown as Answer],
  })
}

function ednsOf(options: PacketOption[]): WireEdns {
  const { edns } = decoded(responseWith(options))
  if (edns === null) throw new Error('no OPT record')
  return edns
}

/** The options of a query, as dns-packet reads them. */
function optionsOf(edns: EdnsOptions, name = 'www.example'): PacketOption[] {
  const { bytes } = encodeQuery({ name, type: 'A' }, 1, { edns, recursionDesired: true }, null)
  const [opt] = packet.decode(Buffer.from(bytes)).additionals ?? []
  return (opt as unknown as { options: PacketOption[] }).options
}

const octets = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length })
const subnet = fc
  .oneof(
    fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })),
    fc
      .tuple(octets(16), fc.integer({ min: 0, max: 128 }))
      .map(([raw, prefix]) => [ipv6Text(raw), prefix] as const),
  )
  .map(([address, prefix]) => parseClientSubnet(`${address}/${prefix}`))
  .filter((one): one is ClientSubnet => one !== null)
const serverCookie = fc.oneof(fc.constant(new Uint8Array(0)), fc.uint8Array({ minLength: 8, maxLength: 32 }))

describe('the options of a query', () => {
  test('dns-packet reads back client subnet, cookie and keepalive, in one record', () => {
    fc.assert(
      fc.property(subnet, octets(8), serverCookie, (clientSubnet, client, server) => {
        const [ecs, cookie, keepalive, ...rest] = optionsOf({
          clientSubnet,
          cookie: { client, server },
          keepalive: true,
        })
        expect(ecs).toMatchObject({
          code: 8,
          family: clientSubnet.family,
          sourcePrefixLength: clientSubnet.prefixLength,
          scopePrefixLength: 0,
        })
        expect([...(ecs?.data ?? [])].slice(4)).toEqual([...clientSubnet.address])
        expect(cookie?.code).toBe(10)
        expect([...(cookie?.data ?? [])]).toEqual([...client, ...server])
        expect(keepalive).toMatchObject({ code: 11, data: Buffer.alloc(0) })
        expect(rest).toEqual([])
      }),
    )
  })

  test('padding fills the message to a multiple of its block, whatever is in it, and is zero', () => {
    const name = fc.array(fc.constantFrom('a', 'bc', 'defg'), { maxLength: 30 }).map((all) => all.join('.'))
    fc.assert(
      fc.property(
        name,
        fc.option(subnet),
        fc.integer({ min: 16, max: 512 }),
        (qname, clientSubnet, block) => {
          const edns = { ...(clientSubnet && { clientSubnet }), paddingBlockOctets: block }
          const { bytes } = encodeQuery(
            { name: qname, type: 'NS' },
            1,
            { edns, recursionDesired: true },
            null,
          )
          expect(bytes.length % block).toBe(0)
          const padding = optionsOf(edns, qname).find((option) => option.code === 12)
          expect(padding?.data?.every((octet) => octet === 0)).toBe(true)
          expect(padding?.data?.length).toBeLessThan(block)
        },
      ),
    )
  })

  test('an authority is asked without the RD bit, and only that differs', () => {
    const ask = (recursionDesired: boolean): number[] => [
      ...encodeQuery({ name: 'www.example', type: 'A' }, 1, { edns: {}, recursionDesired }, null).bytes,
    ]
    expect(packet.decode(Buffer.from(ask(false))).flag_rd).toBe(false)
    const differing = ask(true).flatMap((octet, at) => (octet === ask(false)[at] ? [] : [at]))
    expect(differing).toEqual([2])
  })

  test('queries do not share their bytes, however many are made', () => {
    const all = Array.from({ length: 1000 }, (_, index) => {
      const edns = index % 3 === 0 ? null : { paddingBlockOctets: 128 }
      const name = `n${index}.example`
      return { name, ...encodeQuery({ name, type: 'A' }, index, { edns, recursionDesired: true }, null) }
    })
    for (const [index, { name, bytes }] of all.entries())
      expect(packet.decode(Buffer.from(bytes))).toMatchObject({ id: index, questions: [{ name }] })
  })
})

describe('the options of a reply', () => {
  test('what dns-packet writes is read: client subnet, cookie, keepalive and padding', () => {
    fc.assert(
      fc.property(
        subnet,
        fc.nat(32),
        octets(8),
        serverCookie,
        fc.integer({ min: 1, max: 0xffff }),
        fc.nat(300),
        ({ family, prefixLength, address }, scopePrefixLength, client, server, timeout, paddingOctets) => {
          const raw = new Uint8Array(family === 1 ? 4 : 16)
          raw.set(address)
          const ip = family === 1 ? raw.join('.') : ipv6Text(raw)
          const edns = ednsOf([
            { code: 12, data: Buffer.alloc(paddingOctets) },
            { code: 8, family, sourcePrefixLength: prefixLength, scopePrefixLength, ip },
            { code: 10, data: Buffer.concat([client, server]) },
            { code: 11, timeout },
          ])
          expect(edns).toEqual({
            udpSizeOctets: 4096,
            version: 0,
            clientSubnet: { family, sourcePrefixLength: prefixLength, scopePrefixLength, address },
            extendedErrors: [],
            cookie: { client, server },
            keepaliveMs: timeout * 100,
            paddingOctets,
          })
        },
      ),
    )
  })

  test('extended errors are read in their order, with their text', () => {
    const edns = ednsOf([
      { code: 15, data: Buffer.from([0, 22]) },
      { code: 15, data: Buffer.from('\0\x09DNSKEY missing für example') },
    ])
    expect(edns.extendedErrors).toEqual([
      { code: 22, text: '' },
      { code: 9, text: 'DNSKEY missing für example' },
    ])
  })

  test('the text of an extended error cannot move a cursor, end a line, or turn the writing direction', () => {
    const text = Buffer.concat([Buffer.from([0, 1]), Buffer.from('a\u001b[2Jb\nc\u202ed'), Buffer.of(0xff)])
    const [error] = ednsOf([{ code: 15, data: text }]).extendedErrors
    expect(error?.text).toBe(String.raw`a\u{1b}[2Jb\u{a}c\u{202e}d` + '\ufffd')
  })

  test('no more than eight extended errors are kept', () => {
    const many = Array.from({ length: 40 }, (_, code) => ({ code: 15, data: Buffer.from([0, code]) }))
    expect(ednsOf(many).extendedErrors.map((error) => error.code)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })

  test.each<[string, number, number[]]>([
    ['a client subnet of an unknown family', 8, [0, 3, 24, 0, 203, 0, 113]],
    ['a client subnet that is cut', 8, [0, 1, 24]],
    ['a client subnet with octets too few', 8, [0, 1, 24, 0, 203, 0]],
    ['a client subnet with octets too many', 8, [0, 1, 24, 0, 203, 0, 113, 0]],
    ['a client subnet with bits behind its prefix', 8, [0, 1, 20, 0, 203, 0, 113]],
    ['a client subnet with a scope beyond the address', 8, [0, 1, 24, 33, 203, 0, 113]],
    ['a client subnet with a prefix beyond the address', 8, [0, 1, 33, 0, 203, 0, 113, 0, 0]],
    ['a cookie of seven octets', 10, Array.from({ length: 7 }, () => 1)],
    ['a cookie with a server part of seven octets', 10, Array.from({ length: 15 }, () => 1)],
    ['a cookie of 41 octets', 10, Array.from({ length: 41 }, () => 1)],
    ['a keepalive of one octet', 11, [5]],
    ['an extended error of one octet', 15, [5]],
  ])('%s counts as absent, and the rest stands', (_, code, data) => {
    const broken = { code, data: Buffer.from(data) }
    const none = { clientSubnet: null, cookie: null, keepaliveMs: null, extendedErrors: [] }
    expect(ednsOf([broken, { code: 12, data: Buffer.alloc(3) }])).toMatchObject({ ...none, paddingOctets: 3 })
  })

  test('an option that promises more than the record has ends the list', () => {
    const opt = [0, 0, 41, 4, 0xd0, 0, 0, 0, 0, 0, 10, 0, 12, 0, 0, 0, 10, 0, 200, 1, 2]
    expect(decoded(message([0, 0, 0, 1], opt)).edns).toMatchObject({ paddingOctets: 0, cookie: null })
  })

  test('of an option that comes twice the first well-formed one counts', () => {
    const keepalive = (...data: number[]): PacketOption => ({ code: 11, data: Buffer.from(data) })
    expect(ednsOf([keepalive(1), keepalive(0, 5), keepalive(0, 9)]).keepaliveMs).toBe(500)
  })

  const opt = [0, 0, 41, 4, 0xd0, 0, 0, 0, 0, 0, 0]
  test('two OPT records make the message malformed (RFC 6891, section 6.1.1)', () => {
    expect(decodeMessage(message([0, 0, 0, 2], opt, opt))).toEqual({ ok: false, reason: 'two_opts' })
  })

  test('an OPT record outside of the additional section, or of another owner, is none', () => {
    const badVersion = [0, 0, 41, 4, 0xd0, 1, 0, 0, 0, 0, 0]
    const answer = decoded(message([0, 1, 0, 0], badVersion))
    expect([answer.edns, answer.rcode, answer.answer]).toEqual([null, 0, []])
    const named = decoded(message([0, 0, 0, 1], [1, 0x61, ...badVersion]))
    expect([named.edns, named.rcode, named.additional]).toEqual([null, 0, []])
  })
})
