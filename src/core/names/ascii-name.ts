// Brings a host text to its A-label form and back. The mapping (UTS 46, non-transitional: case, NFC, the four dots, Punycode)
// is Node's; it is never the judge, because on its own it lets `a..b` pass and turns `0x7f.1` into an address.
import { domainToASCII, domainToUnicode } from 'node:url'
import { codePointName, quoted, refuse } from './name-refusal.ts'
import type { RefusedName } from './name-refusal.ts'

// A letter as the last label keeps the mapping from reading the name as an IPv4 number.
const SHIELD = '.a'

// 127 labels of one octet, and what follows the trailing dot. Checked first, because mapping a label has its price.
const MOST_PARTS = 128

/** A name in lower-case ASCII. Its labels are not judged yet. */
export interface AsciiName {
  readonly ok: true
  readonly ascii: string
}

/** The host in lower-case A-label form, a trailing dot kept. Refuses characters that have no place in a name. */
export function toAsciiName(host: string): AsciiName | RefusedName {
  // Before the mapping: it would percent-decode, cut at "/" and drop tabs as a URL parser does.
  const bad = /[\0-,/:-@[-^`{-\x7f]/.exec(host)
  if (bad !== null) {
    const shown = quoted(bad[0]).slice(1, -1)
    const named = shown === codePointName(bad[0]) ? shown : `${quoted(shown)} (${codePointName(bad[0])})`
    return refuse(
      'bad_character',
      `The character ${named} at position ${bad.index + 1} of ${quoted(host)} cannot be in a name.`,
    )
  }
  if (isAscii(host)) return { ok: true, ascii: host.toLowerCase() }
  // Label by label: the mapping judges no label by its neighbours, and a refusal can name the one.
  const parts = host.split(/[.\u3002\uff0e\uff61]/u)
  if (parts.length > MOST_PARTS) {
    return refuse('name_too_long', `The name has ${parts.length} labels; no name of 253 octets has so many.`)
  }
  const labels: string[] = []
  for (const label of parts) {
    const ascii = isAscii(label) ? label.toLowerCase() : mapped(label)
    if (ascii === null) {
      const position = labels.length + 1
      return refuse('bad_unicode', `Label ${position}, ${quoted(label)}, is not allowed in a name by UTS 46.`)
    }
    labels.push(ascii)
  }
  return { ok: true, ascii: labels.join('.') }
}

/** The Unicode form of a name; labels that are no A-labels stay as they are. */
export function toUnicodeName(name: string): string {
  return name.includes('xn--') ? domainToUnicode(name + SHIELD).slice(0, -SHIELD.length) : name
}

/** Whether a label that begins with `xn--` stands for a Unicode label, and is the one way to write it. */
export function isALabel(label: string): boolean {
  const unicode = toUnicodeName(label)
  return !isAscii(unicode) && mapped(unicode) === label
}

function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text)
}

// Null also for what the mapping lets through though no name can hold it: "⑴" becomes "(1)".
function mapped(text: string): string | null {
  const ascii = domainToASCII(text + SHIELD)
  return /^[a-z0-9_.-]+$/.test(ascii) && ascii.endsWith(SHIELD) ? ascii.slice(0, -SHIELD.length) : null
}
