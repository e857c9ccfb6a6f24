// Names that the public DNS never resolves, so that probing them could only mislead. `.example`, `.test` and `.invalid`
// are left alone on purpose: documentation and lab networks use them.
import { isSubdomainOf } from './registrable-domain.ts'

const NEVER_PUBLIC = [
  { top: 'localhost', source: 'RFC 6761' },
  { top: 'local', source: 'RFC 6762' },
  { top: 'onion', source: 'RFC 7686' },
  { top: 'home.arpa', source: 'RFC 8375' },
  { top: 'alt', source: 'RFC 9476' },
  { top: 'internal', source: 'ICANN Board, 29 July 2024' },
] as const

/** The special-use top that the name is or lies under, with its source; null for all others. `name` is in A-label form. */
export function specialUseTop(name: string): { readonly top: string; readonly source: string } | null {
  return NEVER_PUBLIC.find(({ top }) => isSubdomainOf(name, top)) ?? null
}
