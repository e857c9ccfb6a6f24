// What a vantage may be configured as, and the sentence that stops the boot when it is not. The value comes from
// FLUXWATCH_VANTAGES; reading the environment is config.ts's business.
import type { FieldCheck } from './vantage-field-checks.ts'
import * as check from './vantage-field-checks.ts'

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
  /** Each question waits a random time up to this before it takes its turn; milliseconds. @defaultValue 100 */
  readonly jitterMs?: number
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

/** Of a vantage whose entry does not say; milliseconds. Hand-set: longer than what is due in one tick takes to leave. */
export const DEFAULT_JITTER_MS = 100

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

type Fields = ReadonlyMap<string, unknown>

/** What an entry of one protocol may and must have. The order is the one in which problems are looked for. */
interface EntryForm {
  readonly required: Readonly<Record<string, FieldCheck>>
  readonly optional: Readonly<Record<string, FieldCheck>>
  /** What no field shows alone: the field to blame and the sentence; null when all is well. */
  readonly together?: (fields: Fields) => { readonly field: string; readonly problem: string } | null
}

const ANY = {
  qps: check.rate,
  timeoutMs: check.timeoutMs,
  maxInFlight: check.inFlight,
  jitterMs: check.jitterMs,
}
const RESOLVER = { ...ANY, ecs: check.clientSubnet }

const FORMS: Readonly<Record<VantageConfig['protocol'], EntryForm>> = {
  udp: { required: { server: check.plainServer }, optional: RESOLVER },
  tcp: { required: { server: check.plainServer }, optional: { ...RESOLVER, connections: check.connections } },
  dot: {
    required: { server: check.dotServer },
    optional: {
      ...RESOLVER,
      connections: check.connections,
      tlsName: check.hostName,
      caFile: check.path,
    },
  },
  doh: {
    required: { url: check.dohUrl },
    optional: { ...RESOLVER, address: check.address, method: check.method, caFile: check.path },
    together: check.hostOfUrlIsKnown,
  },
  direct: {
    required: { rootHints: check.rootHints },
    optional: {
      ...ANY,
      port: check.port,
      qpsPerAuthority: check.rate,
      allowSpecialPurpose: check.flag,
    },
    together: check.hintsMayBeAsked,
  },
}

/**
 * Checks the parsed JSON of FLUXWATCH_VANTAGES. Throws an Error whose message names the entry and the field, such as
 * `FLUXWATCH_VANTAGES[1].server: "dns.example" is a host name; give the resolver's IP address`.
 */
export function parseVantageConfigs(value: unknown): VantageConfig[] {
  if (!Array.isArray(value))
    throw new Error(`${NAME}: expected a list of vantages, got ${check.shown(value)}`)
  if (value.length === 0) throw new Error(`${NAME}: expected at least one vantage, got an empty list`)
  const entries = value.map((entry: unknown, index) => parseEntry(entry, `${NAME}[${index}]`))
  for (const [index, { id }] of entries.entries()) {
    const first = entries.findIndex((entry) => entry.id === id)
    if (first < index)
      throw new Error(`${NAME}[${index}].id: ${check.shown(id)} is already the id of ${NAME}[${first}]`)
  }
  return entries
}

function parseEntry(entry: unknown, place: string): VantageConfig {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
    throw new Error(`${place}: expected an object, got ${check.shown(entry)}`)
  const fields = new Map<string, unknown>(Object.entries(entry))
  const judge = (name: string, isRight: FieldCheck, required: boolean): void => {
    if (!fields.has(name) && !required) return
    const problem = fields.has(name) ? isRight(fields.get(name)) : 'is missing'
    if (problem !== null) throw new Error(`${place}.${name}: ${problem}`)
  }
  judge('id', check.id, true)
  judge('protocol', protocol, true)
  const { required, optional, together } = FORMS[fields.get('protocol') as VantageConfig['protocol']]
  for (const [name, isRight] of Object.entries(required)) judge(name, isRight, true)
  for (const [name, isRight] of Object.entries(optional)) judge(name, isRight, false)
  const known = ['id', 'protocol', ...Object.keys(required), ...Object.keys(optional)]
  for (const name of fields.keys())
    if (!known.includes(name)) throw new Error(`${place}.${name}: unknown key; known are ${known.join(', ')}`)
  const wrong = together?.(fields) ?? null
  if (wrong !== null) throw new Error(`${place}.${wrong.field}: ${wrong.problem}`)
  return { ...(entry as VantageConfig) }
}

function protocol(value: unknown): string | null {
  return typeof value === 'string' && Object.hasOwn(FORMS, value)
    ? null
    : `expected udp, tcp, dot, doh or direct, got ${check.shown(value)}`
}
