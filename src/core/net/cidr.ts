// A block of addresses: reading one, and whether an address lies in it. What a block means is its holder's business.
import { maskedBytes, networkText, parseAddress } from './address.ts'
import type { Address } from './address.ts'

export interface Cidr {
  readonly family: 4 | 6
  /** Prefix length: 0…32 or 0…128. */
  readonly bits: number
  /** First address; the bits after the prefix are zero. */
  readonly network: Uint8Array
  /** Canonical, e.g. `10.0.0.0/8`. */
  readonly text: string
}

/**
 * Reads `address/bits`, or a bare address as the block of itself; null for everything else.
 *
 * Host bits are cleared (`10.1.2.3/8` is `10.0.0.0/8`). A block of IPv4-mapped addresses is the IPv4 block inside; one that
 * is mapped in part only (fewer than 96 bits) is refused, because addresses are unwrapped and none could ever match.
 */
export function parseCidr(text: string): Cidr | null {
  const slash = text.indexOf('/')
  const address = parseAddress(slash === -1 ? text : text.slice(0, slash))
  if (address === null) return null
  const most = address.bytes.length * 8
  if (slash === -1) return cidr(address, most)
  const length = text.slice(slash + 1)
  if (!/^(?:0|[1-9][0-9]{0,2})$/.test(length)) return null
  const bits = Number(length) - (address.mapped ? 96 : 0)
  return bits < 0 || bits > most ? null : cidr(address, bits)
}

/** Whether the address lies in the block. An IPv4 address never lies in an IPv6 block, nor the other way round. */
export function cidrContains(block: Cidr, address: Address): boolean {
  if (block.family !== address.family) return false
  const whole = block.bits >> 3
  for (let index = 0; index < whole; index++) {
    if (block.network[index] !== address.bytes[index]) return false
  }
  const rest = block.bits & 7
  return rest === 0 || (block.network[whole]! ^ address.bytes[whole]!) >> (8 - rest) === 0
}

function cidr(address: Address, bits: number): Cidr {
  const network = maskedBytes(address.bytes, bits)
  return { family: address.family, bits, network, text: `${networkText(network)}/${bits}` }
}
