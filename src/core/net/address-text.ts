// The presentation forms of addresses, both ways, on plain numbers and bytes. address.ts gives them meaning.

const DOT = 46
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
  if (text.length < 2 || text.length > 45) return null
  const halves = text.split('::')
  if (halves.length > 2) return null
  const head = groupsOf(halves[0]!, halves.length === 1)
  const tail = halves.length === 2 ? groupsOf(halves[1]!, true) : []
  if (head === null || tail === null) return null
  const missing = 8 - head.length - tail.length
  // "::" stands for at least one group of zeros.
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null
  const bytes = new Uint8Array(16)
  head.forEach((group, index) => writeGroup(bytes, index, group))
  tail.forEach((group, index) => writeGroup(bytes, 8 - tail.length + index, group))
  return bytes
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

/** The 16-bit groups of one side of "::". Dotted decimal may stand for the last two groups, at the end only. */
function groupsOf(text: string, isEnd: boolean): number[] | null {
  if (text === '') return []
  const parts = text.split(':')
  const groups: number[] = []
  for (const [index, part] of parts.entries()) {
    if (isEnd && index === parts.length - 1 && part.includes('.')) {
      const number = parseIpv4Number(part)
      if (number === null) return null
      groups.push(number >>> 16, number & 0xffff)
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) {
      groups.push(Number.parseInt(part, 16))
    } else {
      return null
    }
  }
  return groups
}

function writeGroup(bytes: Uint8Array, index: number, group: number): void {
  bytes[index * 2] = group >> 8
  bytes[index * 2 + 1] = group & 0xff
}
