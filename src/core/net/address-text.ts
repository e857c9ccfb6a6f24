// The presentation forms of addresses, both ways, on plain numbers and bytes. address.ts gives them meaning.

const DOT = 46
const COLON = 58
const ZERO = 48

/** Dotted decimal to a number, 0…2³²−1. Strict: four parts, no leading zeros, nothing around. Null otherwise. */
export function parseIpv4Number(text: string): number | null {
  const length = text.length
  if (length < 7 || length > 15) return null
  let number = 0
  let part = 0
  let digits = 0
  let dots = 0
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index)
    if (code === DOT) {
      if (digits === 0 || ++dots > 3) return null
      number = number * 256 + part
      part = 0
      digits = 0
      continue
    }
    const digit = code - ZERO
    // A leading zero means octal to some readers and decimal to others (RFC 6943, section 3.1.1): refused.
    if (digit < 0 || digit > 9 || (digits > 0 && part === 0)) return null
    part = part * 10 + digit
    digits++
    if (part > 255) return null
  }
  return dots === 3 && digits > 0 ? number * 256 + part : null
}

/** IPv6 text to 16 bytes: RFC 4291, section 2.2, all three forms. No zone. Null otherwise. */
export function parseIpv6Bytes(text: string): Uint8Array | null {
  const length = text.length
  if (length < 2 || length > 45) return null
  const bytes = new Uint8Array(16)
  let written = 0
  /** Where "::" stands, in bytes; −1 while it has not been seen. */
  let gap = -1
  let index = 0
  if (text.charCodeAt(0) === COLON) {
    if (text.charCodeAt(1) !== COLON) return null
    gap = 0
    index = 2
  }
  while (index < length) {
    const start = index
    let group = 0
    for (let digit = hexDigit(text, index); digit >= 0; digit = hexDigit(text, ++index))
      group = group * 16 + digit
    if (text.charCodeAt(index) === DOT) {
      // Dotted decimal may stand for the last two groups, at the end only.
      const number = written > 12 ? null : parseIpv4Number(text.slice(start))
      if (number === null) return null
      writeGroup(bytes, written, number >>> 16)
      writeGroup(bytes, written + 2, number & 0xffff)
      written += 4
      break
    }
    if (index === start || index - start > 4 || written > 14) return null
    writeGroup(bytes, written, group)
    written += 2
    if (index === length) break
    if (text.charCodeAt(index) !== COLON || ++index === length) return null
    if (text.charCodeAt(index) === COLON) {
      if (gap >= 0) return null
      gap = written
      index++
    }
  }
  if (gap < 0) return written === 16 ? bytes : null
  // "::" stands for at least one group of zeros.
  if (written > 14) return null
  const tail = 16 - (written - gap)
  bytes.copyWithin(tail, gap, written)
  return bytes.fill(0, gap, tail)
}

/** Dotted decimal of a number from 0 to 2³²−1. */
export function formatIpv4(number: number): string {
  return `${number >>> 24}.${(number >>> 16) & 0xff}.${(number >>> 8) & 0xff}.${number & 0xff}`
}

/** The one text of RFC 5952 for 16 bytes: lower case, the longest run of two or more zero groups, leftmost if equal, as "::". */
export function formatIpv6(bytes: Uint8Array): string {
  const groups: number[] = []
  for (let index = 0; index < 16; index += 2) groups.push((bytes[index]! << 8) | bytes[index + 1]!)
  let start = -1
  let longest = 1
  for (let index = 0, run = 0; index < 8; index++) {
    run = groups[index] === 0 ? run + 1 : 0
    if (run > longest) {
      longest = run
      start = index - run + 1
    }
  }
  const hex = groups.map((group) => group.toString(16))
  if (start === -1) return hex.join(':')
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + longest).join(':')}`
}

/** Value of a hexadecimal digit of either case; −1 when there is none. */
function hexDigit(text: string, index: number): number {
  const code = text.charCodeAt(index)
  if (code >= ZERO && code <= 57) return code - ZERO
  // Letters of both cases differ in this bit only.
  const letter = code | 32
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}

function writeGroup(bytes: Uint8Array, at: number, group: number): void {
  bytes[at] = group >> 8
  bytes[at + 1] = group & 0xff
}
