// Bytes to message. Any bytes at all give a result: a message, or why they are none. Octets behind the last record are
// ignored, as resolvers in the wild do send them.
import type { ResourceRecord } from '../../core/dns/record.ts'
import { ByteReader } from './byte-reader.ts'
import { MalformedMessage, type MalformedReason } from './malformed.ts'
import type { DnsMessage, WireEdns, WireQuestion } from './message.ts'
import { readName } from './name-decoder.ts'
import { EXACT_TEXT } from './name-text.ts'
import { readRdata } from './rdata.ts'
import { CLASS_IN, OPT_CODE, knownType, typeName } from './type-code.ts'

export type DecodeResult =
  | { readonly ok: true; readonly message: DnsMessage }
  | { readonly ok: false; readonly reason: MalformedReason }

/** Decodes one message (without the length prefix of TCP). Never throws, whatever the bytes. */
export function decodeMessage(bytes: Uint8Array): DecodeResult {
  try {
    return { ok: true, message: readMessage(new ByteReader(bytes)) }
  } catch (error) {
    if (error instanceof MalformedMessage) return { ok: false, reason: error.reason }
    throw error
  }
}

interface OptRecord extends WireEdns {
  readonly extendedRcode: number
}

function readMessage(reader: ByteReader): DnsMessage {
  const id = reader.u16()
  const flags = reader.u16()
  const counts = [reader.u16(), reader.u16(), reader.u16(), reader.u16()] as const
  const questions: WireQuestion[] = []
  for (let left = counts[0]; left > 0; left--)
    questions.push({
      name: readName(reader, EXACT_TEXT),
      typeCode: reader.u16(),
      classCode: reader.u16(),
    })
  const opts: OptRecord[] = []
  const answer = readSection(reader, counts[1], [])
  const authority = readSection(reader, counts[2], [])
  const additional = readSection(reader, counts[3], opts)
  const opt = opts[0] ?? null
  return {
    id,
    isResponse: (flags & 0x8000) !== 0,
    opcode: (flags >> 11) & 0xf,
    authoritative: (flags & 0x0400) !== 0,
    truncated: (flags & 0x0200) !== 0,
    recursionAvailable: (flags & 0x0080) !== 0,
    rcode: ((opt?.extendedRcode ?? 0) << 4) | (flags & 0xf),
    questions,
    answer,
    authority,
    additional,
    edns: opt && { udpSizeOctets: opt.udpSizeOctets, version: opt.version },
  }
}

/** A lying count cannot make this long: each record takes at least eleven octets, and the octets run out. */
function readSection(reader: ByteReader, count: number, opts: OptRecord[]): ResourceRecord[] {
  const records: ResourceRecord[] = []
  for (let left = count; left > 0; left--) {
    const name = readName(reader)
    const typeCode = reader.u16()
    const classCode = reader.u16()
    const ttl = reader.u32()
    const length = reader.u16()
    if (typeCode === OPT_CODE) {
      reader.take(length)
      opts.push({ udpSizeOctets: classCode, extendedRcode: ttl >>> 24, version: (ttl >>> 16) & 0xff })
      continue
    }
    // The data of another class is another language (RFC 1035, section 3.3): skipped, not misread.
    if (classCode !== CLASS_IN) {
      reader.take(length)
      continue
    }
    const data = readRdata(reader, knownType(typeCode), length)
    // RFC 2181, section 8: a TTL with the top bit set counts as zero.
    records.push({ name, type: typeName(typeCode), ttlSeconds: ttl > 0x7fff_ffff ? 0 : ttl, data })
  }
  return records
}
