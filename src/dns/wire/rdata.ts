// The data of one record: checked on its wire form, and read as text (RFC 1035, section 3.3 and 5.1; RFC 3596; RFC 3597).
// Data that does not fill its length exactly makes the whole message malformed: a peer that lies here is believed nowhere.
import { ipv4Text } from './ipv4-text.ts'
import { ipv6Text } from './ipv6-text.ts'
import { FAULT } from './malformed.ts'
import { checkName, readName, skipName } from './name-decoder.ts'
import { u32 } from './octets.ts'
import { TYPE_CODES } from './type-code.ts'

/** Serial, refresh, retry, expire, minimum. */
const SOA_NUMBERS_OCTETS = 20

/** Zero, or (negative) a FAULT. The octets from `at` to `end` are in the message; of an unknown type any are right. */
export function checkRdata(bytes: Uint8Array, typeCode: number, at: number, end: number): number {
  switch (typeCode) {
    case TYPE_CODES.A:
      return end - at === 4 ? 0 : FAULT.bad_rdata
    case TYPE_CODES.AAAA:
      return end - at === 16 ? 0 : FAULT.bad_rdata
    case TYPE_CODES.NS:
    case TYPE_CODES.CNAME:
    case TYPE_CODES.PTR:
      return exactly(checkName(bytes, at), end)
    case TYPE_CODES.SOA: {
      const rname = checkName(bytes, at)
      const numbers = rname < 0 ? rname : checkName(bytes, rname)
      return exactly(numbers < 0 ? numbers : numbers + SOA_NUMBERS_OCTETS, end)
    }
    case TYPE_CODES.TXT: {
      let next = at
      while (next < end) next += 1 + bytes[next]!
      return exactly(next, end)
    }
    default:
      return 0
  }
}

function exactly(next: number, end: number): number {
  if (next < 0) return next
  return next === end ? 0 : FAULT.bad_rdata
}

/** The presentation form of data that checkRdata has passed. */
export function readRdata(bytes: Uint8Array, typeCode: number, at: number, end: number): string {
  switch (typeCode) {
    case TYPE_CODES.A:
      return ipv4Text(bytes, at)
    case TYPE_CODES.AAAA:
      return ipv6Text(bytes, at)
    case TYPE_CODES.NS:
    case TYPE_CODES.CNAME:
    case TYPE_CODES.PTR:
      return readName(bytes, at)
    case TYPE_CODES.SOA:
      return readSoa(bytes, at)
    case TYPE_CODES.TXT:
      return readTxt(bytes, at, end)
    default:
      return readUnknown(bytes, at, end)
  }
}

/** `mname rname serial refresh retry expire minimum`; the root is written `.` so that there are always seven fields. */
function readSoa(bytes: Uint8Array, at: number): string {
  const rnameAt = skipName(bytes, at)
  let next = skipName(bytes, rnameAt)
  let text = `${readName(bytes, at) || '.'} ${readName(bytes, rnameAt) || '.'}`
  for (const end = next + SOA_NUMBERS_OCTETS; next < end; next += 4) text += ` ${u32(bytes, next)}`
  return text
}

/** Quoted strings with a blank between them. No string at all, which RFC 1035 forbids and servers send, is `""`. */
function readTxt(bytes: Uint8Array, at: number, end: number): string {
  let text = ''
  for (let next = at; next < end;) {
    const stringEnd = next + 1 + bytes[next]!
    if (text !== '') text += ' '
    text += '"'
    for (let index = next + 1; index < stringEnd; index++) text += QUOTED_TEXT[bytes[index]!]!
    text += '"'
    next = stringEnd
  }
  return text
}

const QUOTED_TEXT: readonly string[] = Array.from({ length: 256 }, (_, octet) => {
  if (octet < 0x20 || octet >= 0x7f) return `\\${String(octet).padStart(3, '0')}`
  const character = String.fromCharCode(octet)
  return character === '"' || character === '\\' ? `\\${character}` : character
})

/** `\# 4 0a000001` (RFC 3597, section 5). Compressed names inside of it are not expanded. */
function readUnknown(bytes: Uint8Array, at: number, end: number): string {
  const hex = Buffer.from(bytes.subarray(at, end)).toString('hex')
  return at === end ? '\\# 0' : `\\# ${end - at} ${hex}`
}
