// Names on the wire, with compression (RFC 1035, section 4.1.4): checked once by checkName, and then read without a check.
// Should the octets be others by then, the text is nonsense, and reading still ends.
// Checking ends on any bytes: a pointer must lead to before the part of the name that holds it, so the offsets strictly
// fall, and a name has at most 255 octets.
import { FAULT } from './malformed.ts'
import { LOWER_TEXT } from './name-text.ts'

/** Octets of a name on the wire, length octets and the root included (RFC 1035, section 2.3.4). */
export const MAX_NAME_OCTETS = 255

/** Offsets before this are the header, which holds no name. */
const HEADER_OCTETS = 12

const POINTER = 0xc0

/** A name has at most 127 labels, so an honest one needs no more; a chain of bare pointers could be thousands long. */
const MAX_POINTERS = 127

/** Labels and pointers of a name that checkName passes, and its end. */
const MAX_STEPS = 127 + MAX_POINTERS + 1

/** The offset behind the name at `at`, or (negative) a FAULT. Safe on any bytes. */
export function checkName(bytes: Uint8Array, at: number): number {
  let partStart = at
  let behind = -1
  let octets = 1
  let pointers = 0
  for (;;) {
    if (at >= bytes.length) return FAULT.short
    const length = bytes[at]!
    if (length === 0) return behind === -1 ? at + 1 : behind
    if (length >= POINTER) {
      if (at + 1 >= bytes.length) return FAULT.short
      const target = ((length & 0x3f) << 8) | bytes[at + 1]!
      if (target >= partStart || target < HEADER_OCTETS || ++pointers > MAX_POINTERS) return FAULT.bad_pointer
      if (behind === -1) behind = at + 2
      at = target
      partStart = target
      continue
    }
    if (length > 63) return FAULT.bad_label
    octets += length + 1
    if (octets > MAX_NAME_OCTETS) return FAULT.long_name
    at += length + 1
    if (at > bytes.length) return FAULT.short
  }
}

/** The offset behind a name that checkName has passed. */
export function skipName(bytes: Uint8Array, at: number): number {
  for (;;) {
    const length = bytes[at] ?? 0
    if (length === 0) return at + 1
    if (length >= POINTER) return at + 2
    at += length + 1
  }
}

/**
 * The text of a name that checkName has passed, without the trailing dot (the root is `""`). `texts` decides the case:
 * LOWER_TEXT (the default) or EXACT_TEXT.
 */
export function readName(bytes: Uint8Array, at: number, texts: readonly string[] = LOWER_TEXT): string {
  let name = ''
  for (let steps = 0; steps < MAX_STEPS; steps++) {
    const length = bytes[at] ?? 0
    if (length === 0) return name
    if (length >= POINTER) {
      at = ((length & 0x3f) << 8) | bytes[at + 1]!
      continue
    }
    const end = at + 1 + length
    if (name !== '') name += '.'
    for (let index = at + 1; index < end; index++) name += texts[bytes[index]!]!
    at = end
  }
  return name
}
