// Builds a query: one question and, unless told otherwise, one OPT record. Pure: id and case bits come from outside.
import type { Question } from '../../core/dns/record.ts'
import { clientSubnetOption, type ClientSubnet } from './client-subnet.ts'
import { encodeName } from './name-encoder.ts'
import { CLASS_IN, OPT_CODE, TYPE_CODES } from './type-code.ts'

/** What we say we can take over UDP: fits every path without fragments (DNS flag day 2020). */
export const UDP_SIZE_OCTETS = 1232

export interface EdnsOptions {
  readonly clientSubnet?: ClientSubnet
  /** RFC 7873: our 8 octets, and the server's of its last reply (empty before the first). */
  readonly cookie?: { readonly client: Uint8Array; readonly server: Uint8Array }
  /** RFC 7828: asks how long an idle connection may stay. Only over TCP and TLS. */
  readonly keepalive?: boolean
  /** RFC 8467: pads the message to a multiple of so many octets. Only over encrypted transports. */
  readonly paddingBlockOctets?: number
}

export interface QueryOptions {
  /** Null leaves the OPT record away (RFC 6891, section 6.2.2). */
  readonly edns: EdnsOptions | null
  /** The RD bit: false when an authority is asked. */
  readonly recursionDesired: boolean
}

export interface EncodedQuery {
  readonly bytes: Uint8Array
  /** Offset behind the question: octets 12 to here must come back unchanged. */
  readonly questionEnd: number
}

/** Octets of the name in an encoded query start here. */
export const QUESTION_START = 12

/**
 * Encodes a recursive query. `edns` null leaves the OPT record away (RFC 6891, section 6.2.2).
 * `caseBits`: bit by bit, whether a letter of the name becomes upper case (the 0x20 trick); null keeps the name.
 * Throws RangeError for a name that cannot be written.
 */
export function encodeQuery(
  question: Question,
  id: number,
  edns: EdnsOptions | null,
  caseBits: Uint8Array | null,
): EncodedQuery {
  const name = encodeName(question.name)
  if (caseBits !== null) scatterCase(name, caseBits)
  const option = edns?.clientSubnet ? clientSubnetOption(edns.clientSubnet) : new Uint8Array(0)
  const questionEnd = QUESTION_START + name.length + 4
  const bytes = new Uint8Array(questionEnd + (edns === null ? 0 : 11 + option.length))
  const view = new DataView(bytes.buffer)
  view.setUint16(0, id)
  view.setUint16(2, 0x0100) // recursion desired
  view.setUint16(4, 1)
  view.setUint16(10, edns === null ? 0 : 1)
  bytes.set(name, QUESTION_START)
  view.setUint16(questionEnd - 4, TYPE_CODES[question.type])
  view.setUint16(questionEnd - 2, CLASS_IN)
  if (edns !== null) {
    // Owner (root, one octet), type, UDP size, extended rcode + version + flags (all zero), length, options.
    view.setUint16(questionEnd + 1, OPT_CODE)
    view.setUint16(questionEnd + 3, UDP_SIZE_OCTETS)
    view.setUint16(questionEnd + 9, option.length)
    bytes.set(option, questionEnd + 11)
  }
  return { bytes, questionEnd }
}

/** Length octets are at most 63 and no letters, so the whole name can be walked without looking at labels. */
function scatterCase(name: Uint8Array, caseBits: Uint8Array): void {
  for (let at = 0; at < name.length; at++) {
    const lower = name[at]! | 0x20
    if (lower < 0x61 || lower > 0x7a) continue
    const upper = ((caseBits[at >> 3] ?? 0) >> (at & 7)) & 1
    name[at] = upper === 1 ? lower & ~0x20 : lower
  }
}
