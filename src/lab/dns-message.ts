// DNS messages of the lab's servers: bytes to a query, an answer to bytes. Uses dns-packet, so that the lab and the
// product's own codec check each other. Decides nothing about what is answered.
import * as dnsPacket from 'dns-packet'
import type { Answer, SoaAnswer } from 'dns-packet'
import type { ResourceRecord } from '../core/dns/record.ts'

export interface LabQuery {
  readonly id: number
  /** Lower case, without the trailing dot; `''` is the root. */
  readonly name: string
  /** The name in the case it was asked in, which answers repeat (0x20). */
  readonly askedName: string
  /** A mnemonic, or dns-packet's `UNKNOWN_65`. */
  readonly type: string
  readonly recursionDesired: boolean
  /** What the asker can take over UDP; null when it sent no EDNS. */
  readonly udpPayloadSize: number | null
}

export type MessageRcode = 'NOERROR' | 'FORMERR' | 'SERVFAIL' | 'NXDOMAIN' | 'NOTIMP' | 'REFUSED'

export interface LabMessage {
  readonly rcode: MessageRcode
  /** AA: this server is authoritative for the answer. */
  readonly authoritative: boolean
  /** RA: this server resolves for others. */
  readonly recursionAvailable: boolean
  readonly answer: readonly ResourceRecord[]
  readonly authority: readonly ResourceRecord[]
  readonly additional: readonly ResourceRecord[]
}

/** What bytes are: a query; a message that gets an error at once; or nothing that can be answered. */
export type ParsedQuery =
  | { readonly kind: 'query'; readonly query: LabQuery }
  | { readonly kind: 'rejected'; readonly reply: Buffer }
  | { readonly kind: 'noise' }

const RCODES: Readonly<Record<MessageRcode, number>> = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
}
const HEADER_BYTES = 12
/** What we say we can take, the size of DNS flag day 2020. */
const OWN_PAYLOAD_SIZE = 1232
const PLAIN_UDP_SIZE = 512
/** We send no more than this, whatever an asker says that it takes. */
const LARGEST_UDP_SIZE = 4096

export function parseQuery(bytes: Buffer): ParsedQuery {
  // QR set: an answer, and answering those would start a loop between two servers.
  if (bytes.length < HEADER_BYTES || (bytes[2]! & 0x80) !== 0) return { kind: 'noise' }
  if ((bytes[2]! & 0x78) !== 0) return { kind: 'rejected', reply: errorReply(bytes, 'NOTIMP') }
  let packet: dnsPacket.DecodedPacket
  try {
    packet = dnsPacket.decode(bytes)
  } catch {
    return { kind: 'rejected', reply: errorReply(bytes, 'FORMERR') }
  }
  const [question] = packet.questions ?? []
  if (!question || packet.questions?.length !== 1) {
    return { kind: 'rejected', reply: errorReply(bytes, 'FORMERR') }
  }
  const askedName = question.name === '.' ? '' : question.name
  const edns = packet.additionals?.find((record) => record.type === 'OPT')
  return {
    kind: 'query',
    query: {
      id: packet.id ?? 0,
      name: askedName.toLowerCase(),
      askedName,
      type: question.type,
      recursionDesired: packet.flag_rd,
      udpPayloadSize: edns ? edns.udpPayloadSize : null,
    },
  }
}

/**
 * The reply to a query. Over UDP a message that is larger than the asker can take loses what merely accompanies its
 * answer; when that does not help, all records, and TC is set (RFC 2181, section 9). A referral without its glue would
 * be of no use (RFC 9471), so it is truncated at once. Names are not compressed, so a message grows large sooner than a
 * usual server's.
 */
export function encodeReply(query: LabQuery, message: LabMessage, transport: 'udp' | 'tcp'): Buffer {
  const whole = encode(query, message, false)
  const limit = Math.max(PLAIN_UDP_SIZE, Math.min(query.udpPayloadSize ?? PLAIN_UDP_SIZE, LARGEST_UDP_SIZE))
  if (transport === 'tcp' || whole.length <= limit) return whole
  if (message.answer.length > 0) {
    for (const lighter of [
      { ...message, additional: [] },
      { ...message, authority: [], additional: [] },
    ]) {
      const bytes = encode(query, lighter, false)
      if (bytes.length <= limit) return bytes
    }
  }
  return encode(query, { ...message, answer: [], authority: [], additional: [] }, true)
}

function encode(query: LabQuery, message: LabMessage, truncated: boolean): Buffer {
  const answers = (records: readonly ResourceRecord[]): Answer[] =>
    records.map((record) =>
      toAnswer(record.name === query.name ? { ...record, name: query.askedName } : record),
    )
  return dnsPacket.encode({
    type: 'response',
    id: query.id,
    flags:
      RCODES[message.rcode] |
      (message.authoritative ? dnsPacket.AUTHORITATIVE_ANSWER : 0) |
      (message.recursionAvailable ? dnsPacket.RECURSION_AVAILABLE : 0) |
      (query.recursionDesired ? dnsPacket.RECURSION_DESIRED : 0) |
      (truncated ? dnsPacket.TRUNCATED_RESPONSE : 0),
    questions: [{ name: wireName(query.askedName), type: query.type as dnsPacket.RecordType, class: 'IN' }],
    answers: answers(message.answer),
    authorities: answers(message.authority),
    additionals: [...answers(message.additional), ...(query.udpPayloadSize === null ? [] : [ownOpt()])],
  })
}

function toAnswer(record: ResourceRecord): Answer {
  const base = { name: wireName(record.name), ttl: record.ttlSeconds, class: 'IN' as const }
  switch (record.type) {
    case 'A':
    case 'AAAA':
      return { ...base, type: record.type, data: record.data }
    case 'CNAME':
    case 'NS':
      return { ...base, type: record.type, data: wireName(record.data) }
    case 'SOA':
      return { ...base, type: 'SOA', data: soaData(record.data) }
    default:
      throw new Error(`the lab has no records of type ${record.type}`)
  }
}

function soaData(text: string): SoaAnswer['data'] {
  const [mname = '', rname = '', ...numbers] = text.split(' ')
  const [serial, refresh, retry, expire, minimum] = numbers.map(Number)
  return { mname: wireName(mname), rname: wireName(rname), serial, refresh, retry, expire, minimum }
}

/** dns-packet writes the root as a dot. */
function wireName(name: string): string {
  return name === '' ? '.' : name
}

function ownOpt(): Answer {
  return {
    type: 'OPT',
    name: '.',
    udpPayloadSize: OWN_PAYLOAD_SIZE,
    extendedRcode: 0,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: [],
  }
}

/** Header only: id, opcode and RD of the query, QR, and the error. */
function errorReply(bytes: Buffer, rcode: MessageRcode): Buffer {
  const reply = Buffer.alloc(HEADER_BYTES)
  bytes.copy(reply, 0, 0, 3)
  reply[2] = (bytes[2]! & 0x79) | 0x80
  reply[3] = RCODES[rcode]
  return reply
}
