// Which part of a name somebody registered, and which names lie under which. Rests on the public suffix list that tldts
// carries. Names must be A-labels in lower case already: judging a name is parse-domain.ts's business.
import { getDomain } from 'tldts'

// ICANN section only: under a private suffix (github.io, duckdns.org) everybody shares one registration and its name
// servers, and it is those that fluxwatch watches. Without the checks of tldts, which would refuse underscores.
const ICANN_ONLY = {
  allowIcannDomains: true,
  allowPrivateDomains: false,
  extractHostname: false,
  validateHostname: false,
  detectIp: false,
} as const

/**
 * The registrable domain of a name: the public suffix and the one label before it.
 *
 * `name`: an A-label name, lower case, without the trailing dot. A top-level domain that is not on the list falls under the default
 * rule `*`. Null when the name is itself a public suffix, or has one label.
 * Source: publicsuffix.org, ICANN section, as of the installed tldts.
 */
export function registrableDomain(name: string): string | null {
  return getDomain(name, ICANN_ONLY)
}

/**
 * Whether `name` is `ancestor` or lies under it. A name counts as its own subdomain (as in bailiwick checks); the root,
 * `""`, is above everything. Both: A-label names, lower case, without the trailing dot.
 */
export function isSubdomainOf(name: string, ancestor: string): boolean {
  if (ancestor === '' || name === ancestor) return true
  return (
    name.length > ancestor.length &&
    name.endsWith(ancestor) &&
    name[name.length - ancestor.length - 1] === '.'
  )
}
