// One address as bytes: octets where they give its text back, else the text. Of IPv6 the groups that are not zero.
import { formatIpv4, parseIpv4Number } from '../net/address-text.ts'
import { canonicalGroups, longestZeros, groupsHeld } from '../net/ipv6-groups.ts'
import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'

/** `text`: its octets do not give its text back. The numbers are the form. */
export const ADDRESS_KINDS = { ipv4: 0, ipv6: 1, text: 2 } as const

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16))

export interface AddressOctets {
  readonly kind: number
  /** IPv4: the number. IPv6: the eight groups. Text: nothing. */
  readonly number: number
  readonly groups: readonly number[]
}

const NO_GROUPS: readonly number[] = []

export function octetsOf(text: string): AddressOctets {
  const number = parseIpv4Number(text)
  if (number !== null)
    return formatIpv4(number) === text ? { kind: ADDRESS_KINDS.ipv4, number, groups: NO_GROUPS } : AS_TEXT
  const groups = canonicalGroups(text)
  return groups === null ? AS_TEXT : { kind: ADDRESS_KINDS.ipv6, number: 0, groups }
}

const AS_TEXT: AddressOctets = { kind: ADDRESS_KINDS.text, number: 0, groups: NO_GROUPS }

/** The address, without its kind. */
export function writeOctets(to: ByteWriter, text: string, { kind, number, groups }: AddressOctets): void {
  if (kind === ADDRESS_KINDS.ipv4) to.word(number)
  else if (kind === ADDRESS_KINDS.text) to.text(text)
  else {
    to.byte(groupsHeld(groups))
    for (const group of groups) {
      if (group === 0) continue
      to.byte(group >> 8)
      to.byte(group & 0xff)
    }
  }
}

export function readOctets(from: ByteReader, kind: number): string {
  if (kind === ADDRESS_KINDS.ipv4) return formatIpv4(from.word())
  return kind === ADDRESS_KINDS.ipv6 ? readIpv6(from) : from.text()
}

/** An address with its kind before it. */
export function writeAddress(to: ByteWriter, text: string): void {
  const octets = octetsOf(text)
  to.byte(octets.kind)
  writeOctets(to, text, octets)
}

export function readAddress(from: ByteReader): string {
  return readOctets(from, from.byte())
}

/** In the form of RFC 5952. */
function readIpv6(from: ByteReader): string {
  const held = from.byte()
  const { start, end } = longestZeros(held)
  let text = ''
  for (let index = 0; index < 8; index += 1) {
    if (index >= start && index < end) {
      if (index === start) text += start === 0 ? '::' : ':'
      continue
    }
    text += (held & (1 << index)) === 0 ? '0' : hexOf(from.byte(), from.byte())
    if (index < 7) text += ':'
  }
  return text
}

function hexOf(high: number, low: number): string {
  if (high === 0) return HEX[low]!
  return low < 16 ? `${HEX[high]}0${HEX[low]}` : `${HEX[high]}${HEX[low]}`
}
