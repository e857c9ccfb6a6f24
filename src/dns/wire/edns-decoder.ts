// Reads the OPT record of a reply (RFC 6891). An option that is not well formed counts as absent: it is no reason to throw
// away the answer that it came with.
import type { ExtendedError } from '../../core/dns/reply.ts'
import type { WireClientSubnet, WireEdns } from './message.ts'
import { u16 } from './octets.ts'
import { OPTION } from './edns-option.ts'

type Cookie = NonNullable<WireEdns['cookie']>

/** RFC 7828, section 3.1: in units of 100 milliseconds. */
const KEEPALIVE_UNIT_MS = 100

/** Extended errors that are kept: a message of 64 KiB could hold thousands. */
const MAX_EXTENDED_ERRORS = 8

/**
 * `at` is behind the (root) owner of an OPT record whose octets are in the message. Of an option that comes twice the first
 * well-formed one counts; the list ends at an option that promises more octets than there are. Copies what it keeps.
 */
export function readEdns(bytes: Uint8Array, at: number): WireEdns {
  let clientSubnet: WireClientSubnet | null = null
  let cookie: Cookie | null = null
  let keepaliveMs: number | null = null
  let paddingOctets: number | null = null
  const extendedErrors: ExtendedError[] = []
  const end = at + 10 + u16(bytes, at + 8)
  for (let next = at + 10; next + 4 <= end;) {
    const code = u16(bytes, next)
    const dataAt = next + 4
    next = dataAt + u16(bytes, next + 2)
    if (next > end) break
    if (code === OPTION.clientSubnet) clientSubnet ??= readClientSubnet(bytes, dataAt, next)
    else if (code === OPTION.cookie) cookie ??= readCookie(bytes, dataAt, next)
    else if (code === OPTION.keepalive && next - dataAt === 2)
      keepaliveMs ??= u16(bytes, dataAt) * KEEPALIVE_UNIT_MS
    else if (code === OPTION.padding) paddingOctets ??= next - dataAt
    else if (
      code === OPTION.extendedError &&
      next - dataAt >= 2 &&
      extendedErrors.length < MAX_EXTENDED_ERRORS
    )
      extendedErrors.push({ code: u16(bytes, dataAt), text: errorText(bytes.subarray(dataAt + 2, next)) })
  }
  return {
    udpSizeOctets: u16(bytes, at + 2),
    version: bytes[at + 5]!,
    clientSubnet,
    extendedErrors,
    cookie,
    keepaliveMs,
    paddingOctets,
  }
}

/** RFC 7871, section 6: exactly the octets that the source prefix needs, and no bit set behind it. */
function readClientSubnet(bytes: Uint8Array, at: number, end: number): WireClientSubnet | null {
  if (end - at < 4) return null
  const family = u16(bytes, at)
  const sourcePrefixLength = bytes[at + 2]!
  const scopePrefixLength = bytes[at + 3]!
  const bits = family === 1 ? 32 : 128
  if ((family !== 1 && family !== 2) || sourcePrefixLength > bits || scopePrefixLength > bits) return null
  if (end - at - 4 !== Math.ceil(sourcePrefixLength / 8)) return null
  const spare = -sourcePrefixLength & 7
  if (spare > 0 && (bytes[end - 1]! & ((1 << spare) - 1)) !== 0) return null
  return {
    family,
    sourcePrefixLength,
    scopePrefixLength,
    address: new Uint8Array(bytes.subarray(at + 4, end)),
  }
}

/** RFC 7873, section 4: 8 octets of the client alone, or with 8 to 32 of the server. */
function readCookie(bytes: Uint8Array, at: number, end: number): Cookie | null {
  const octets = end - at
  if (octets !== 8 && (octets < 16 || octets > 40)) return null
  return {
    client: new Uint8Array(bytes.subarray(at, at + 8)),
    server: new Uint8Array(bytes.subarray(at + 8, end)),
  }
}

/** UTF-8 of a stranger for the screens of others: control characters are escaped, and invalid octets replaced. */
function errorText(octets: Uint8Array): string {
  return Buffer.from(octets)
    .toString('utf8')
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (one) => `\\u{${one.codePointAt(0)!.toString(16)}}`)
}
