// The one text of an IPv6 address (RFC 5952), so that equal addresses are equal strings everywhere.
import { ipv4Text } from './ipv4-text.ts'
import { u16 } from './octets.ts'

const GROUPS = 8

/** The 16 octets from `at` on. IPv4-mapped addresses are written `::ffff:192.0.2.1` (RFC 5952, section 5). */
export function ipv6Text(bytes: Uint8Array, at = 0): string {
  // The first of the longest runs of zero groups, of two at least (section 4.2.3).
  let runStart = GROUPS
  let runLength = 1
  for (let start = 0; start < GROUPS; start++) {
    let end = start
    while (end < GROUPS && u16(bytes, at + 2 * end) === 0) end++
    if (end - start > runLength) {
      runStart = start
      runLength = end - start
    }
    start = end
  }
  if (runStart === 0 && runLength === 5 && u16(bytes, at + 10) === 0xffff)
    return `::ffff:${ipv4Text(bytes, at + 12)}`
  if (runStart === GROUPS) return hexGroups(bytes, at, 0, GROUPS)
  return `${hexGroups(bytes, at, 0, runStart)}::${hexGroups(bytes, at, runStart + runLength, GROUPS)}`
}

function hexGroups(bytes: Uint8Array, at: number, from: number, to: number): string {
  let text = ''
  for (let group = from; group < to; group++) {
    if (group > from) text += ':'
    text += u16(bytes, at + 2 * group).toString(16)
  }
  return text
}
