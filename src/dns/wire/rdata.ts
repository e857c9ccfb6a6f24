// The data of one record as text (RFC 1035, section 3.3 and 5.1; RFC 3596; RFC 3597). Data that does not fill its
// length exactly makes the whole message malformed: a peer that lies here is believed nowhere.
import type { QuestionType } from '../../core/dns/record.ts'
import type { ByteReader } from './byte-reader.ts'
import { ipv6Text } from './ipv6-text.ts'
import { MalformedMessage } from './malformed.ts'
import { readName } from './name-decoder.ts'

const READERS: Readonly<Record<QuestionType, (reader: ByteReader, length: number) => string>> = {
  A: (reader) => reader.take(4).join('.'),
  AAAA: (reader) => ipv6Text(reader.take(16)),
  NS: (reader) => readName(reader),
  CNAME: (reader) => readName(reader),
  PTR: (reader) => readName(reader),
  SOA: readSoa,
  TXT: readTxt,
}

/** Reads `length` octets of data of a known type, or of an unknown one (`null`). Throws MalformedMessage. */
export function readRdata(reader: ByteReader, type: QuestionType | null, length: number): string {
  reader.need(length)
  const end = reader.at + length
  const text = type === null ? readUnknown(reader, length) : READERS[type](reader, length)
  if (reader.at !== end) throw new MalformedMessage('bad_rdata')
  return text
}

/** `mname rname serial refresh retry expire minimum`; the root is written `.` so that there are always seven fields. */
function readSoa(reader: ByteReader): string {
  const mname = readName(reader) || '.'
  const rname = readName(reader) || '.'
  return [mname, rname, reader.u32(), reader.u32(), reader.u32(), reader.u32(), reader.u32()].join(' ')
}

/** Quoted strings with a blank between them. No string at all, which RFC 1035 forbids and servers send, is `""`. */
function readTxt(reader: ByteReader, length: number): string {
  const end = reader.at + length
  const strings: string[] = []
  while (reader.at < end) strings.push(`"${Array.from(reader.take(reader.u8()), quotedText).join('')}"`)
  return strings.join(' ')
}

function quotedText(octet: number): string {
  if (octet < 0x20 || octet >= 0x7f) return `\\${String(octet).padStart(3, '0')}`
  const character = String.fromCharCode(octet)
  return character === '"' || character === '\\' ? `\\${character}` : character
}

/** `\# 4 0a000001` (RFC 3597, section 5). Compressed names inside of it are not expanded. */
function readUnknown(reader: ByteReader, length: number): string {
  const hex = Buffer.from(reader.take(length)).toString('hex')
  return length === 0 ? '\\# 0' : `\\# ${length} ${hex}`
}
