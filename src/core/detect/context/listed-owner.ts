// Whether an AS owner's name begins with a listed one. The databases spell one owner in several ways ("Akamai Technologies,
// Inc.", "AKAMAI-ASN1"), so whole words count, whatever stands between them.
import { OWNER_LIST } from './catalogue.ts'

const WORD = /[a-z0-9]+/g
const BY_FIRST_WORD: ReadonlyMap<string, readonly string[]> = Map.groupBy(
  OWNER_LIST.entries.map(({ entry }) => entry),
  (entry) => entry.split(' ')[0]!,
)

/** The longest listed beginning; null when there is none. */
export function listedOwner(organisation: string): string | null {
  const candidates = BY_FIRST_WORD.get(firstWord(organisation))
  if (candidates === undefined) return null
  const words = ` ${(organisation.toLowerCase().match(WORD) ?? []).join(' ')} `
  const matches = candidates.filter((entry) => words.startsWith(` ${entry} `))
  return matches.toSorted((a, b) => b.length - a.length)[0] ?? null
}

/** Nearly all owners end here: no regular expression for them. */
function firstWord(text: string): string {
  let end = 0
  while (end < text.length && isWordCode(text.charCodeAt(end))) end += 1
  return text.slice(0, end).toLowerCase()
}

function isWordCode(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a)
}
