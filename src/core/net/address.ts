// The one reader of IP addresses from text. Strict: what inet_pton would not take is no address here, so that nothing is
// read two ways. Decides form and canonical text; what an address is used for is special-purpose.ts's business.
import { formatIpv4, formatIpv6, parseIpv4Number, parseIpv6Bytes } from './address-text.ts'

export interface Address {
  readonly family: 4 | 6
  /** Canonical: dotted decimal, or RFC 5952. */
  readonly text: string
  /** Network order: 4 or 16 of them. */
  readonly bytes: Uint8Array
  /** It was written as an IPv4-mapped IPv6 address (`::ffff:192.0.2.1`) and is the IPv4 address inside. */
  readonly mapped: boolean
}

/**
 * Reads an address in presentation form; null for everything else.
 *
 * IPv4: four decimal numbers without leading zeros. IPv6: RFC 4291, section 2.2, without zone, brackets or port.
 * An IPv4-mapped IPv6 address is answered as the IPv4 address: the same machine must not count twice.
 */
export function parseAddress(text: string): Address | null {
  if (!text.includes(':')) {
    const number = parseIpv4Number(text)
    return number === null ? null : ipv4(number, false)
  }
  const bytes = parseIpv6Bytes(text)
  if (bytes === null) return null
  const embedded = mappedIpv4(bytes)
  if (embedded !== null) return ipv4(embedded, true)
  return { family: 6, text: formatIpv6(bytes), bytes, mapped: false }
}

/** The canonical text of an address, null when it is none: two texts are the same address exactly when these are equal. */
export function canonicalAddress(text: string): string | null {
  return parseAddress(text)?.text ?? null
}

/**
 * The network that holds the address, as a text to group by: `198.51.0.0/16`, `2001:db8:1::/48`.
 * `bits`: an integer, 0…32 or 0…128 by the family. Throws a RangeError otherwise: that is a bug of the caller.
 */
export function prefixKey(address: Address, bits: number): string {
  return `${networkText(maskedBytes(address.bytes, bits))}/${bits}`
}

/**
 * An IPv4 address as a number, 0…2³²−1, for numeric distances. Makes no objects for IPv4 text. Null for whatever is not
 * IPv4; an IPv4-mapped IPv6 address is.
 */
export function ipv4Number(text: string): number | null {
  if (!text.includes(':')) return parseIpv4Number(text)
  const bytes = parseIpv6Bytes(text)
  return bytes === null ? null : mappedIpv4(bytes)
}

/** The bytes with everything after the first `bits` cleared. Throws a RangeError when there are not so many bits. */
export function maskedBytes(bytes: Uint8Array, bits: number): Uint8Array {
  if (!Number.isInteger(bits) || bits < 0 || bits > bytes.length * 8) {
    throw new RangeError(`Expected a prefix length from 0 to ${bytes.length * 8}, got ${bits}`)
  }
  const masked = new Uint8Array(bytes.length)
  const whole = bits >> 3
  masked.set(bytes.subarray(0, whole))
  if ((bits & 7) !== 0) masked[whole] = bytes[whole]! & (0xff << (8 - (bits & 7)))
  return masked
}

/** The canonical text of 4 or 16 bytes. */
export function networkText(bytes: Uint8Array): string {
  return bytes.length === 4 ? formatIpv4(uint32At(bytes, 0)) : formatIpv6(bytes)
}

/** Four bytes from `offset` on as an unsigned number. */
export function uint32At(bytes: Uint8Array, offset: number): number {
  return (
    ((bytes[offset]! << 24) | (bytes[offset + 1]! << 16) | (bytes[offset + 2]! << 8) | bytes[offset + 3]!) >>>
    0
  )
}

function ipv4(number: number, mapped: boolean): Address {
  const bytes = Uint8Array.of(number >>> 24, (number >>> 16) & 0xff, (number >>> 8) & 0xff, number & 0xff)
  return { family: 4, text: formatIpv4(number), bytes, mapped }
}

// RFC 4291, section 2.5.5.2: 80 zero bits, 16 one bits.
function mappedIpv4(bytes: Uint8Array): number | null {
  for (let index = 0; index < 10; index++) if (bytes[index] !== 0) return null
  return bytes[10] === 0xff && bytes[11] === 0xff ? uint32At(bytes, 12) : null
}
