// What a vantage may be configured as, and the sentence that stops the boot when it is not. The value comes from
// FLUXWATCH_VANTAGES; reading the environment is config.ts's business.
import { parseServerAddress } from './server-address.ts'
import { parseClientSubnet } from './wire/client-subnet.ts'

export type VantageConfig = PlainVantageConfig | DotVantageConfig | DohVantageConfig | DirectVantageConfig

interface AnyVantageConfig {
  /** Appears in every observation: `[a-z0-9][a-z0-9-]{0,31}`, unique. */
  readonly id: string
  /** Questions per second at most. @defaultValue 50 */
  readonly qps?: number
  /** How long the first attempt waits; the second waits 4/3 and the third twice as long. @defaultValue 1500 */
  readonly timeoutMs?: number
  /** Questions that may wait for a reply at the same time; more wait for their turn. @defaultValue 1000 */
  readonly maxInFlight?: number
}

interface ResolverVantageConfig extends AnyVantageConfig {
  /** Client subnet that is sent with every question, e.g. `203.0.113.0/24`; none by default. */
  readonly ecs?: string
}

export interface PlainVantageConfig extends ResolverVantageConfig {
  /** `tcp` keeps connections open and pipelines: on most machines it costs less than half of `udp`. */
  readonly protocol: 'udp' | 'tcp'
  /** `ip:port` or `[v6]:port`; without a port 53. */
  readonly server: string
  /** Connections at most, `tcp` only. @defaultValue 2 */
  readonly connections?: number
}

export interface DotVantageConfig extends ResolverVantageConfig {
  readonly protocol: 'dot'
  /** `ip:port` or `[v6]:port`; without a port 853. */
  readonly server: string
  /** The name that the server's certificate must be for, e.g. `dns.quad9.net`; without it, the address. */
  readonly tlsName?: string
  /** PEM file of the authorities to trust instead of the system's. */
  readonly caFile?: string
  readonly connections?: number
}

export interface DohVantageConfig extends ResolverVantageConfig {
  readonly protocol: 'doh'
  /** https only, e.g. `https://dns.quad9.net/dns-query`. */
  readonly url: string
  /** Address of the URL's host: required where that is a name, since nothing resolves it for us. */
  readonly address?: string
  /** @defaultValue POST */
  readonly method?: 'GET' | 'POST'
  readonly caFile?: string
}

export interface DirectVantageConfig extends AnyVantageConfig {
  readonly protocol: 'direct'
  /** Addresses of root servers; the walk begins there. */
  readonly rootHints: readonly string[]
  /** Where authorities listen. @defaultValue 53 */
  readonly port?: number
  /** Questions per second to one authority's address at most. @defaultValue 5 */
  readonly qpsPerAuthority?: number
  /** Lets special-purpose addresses be asked (RFC 6890): for a lab only. @defaultValue false */
  readonly allowSpecialPurpose?: boolean
}

/** Questions per second of a vantage whose entry does not say. Hand-set. */
export const DEFAULT_QPS = 50

/**
 * Three operators that share nothing, each by its UNFILTERED service: a filtering resolver answers NXDOMAIN or a block
 * page for just the names that we watch, which would hide the flux (9.9.9.10 is Quad9 without its block list; 1.1.1.1
 * and 8.8.8.8 do not filter). The rate is hand-set, far below what public resolvers are known to bear.
 */
export const DEFAULT_VANTAGES: readonly VantageConfig[] = [
  { id: 'quad9', protocol: 'udp', server: '9.9.9.10:53', qps: 20 },
  { id: 'cloudflare', protocol: 'udp', server: '1.1.1.1:53', qps: 20 },
  { id: 'google', protocol: 'udp', server: '8.8.8.8:53', qps: 20 },
]

const NAME = 'FLUXWATCH_VANTAGES'
const ID = /^[a-z0-9][a-z0-9-]{0,31}$/
const UNSUPPORTED = ['dot', 'doh', 'direct']
const MAX_TIMEOUT_MS = 60_000

/** A problem with one field, as a sentence without the place; null when the field is right. */
type FieldCheck = (value: unknown) => string | null

const FIELDS: Readonly<Record<keyof VantageConfig, FieldCheck>> = {
  id: (value) =>
    typeof value === 'string' && ID.test(value)
      ? null
      : `expected lower-case letters, digits and hyphens (at most 32), got ${shown(value)}`,
  protocol: (value) => {
    if (value === 'udp' || value === 'tcp') return null
    if (typeof value === 'string' && UNSUPPORTED.includes(value))
      return `${shown(value)} is not supported by this version; use udp or tcp`
    return `expected udp or tcp, got ${shown(value)}`
  },
  server: (value) => {
    if (typeof value !== 'string') return `expected ip:port or [v6]:port, got ${shown(value)}`
    const server = parseServerAddress(value)
    return typeof server === 'string' ? server : null
  },
  qps: (value) =>
    typeof value === 'number' && Number.isFinite(value) && value > 0
      ? null
      : `expected a number above 0, got ${shown(value)}`,
  ecs: (value) =>
    typeof value === 'string' && parseClientSubnet(value) !== null
      ? null
      : `expected a network such as 203.0.113.0/24, got ${shown(value)}`,
  timeoutMs: (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_TIMEOUT_MS
      ? null
      : `expected whole milliseconds from 1 to ${MAX_TIMEOUT_MS}, got ${shown(value)}`,
}

const REQUIRED: readonly (keyof VantageConfig)[] = ['id', 'protocol', 'server']

/**
 * Checks the parsed JSON of FLUXWATCH_VANTAGES. Throws an Error whose message names the entry and the field, such as
 * `FLUXWATCH_VANTAGES[1].server: "dns.example" is a host name; give the resolver's IP address`.
 */
export function parseVantageConfigs(value: unknown): VantageConfig[] {
  if (!Array.isArray(value)) throw new Error(`${NAME}: expected a list of vantages, got ${shown(value)}`)
  if (value.length === 0) throw new Error(`${NAME}: expected at least one vantage, got an empty list`)
  const entries = value.map((entry: unknown, index) => parseEntry(entry, `${NAME}[${index}]`))
  for (const [index, { id }] of entries.entries()) {
    const first = entries.findIndex((entry) => entry.id === id)
    if (first < index)
      throw new Error(`${NAME}[${index}].id: ${shown(id)} is already the id of ${NAME}[${first}]`)
  }
  return entries
}

function parseEntry(entry: unknown, place: string): VantageConfig {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
    throw new Error(`${place}: expected an object, got ${shown(entry)}`)
  const fields = new Map<string, unknown>(Object.entries(entry))
  // Fields in the order of FIELDS, so that an unsupported protocol is named before the keys that only it knows.
  for (const [name, check] of Object.entries(FIELDS)) {
    const required = REQUIRED.some((field) => field === name)
    if (!fields.has(name) && !required) continue
    const problem = fields.has(name) ? check(fields.get(name)) : 'is missing'
    if (problem !== null) throw new Error(`${place}.${name}: ${problem}`)
  }
  for (const name of fields.keys())
    if (!Object.hasOwn(FIELDS, name))
      throw new Error(`${place}.${name}: unknown key; known are ${Object.keys(FIELDS).join(', ')}`)
  return { ...(entry as VantageConfig) }
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? String(value)
}
