// Addresses as the file keeps them: the family, 4 or 6, and the octets. So a prefix is a range, and no IPv6 address ever lies in a
// range of IPv4 addresses.

import { formatIpv4, formatIpv6, parseIpv4Number } from '../../../core/net/address-text.ts'
import { parseAddress, uint32At } from '../../../core/net/address.ts'
import type { Cidr } from '../../../core/net/cidr.ts'

/** Null for a text that is no address. */
export function addressBlob(text: string): Uint8Array | null {
  const number = parseIpv4Number(text)
  if (number !== null) {
    const blob = Buffer.allocUnsafe(5)
    blob[0] = 4
    blob.writeUInt32BE(number, 1)
    return blob
  }
  const address = parseAddress(text)
  return address === null ? null : withFamily(address.bytes)
}

/** Canonical. */
export function addressText(blob: Uint8Array): string {
  return blob[0] === 4 ? formatIpv4(uint32At(blob, 1)) : formatIpv6(blob.subarray(1))
}

/** The first and the last address of a block. */
export function blockEnds({ network, bits }: Cidr): {
  readonly first: Uint8Array
  readonly last: Uint8Array
} {
  const last = network.map((byte, index) => byte | (0xff >> Math.min(8, Math.max(0, bits - index * 8))))
  return { first: withFamily(network), last: withFamily(last) }
}

function withFamily(bytes: Uint8Array): Uint8Array {
  const blob = new Uint8Array(bytes.length + 1)
  blob[0] = bytes.length === 4 ? 4 : 6
  blob.set(bytes, 1)
  return blob
}
