// One address of a pool, with what is known of it. An assessment makes hundreds, so the octets are read only where somebody asks.
import type { AddressFacts } from '../model/address-facts.ts'
import { parseAddress, prefixKey } from '../net/address.ts'
import type { Address } from '../net/address.ts'
import { parseIpv4Number } from '../net/address-text.ts'
import { specialPurpose } from '../net/special-purpose.ts'
import type { SeenAddress } from '../series/seen-address.ts'

type Sightings = Pick<SeenAddress, 'vantages' | 'first' | 'last' | 'count'>

export class Member {
  /** Canonical: dotted decimal, or RFC 5952. */
  readonly text: string
  readonly family: 4 | 6
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
    { text, family, network }: Pick<Member, 'text' | 'family' | 'network'>,
    facts: AddressFacts,
    { vantages, first, last, count }: Sightings,
  ) {
    this.text = text
    this.family = family
    this.network = network
    this.facts = facts
    this.vantages = vantages
    this.first = first
    this.last = last
    this.count = count
  }

  get address(): Address {
    return parseAddress(this.text)!
  }
}

/** Where a text lies; null when it is no address, or one that is set aside for a purpose. */
export function locate(text: string): Pick<Member, 'text' | 'family' | 'network'> | null {
  const number = parseIpv4Number(text)
  if (number !== null) {
    // The parser takes no other spelling: the text is canonical.
    return isSpecialIpv4(text, number) ? null : { text, family: 4, network: number >>> 16 }
  }
  const address = parseAddress(text)
  if (address === null || specialPurpose(address) !== null) return null
  const { family } = address
  return family === 4
    ? { text: address.text, family, network: parseIpv4Number(address.text)! >>> 16 }
    : { text: address.text, family, network: prefixKey(address, 48) }
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
