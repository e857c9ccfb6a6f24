// How the octets of a label become text (RFC 1035, section 5.1; RFC 4343, section 2.1). Tables, because this is the
// hottest loop of the decoder.

/** Characters that mean something in a zone file, and so carry a backslash. */
const SPECIAL = new Set('."\\();@$')

function textOf(octet: number): string {
  if (octet <= 0x20 || octet >= 0x7f) return `\\${String(octet).padStart(3, '0')}`
  const character = String.fromCharCode(octet)
  return SPECIAL.has(character) ? `\\${character}` : character
}

/** The text of each octet, its case kept. */
export const EXACT_TEXT: readonly string[] = Array.from({ length: 256 }, (_, octet) => textOf(octet))

/** The text of each octet, ASCII letters in lower case (names compare so: RFC 4343). */
export const LOWER_TEXT: readonly string[] = EXACT_TEXT.map((text) => text.toLowerCase())
