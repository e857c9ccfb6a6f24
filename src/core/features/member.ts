// One address of a pool, with what is known of it. An assessment makes hundreds, so what most of them are asked for is read once.
import type { AddressFacts } from '../model/address-facts.ts'
import { parseAddress, prefixKey } from '../net/address.ts'
import { parseIpv4Number } from '../net/address-text.ts'
import { canonicalGroups } from '../net/ipv6-groups.ts'
import { specialPurpose } from '../net/special-purpose.ts'
import type { SeenAddress } from '../series/seen-address.ts'

type Sightings = Pick<SeenAddress, 'vantages' | 'first' | 'last' | 'count'>
type Place = Pick<Member, 'text' | 'family' | 'number' | 'network'>

export class Member {
  /** Canonical: dotted decimal, or RFC 5952. */
  readonly text: string
  readonly family: 4 | 6
  /** Of an IPv4 address, 0…2³²−1; −1 of an IPv6 address, which has no numeric distance to anything. */
  readonly number: number
  /** Stands for the /16 of an IPv4 address, the /48 of an IPv6 address: equal exactly when they are the same network. */
  readonly network: string | number
  readonly facts: AddressFacts
  /** Vantages that saw it, sorted. */
  readonly vantages: readonly string[]
  readonly first: number
  readonly last: number
  /** Fresh answers that carried it. */
  readonly count: number

  constructor(
    { text, family, number, network }: Place,
    facts: AddressFacts,
    { vantages, first, last, count }: Sightings,
  ) {
    this.text = text
    this.family = family
    this.number = number
    this.network = network
    this.facts = facts
    this.vantages = vantages
    this.first = first
    this.last = last
    this.count = count
  }
}

/** Where a text lies; null when it is no address, or one that is set aside for a purpose. */
export function locate(text: string): Place | null {
  const number = parseIpv4Number(text)
  if (number !== null) {
    // The parser takes no other spelling: the text is canonical.
    return isSpecialIpv4(text, number) ? null : { text, family: 4, number, network: number >>> 16 }
  }
  const groups = canonicalGroups(text)
  if (groups !== null && !isMapped(groups)) {
    return isSpecialIpv6(text, groups) ? null : { text, family: 6, number: -1, network: slash48Of(groups) }
  }
  const address = parseAddress(text)
  if (address === null || specialPurpose(address) !== null) return null
  const { family } = address
  if (family === 6) return { text: address.text, family, number: -1, network: prefixKey(address, 48) }
  const mapped = parseIpv4Number(address.text)!
  return { text: address.text, family, number: mapped, network: mapped >>> 16 }
}

// Read over and over; it never leaves this file.
const OCTETS = new Uint8Array(4)

function isSpecialIpv4(text: string, number: number): boolean {
  OCTETS[0] = number >>> 24
  OCTETS[1] = number >>> 16
  OCTETS[2] = number >>> 8
  OCTETS[3] = number
  return specialPurpose({ family: 4, text, bytes: OCTETS, mapped: false }) !== null
}

const GROUPS_AS_BYTES = new Uint8Array(16)

function isSpecialIpv6(text: string, groups: readonly number[]): boolean {
  for (let index = 0; index < 8; index += 1) {
    GROUPS_AS_BYTES[2 * index] = groups[index]! >> 8
    GROUPS_AS_BYTES[2 * index + 1] = groups[index]!
  }
  return specialPurpose({ family: 6, text, bytes: GROUPS_AS_BYTES, mapped: false }) !== null
}

/** RFC 4291, section 2.5.5.2: the IPv4 address inside is meant. */
function isMapped(groups: readonly number[]): boolean {
  for (let index = 0; index < 5; index += 1) if (groups[index] !== 0) return false
  return groups[5] === 0xffff
}

/** As `prefixKey` writes it. What follows is the longest run of zeros. */
function slash48Of(groups: readonly number[]): string {
  let text = ''
  let size = 3
  while (size > 0 && groups[size - 1] === 0) size -= 1
  for (let index = 0; index < size; index += 1)
    text += `${index === 0 ? '' : ':'}${groups[index]!.toString(16)}`
  return `${text}::/48`
}
