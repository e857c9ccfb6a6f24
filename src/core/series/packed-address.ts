// One address as bytes: octets where they give its text back, else the text. Of IPv6 the groups that are not zero.
import { formatIpv4, parseIpv4Number } from '../net/address-text.ts'
import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'

/** `text`: its octets do not give its text back. The numbers are the form. */
export const ADDRESS_KINDS = { ipv4: 0, ipv6: 1, text: 2 } as const

const COLON = 58
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
    let held = 0
    for (let index = 0; index < 8; index += 1) if (groups[index] !== 0) held |= 1 << index
    to.byte(held)
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

/** The groups that "::" stands for: the longest run of two or more zeros, the first of equal ones. None: start and end are 8. */
function longestZeros(held: number): { readonly start: number; readonly end: number } {
  let start = 8
  let length = 1
  for (let index = 0, run = 0; index < 8; index += 1) {
    run = (held & (1 << index)) === 0 ? run + 1 : 0
    if (run > length) {
      length = run
      start = index - run + 1
    }
  }
  return { start, end: start === 8 ? 8 : start + length }
}

/** The eight groups of an address in the form of RFC 5952; null for every other text. */
function canonicalGroups(text: string): readonly number[] | null {
  if (text.length > 39) return null
  const groups: number[] = []
  let gap = -1
  let index = 0
  while (index < text.length) {
    if (text.charCodeAt(index) === COLON) {
      // Two of them, once: after a group the first of both was taken already.
      if (gap >= 0) return null
      if (groups.length === 0 && text.charCodeAt(++index) !== COLON) return null
      gap = groups.length
      index += 1
      continue
    }
    let group = 0
    const first = index
    for (; index < text.length && text.charCodeAt(index) !== COLON; index += 1) {
      const digit = hexDigit(text.charCodeAt(index))
      // No leading zeros, at most four digits.
      if (digit < 0 || index - first > 3 || (index > first && group === 0)) return null
      group = group * 16 + digit
    }
    groups.push(group)
    if (groups.length > 8) return null
    if (index < text.length && ++index === text.length) return null
  }
  if (gap < 0) return groups.length === 8 && longestZeros(heldOf(groups)).start === 8 ? groups : null
  const zeros = 8 - groups.length
  if (zeros < 2) return null
  groups.splice(gap, 0, ...Array.from({ length: zeros }, () => 0))
  const { start, end } = longestZeros(heldOf(groups))
  return start === gap && end === gap + zeros ? groups : null
}

function heldOf(groups: readonly number[]): number {
  let held = 0
  for (let index = 0; index < 8; index += 1) if (groups[index] !== 0) held |= 1 << index
  return held
}

/** Lower case only; -1 for what is none. */
function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48
  return code >= 97 && code <= 102 ? code - 87 : -1
}
