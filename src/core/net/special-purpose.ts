// Whether an address is set aside for a purpose, and which: an answer with such an address is a signal, and a request
// to one is refused by the URL guard. What follows from it is the caller's business.
import { uint32At } from './address.ts'
import type { Address } from './address.ts'
import { cidrContains, parseCidr } from './cidr.ts'
import type { Cidr } from './cidr.ts'
import { IPV4_BLOCKS, IPV6_BLOCKS } from './special-purpose-table.ts'
import type { SpecialPurposeBlock } from './special-purpose-table.ts'

interface Ipv4Row {
  readonly mask: number
  readonly base: number
  readonly block: SpecialPurposeBlock
}

const SIX_TO_FOUR = cidrOf('2002::/16')
const NAT64 = cidrOf('64:ff9b::/96')

// By first octet, most specific block first, so that most addresses cost one array read.
const IPV4_ROWS: readonly (readonly Ipv4Row[] | undefined)[] = indexIpv4()

const IPV6_ROWS: readonly { readonly cidr: Cidr; readonly block: SpecialPurposeBlock }[] = IPV6_BLOCKS.map(
  (block) => ({ cidr: cidrOf(block.cidr), block }),
).toSorted((a, b) => b.cidr.bits - a.cidr.bits)

// Which first two octets some row, 6to4 or the NAT64 prefix begins with.
const IPV6_BEGINNINGS = indexIpv6()

/**
 * The most specific special-purpose block that holds the address; null for ordinary public addresses.
 *
 * IPv4-mapped addresses are IPv4 by the time they get here. An address of 6to4 or of the well-known NAT64 prefix is judged by
 * the IPv4 address inside when that one is special (`2002:7f00:1::` is Loopback), else it is 6to4 or translation itself.
 * Some blocks are special and still `globallyReachable` (AS112, anycast services, NAT64): look there before you call one bogus.
 * Source: the IANA special-purpose registries; a row each in special-purpose-table.ts.
 */
export function specialPurpose(address: Address): SpecialPurposeBlock | null {
  if (address.family === 4) return specialIpv4(uint32At(address.bytes, 0))
  // Of the first two octets of most addresses there is no block at all.
  if (IPV6_BEGINNINGS[address.bytes[0]! * 256 + address.bytes[1]!] === 0) return null
  const embedded = embeddedIpv4(address)
  const inside = embedded === null ? null : specialIpv4(embedded)
  if (inside !== null) return inside
  return IPV6_ROWS.find((row) => cidrContains(row.cidr, address))?.block ?? null
}

function specialIpv4(number: number): SpecialPurposeBlock | null {
  const rows = IPV4_ROWS[number >>> 24]
  if (rows === undefined) return null
  for (const row of rows) if ((number & row.mask) >>> 0 === row.base) return row.block
  return null
}

function embeddedIpv4(address: Address): number | null {
  if (cidrContains(SIX_TO_FOUR, address)) return uint32At(address.bytes, 2)
  return cidrContains(NAT64, address) ? uint32At(address.bytes, 12) : null
}

function indexIpv4(): (Ipv4Row[] | undefined)[] {
  const index: (Ipv4Row[] | undefined)[] = Array.from({ length: 256 })
  const rows = IPV4_BLOCKS.map((block) => ({ block, cidr: cidrOf(block.cidr) }))
  for (const { block, cidr } of rows.toSorted((a, b) => b.cidr.bits - a.cidr.bits)) {
    const row = { block, base: uint32At(cidr.network, 0), mask: (-1 << (32 - cidr.bits)) >>> 0 }
    const first = cidr.network[0]!
    const octets = cidr.bits >= 8 ? 1 : 1 << (8 - cidr.bits)
    for (let octet = first; octet < first + octets; octet++) (index[octet] ??= []).push(row)
  }
  return index
}

function indexIpv6(): Uint8Array {
  const index = new Uint8Array(2 ** 16)
  for (const { network, bits } of [SIX_TO_FOUR, NAT64, ...IPV6_ROWS.map(({ cidr }) => cidr)]) {
    const first = network[0]! * 256 + network[1]!
    index.fill(1, first, first + 2 ** Math.max(0, 16 - bits))
  }
  return index
}

function cidrOf(text: string): Cidr {
  const cidr = parseCidr(text)
  if (cidr === null) throw new Error(`not a block: ${text}`)
  return cidr
}
