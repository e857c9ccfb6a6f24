// Writes a name in presentation form as labels. The inverse of name-decoder.ts, so that any name we ever read (with its
// escapes) can be asked for.
import { MAX_NAME_OCTETS } from './name-decoder.ts'

const MAX_LABEL_OCTETS = 63
const DOT = 0x2e
const BACKSLASH = 0x5c

/**
 * Writes the wire form of a name, with the root label, into `target` from `at` on, and returns the offset behind it.
 * `target` needs 255 octets of room from there. A trailing dot is allowed, `""` is the root. Throws RangeError when it is
 * no name (empty or over-long label, over 255 octets, a character outside ASCII, a broken escape): names are checked long
 * before, so this is a bug.
 */
export function writeName(name: string, target: Uint8Array, at: number): number {
  // The octet for the length of a label is left free until its end is known.
  let labelAt = at
  let next = at + 1
  const last = at + MAX_NAME_OCTETS
  for (let index = 0; index < name.length; index++) {
    let octet = name.charCodeAt(index)
    if (octet === DOT) {
      target[labelAt] = labelOctets(name, next - labelAt - 1)
      labelAt = next++
      continue
    }
    if (octet === BACKSLASH) {
      octet = escapedOctet(name, index)
      index += name.charCodeAt(index + 1) < 0x3a && name.charCodeAt(index + 1) > 0x2f ? 3 : 1
    } else if (octet > 0x7f) throw new RangeError(`not an A-label name: ${JSON.stringify(name)}`)
    if (next >= last) throw new RangeError(`over-long name ${JSON.stringify(name)}`)
    target[next++] = octet
  }
  if (next - labelAt > 1) {
    target[labelAt] = labelOctets(name, next - labelAt - 1)
    labelAt = next++
  }
  if (next > last) throw new RangeError(`over-long name ${JSON.stringify(name)}`)
  target[labelAt] = 0
  return next
}

function labelOctets(name: string, octets: number): number {
  if (octets === 0) throw new RangeError(`empty label in the name ${JSON.stringify(name)}`)
  if (octets > MAX_LABEL_OCTETS) throw new RangeError(`over-long label in ${JSON.stringify(name)}`)
  return octets
}

/** The octet that `\.` or `\046` stands for; `at` is the backslash. */
function escapedOctet(name: string, at: number): number {
  const escape = /^(?:(\d{3})|([\x21-\x2f\x3a-\x7e]))/.exec(name.slice(at + 1, at + 4))
  const octet = escape?.[1] === undefined ? escape?.[2]?.charCodeAt(0) : Number(escape[1])
  if (octet === undefined || octet > 255)
    throw new RangeError(`broken escape in the name ${JSON.stringify(name)}`)
  return octet
}
