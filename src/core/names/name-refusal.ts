// The closed vocabulary of why an input is not taken as a domain name. The docs and the API show these codes, so a code
// never changes its meaning. Which code applies is decided in parse-domain.ts and the files it calls.

/** Every refusal code with its meaning in one line. The one list. */
export const NAME_REFUSALS = {
  not_a_string: 'The item is not a string.',
  input_too_long: 'The input has more than 2048 characters.',
  empty: 'There is no name in the input.',
  empty_label: 'Two dots follow each other, or the name begins with a dot.',
  label_too_long: 'A label has more than 63 octets in its A-label form (RFC 1035, section 2.3.4).',
  name_too_long: 'The name has more than 253 octets in its A-label form (RFC 1035, section 2.3.4).',
  bad_character: 'A character is not a letter, a digit, a hyphen, an underscore or a dot.',
  bad_hyphen: 'A label begins or ends with a hyphen (RFC 952, RFC 1123 section 2.1).',
  bad_a_label:
    'A label begins with xn-- but is not the A-label of any Unicode label (RFC 5890, section 2.3.2.1).',
  bad_unicode: 'A label holds characters that UTS 46 does not allow in a name.',
  bad_port: 'What follows the colon is not a port number.',
  ip_address: 'The input is an IP address, in whatever notation, and not a name.',
  single_label: 'The name has one label only.',
  public_suffix:
    'The name is a suffix under which registries sell names (ICANN section of the public suffix list).',
  special_use: 'Names under this top are never resolved in the public DNS (RFC 6761 and its successors).',
} as const

export type NameRefusal = keyof typeof NAME_REFUSALS

/** A refused input: the code for programs, the sentence for people. */
export interface RefusedName {
  readonly ok: false
  readonly code: NameRefusal
  /** One sentence that names what is wrong and where. Never longer than about 200 characters. */
  readonly reason: string
}

export function refuse(code: NameRefusal, reason: string): RefusedName {
  return { ok: false, code, reason }
}

/** Text as a reason may show it: cut at 40 characters, control, format and space characters spelled as code points. */
export function quoted(text: string): string {
  const characters = [...text]
  const shown = characters
    .slice(0, 40)
    .map((character) => (/^[\p{C}\p{Z}]$/u.test(character) ? codePointName(character) : character))
  return `"${shown.join('')}${characters.length > 40 ? '…' : ''}"`
}

/** `U+0020` for a space. */
export function codePointName(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}
