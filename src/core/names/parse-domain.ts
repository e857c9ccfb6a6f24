// The one door for names from outside: what is a domain that can be watched, and in which form it is kept. Taking the
// host out of a URL is refang.ts's part, the alphabet ascii-name.ts's, and what is registrable registrable-domain.ts's.
import { isAddressNotation } from './address-notation.ts'
import { isALabel, toAsciiName, toUnicodeName } from './ascii-name.ts'
import { quoted, refuse } from './name-refusal.ts'
import type { RefusedName } from './name-refusal.ts'
import { refang } from './refang.ts'
import { registrableDomain } from './registrable-domain.ts'
import { specialUseTop } from './special-use.ts'

const LONGEST_INPUT = 2048
const LONGEST_LABEL = 63
// RFC 1035 allows 255 octets on the wire: the length octets and the root leave 253 for the text.
const LONGEST_NAME = 253

export interface ParsedName {
  readonly ok: true
  /** A-labels, lower case, no trailing dot. */
  readonly name: string
  /** The same name for the eyes of people. */
  readonly unicode: string
  /** Registrable domain by the ICANN section of the public suffix list, in A-label form. */
  readonly registrable: string
  /** The input was a URL, was defanged, or was in quotes or angle brackets. */
  readonly refanged: boolean
}

/**
 * Reads one domain name: plain, Unicode, defanged, or inside a URL.
 *
 * Never throws, whatever it is given. Idempotent: the `name` it answers parses to itself. The work is bounded: inputs
 * of more than 2048 characters are refused unread. Names under top-level domains that nobody knows are accepted.
 * Not judged: whether the name exists, and look-alike characters.
 */
export function parseDomain(input: unknown): ParsedName | RefusedName {
  if (typeof input !== 'string') return refuse('not_a_string', `Expected a string, got ${typeName(input)}.`)
  if (input.length > LONGEST_INPUT) {
    return refuse(
      'input_too_long',
      `The input has ${input.length} characters; at most ${LONGEST_INPUT} are read.`,
    )
  }
  const found = refang(input)
  if (!found.ok) return found
  if (found.host === '') return refuse('empty', `There is no name in ${quoted(input)}.`)
  if (isAddressNotation(found.host)) return addressRefusal(found.host)

  const mapped = toAsciiName(found.host)
  if (!mapped.ok) return mapped
  // Once more: the mapping turns full-width and circled digits into plain ones.
  if (isAddressNotation(mapped.ascii)) return addressRefusal(found.host)
  const name = mapped.ascii.endsWith('.') ? mapped.ascii.slice(0, -1) : mapped.ascii
  if (name === '') return refuse('empty', 'The input names the DNS root, or nothing at all.')

  const labels = name.split('.')
  for (const [index, label] of labels.entries()) {
    const refused = labelRefusal(label, index + 1)
    if (refused !== null) return refused
  }
  if (name.length > LONGEST_NAME) {
    return refuse('name_too_long', `The name has ${name.length} octets; DNS allows ${LONGEST_NAME}.`)
  }
  const special = specialUseTop(name)
  if (special !== null) {
    return refuse(
      'special_use',
      `Names under .${special.top} are never resolved in the public DNS (${special.source}).`,
    )
  }
  if (labels.length === 1)
    return refuse('single_label', `${quoted(name)} is a single label, not a domain name.`)
  const registrable = registrableDomain(name)
  if (registrable === null) {
    return refuse(
      'public_suffix',
      `${quoted(name)} is a public suffix: nobody's own domain, but many people's parent.`,
    )
  }
  return { ok: true, name, unicode: toUnicodeName(name), registrable, refanged: found.refanged }
}

function labelRefusal(label: string, position: number): RefusedName | null {
  if (label === '') return refuse('empty_label', `Label ${position} is empty.`)
  const shown = `Label ${position}, ${quoted(label)},`
  if (label.length > LONGEST_LABEL) {
    return refuse('label_too_long', `${shown} has ${label.length} octets; DNS allows ${LONGEST_LABEL}.`)
  }
  const isEncoded = label.startsWith('xn--')
  if (isEncoded && !isALabel(label))
    return refuse('bad_a_label', `${shown} is not valid Punycode of a Unicode label.`)
  // The Unicode form too, or a hyphen could hide inside of the encoding.
  const forms = isEncoded ? [label, toUnicodeName(label)] : [label]
  if (forms.some((form) => form.startsWith('-') || form.endsWith('-'))) {
    return refuse('bad_hyphen', `${shown} begins or ends with a hyphen.`)
  }
  return null
}

function addressRefusal(host: string): RefusedName {
  return refuse('ip_address', `${quoted(host)} is written as an IP address; only names can be watched.`)
}

function typeName(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'an array' : typeof value
}
