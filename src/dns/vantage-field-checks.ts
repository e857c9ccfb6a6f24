// What each field of an entry of FLUXWATCH_VANTAGES may hold. Which fields an entry of a protocol has, and the place in the
// sentence, is vantage-config.ts's business.
import { isIP } from 'node:net'
import { parseAddress } from '../core/net/address.ts'
import { specialPurpose } from '../core/net/special-purpose.ts'
import { DEFAULT_PORTS, parseServerAddress } from './server-address.ts'
import { parseClientSubnet } from './wire/client-subnet.ts'

/** A problem with one field, as a sentence without the place; null when the field is right. */
export type FieldCheck = (value: unknown) => string | null

const ID = /^[a-z0-9][a-z0-9-]{0,31}$/
const HOST_NAME = /^(?=.{1,253}$)(?!-)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*\.[a-z][a-z0-9-]{0,62}$/i
const MAX_TIMEOUT_MS = 60_000
const MAX_JITTER_MS = 10_000
const MAX_IN_FLIGHT = 100_000
const MAX_CONNECTIONS = 64
const MAX_ROOT_HINTS = 64

export const id: FieldCheck = (value) =>
  typeof value === 'string' && ID.test(value)
    ? null
    : `expected lower-case letters, digits and hyphens (at most 32), got ${shown(value)}`

export const plainServer: FieldCheck = (value) => serverProblem(value, DEFAULT_PORTS.plain)
export const dotServer: FieldCheck = (value) => serverProblem(value, DEFAULT_PORTS.dot)

export const rate: FieldCheck = (value) =>
  typeof value === 'number' && Number.isFinite(value) && value > 0
    ? null
    : `expected a number above 0, got ${shown(value)}`

export const clientSubnet: FieldCheck = (value) =>
  typeof value === 'string' && parseClientSubnet(value) !== null
    ? null
    : `expected a network such as 203.0.113.0/24, got ${shown(value)}`

export const timeoutMs = wholeNumber(1, MAX_TIMEOUT_MS, 'whole milliseconds')
export const jitterMs = wholeNumber(0, MAX_JITTER_MS, 'whole milliseconds')
export const inFlight = wholeNumber(1, MAX_IN_FLIGHT, 'a whole number')
export const connections = wholeNumber(1, MAX_CONNECTIONS, 'a whole number')
export const port = wholeNumber(1, 65_535, 'a port')

export const hostName: FieldCheck = (value) =>
  typeof value === 'string' && HOST_NAME.test(value)
    ? null
    : `expected a host name such as dns.quad9.net, got ${shown(value)}`

export const path: FieldCheck = (value) =>
  typeof value === 'string' && value !== '' ? null : `expected the path of a file, got ${shown(value)}`

export const address: FieldCheck = (value) =>
  typeof value === 'string' && isIP(value) !== 0 && !value.includes('%')
    ? null
    : `expected an IP address, got ${shown(value)}`

export const method: FieldCheck = (value) =>
  value === 'GET' || value === 'POST' ? null : `expected GET or POST, got ${shown(value)}`

export const flag: FieldCheck = (value) =>
  typeof value === 'boolean' ? null : `expected true or false, got ${shown(value)}`

/** RFC 8484, section 4.1.1: https; the `{?dns}` of a published template may stay, GET adds it by itself. */
export const dohUrl: FieldCheck = (value) => {
  const wanted = 'expected an https URL such as https://dns.quad9.net/dns-query'
  const text = typeof value === 'string' ? value.replace(/\{\?dns\}$/, '') : ''
  if (!URL.canParse(text)) return `${wanted}, got ${shown(value)}`
  const url = new URL(text)
  if (url.protocol !== 'https:') return `${wanted}, got ${shown(value)}`
  // Never shown: a password may stand there.
  if (url.username !== '' || url.password !== '') return `${wanted}, without user and password`
  if (url.hash !== '' || /[{}]/.test(text)) return `${wanted}, got ${shown(value)}`
  return null
}

export const rootHints: FieldCheck = (value) => {
  const wanted = "expected a list of root servers' IP addresses"
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_ROOT_HINTS)
    return `${wanted} (1 to ${MAX_ROOT_HINTS}), got ${shown(value)}`
  const wrong = value.find((hint) => address(hint) !== null) as unknown
  return wrong === undefined ? null : `${wanted}, got ${shown(wrong)} in it`
}

/** Nothing resolves the host of a DoH URL for us: it is an address, or its address is given beside it. */
export function hostOfUrlIsKnown(fields: ReadonlyMap<string, unknown>) {
  const host = new URL(String(fields.get('url'))).hostname
  if (isIP(host.replace(/^\[|\]$/g, '')) !== 0 || fields.has('address')) return null
  return {
    field: 'address',
    problem: `is missing; nothing resolves ${shown(host)} for us, give its IP address`,
  }
}

/** A hint that the walk would refuse to ask makes a vantage that never sees anything. */
export function hintsMayBeAsked(fields: ReadonlyMap<string, unknown>) {
  if (fields.get('allowSpecialPurpose') === true) return null
  const hints = fields.get('rootHints') as readonly string[]
  for (const hint of hints) {
    const parsed = parseAddress(hint)
    if (parsed === null || specialPurpose(parsed)?.globallyReachable !== false) continue
    const problem = `${shown(hint)} is a special-purpose address, which is never asked unless allowSpecialPurpose is true`
    return { field: 'rootHints', problem }
  }
  return null
}

/** A value as a sentence shows it; long ones are cut. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length <= 120 ? text : `${text.slice(0, 119)}…`
}

function serverProblem(value: unknown, defaultPort: number): string | null {
  if (typeof value !== 'string') return `expected ip:port or [v6]:port, got ${shown(value)}`
  const server = parseServerAddress(value, defaultPort)
  return typeof server === 'string' ? server : null
}

function wholeNumber(least: number, most: number, what: string): FieldCheck {
  return (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
      ? null
      : `expected ${what} from ${least} to ${most}, got ${shown(value)}`
}
