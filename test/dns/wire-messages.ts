// Messages for the decoder's tests: octet by octet, and generated together with the records that they must become.
import * as fc from 'fast-check'
import type { Answer } from 'dns-packet'
import type { ResourceRecord } from '../../src/core/dns/record.ts'
import { decodeMessage } from '../../src/dns/wire/decoder.ts'
import { ipv6Text } from '../../src/dns/wire/ipv6-text.ts'
import type { DnsMessage } from '../../src/dns/wire/message.ts'

export function decoded(bytes: Uint8Array): DnsMessage {
  const result = decodeMessage(bytes)
  if (!result.ok) throw new Error(`malformed: ${result.reason}`)
  return result.message
}

/** All that a message says, as an object of its own. */
export function plain(from: DnsMessage): DnsMessage {
  const { id, isResponse, opcode, authoritative, truncated, recursionAvailable, rcode } = from
  const { questions, qname, answer, authority, additional, edns } = from
  const header = { id, isResponse, opcode, authoritative, truncated, recursionAvailable, rcode }
  return { ...header, questions, qname, answer, authority, additional, edns }
}

/** A message by hand: header with counts, then the octets. */
export function message(
  counts: [number, number, number, number],
  ...parts: (string | number[] | Buffer)[]
): Buffer {
  const header = Buffer.alloc(12)
  header.writeUInt16BE(0x8180, 2)
  counts.forEach((count, index) => header.writeUInt16BE(count, 4 + 2 * index))
  return Buffer.concat([header, ...parts.map((part) => Buffer.from(part as Buffer))])
}

export const WWW_EXAMPLE = Buffer.from('\x03www\x07example\x00')
/** Type, class IN, TTL 60, then length and data. */
export function fixed(type: number, data: number[], length = data.length): number[] {
  return [0, type, 0, 1, 0, 0, 0, 60, length >> 8, length & 255, ...data]
}

const label = fc.stringMatching(/^[a-z0-9_-]{1,20}$/)
export const hostName = fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => labels.join('.'))
const ttl = fc.integer({ min: 0, max: 0x7fff_ffff })
const ipv4 = fc.ipV4()
const ipv6 = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((octets) => octets.map((octet, index) => (index % 3 === 0 ? octet : 0)))
const quotable = fc.stringMatching(/^[ !#-[\]-~]{0,40}$/)
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff })

export interface Case {
  readonly wire: Answer
  readonly data: string
}

export const record: fc.Arbitrary<Case> = fc.tuple(hostName, ttl).chain(([name, ttlSeconds]) => {
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

export function wire(cases: readonly Case[]): Answer[] {
  return cases.map((one) => one.wire)
}

export function expected(cases: readonly Case[]): ResourceRecord[] {
  return cases.map(({ wire: { name, type, ...rest }, data }) => ({
    name,
    type,
    ttlSeconds: (rest as { ttl: number }).ttl,
    data,
  }))
}
