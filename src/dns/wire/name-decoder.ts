// Reads one name, following compression (RFC 1035, section 4.1.4). It ends on any bytes: a pointer must lead to before
// the part of the name that holds it, so the offsets strictly fall, and a name has at most 255 octets.
import type { ByteReader } from './byte-reader.ts'
import { MalformedMessage } from './malformed.ts'
import { LOWER_TEXT } from './name-text.ts'

/** Octets of a name on the wire, length octets and the root included (RFC 1035, section 2.3.4). */
export const MAX_NAME_OCTETS = 255

/** Offsets before this are the header, which holds no name. */
const HEADER_OCTETS = 12

/**
 * The name at the reader's position, without the trailing dot (the root is `""`); moves the reader behind it.
 * `texts` decides the case: LOWER_TEXT (the default) or EXACT_TEXT. Throws MalformedMessage.
 */
export function readName(reader: ByteReader, texts: readonly string[] = LOWER_TEXT): string {
  const { bytes } = reader
  let at = reader.at
  let partStart = at
  let behind = -1
  let octets = 1
  let name = ''
  for (;;) {
    const length = bytes[at]
    if (length === undefined) throw new MalformedMessage('short')
    if (length === 0) {
      reader.at = behind === -1 ? at + 1 : behind
      return name
    }
    if (length >= 0xc0) {
      const low = bytes[at + 1]
      if (low === undefined) throw new MalformedMessage('short')
      const target = ((length & 0x3f) << 8) | low
      if (target >= partStart || target < HEADER_OCTETS) throw new MalformedMessage('bad_pointer')
      if (behind === -1) behind = at + 2
      at = target
      partStart = target
      continue
    }
    if (length > 63) throw new MalformedMessage('bad_label')
    octets += length + 1
    if (octets > MAX_NAME_OCTETS) throw new MalformedMessage('long_name')
    const end = at + 1 + length
    if (end > bytes.length) throw new MalformedMessage('short')
    if (name !== '') name += '.'
    for (let index = at + 1; index < end; index++) name += texts[bytes[index]!]!
    at = end
  }
}
