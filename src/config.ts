// The only reader of process.env. Turns FLUXWATCH_* variables and the optional file into one checked, frozen object.
// Decides what a value may be; what it means is the business of the room that gets it.
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse as parseYaml } from 'yaml'
import { splitKeyEntry } from './core/model/tenant.ts'
import { parseCidr, type Cidr } from './core/net/cidr.ts'
import { ClickHouseUrlError, parseClickHouseUrl, type ClickHousePlace } from './core/net/clickhouse-url.ts'
import { parseRedisUrl, RedisUrlError } from './core/net/redis-url.ts'

export interface Config {
  readonly host: string
  readonly port: number
  /** Null: `serve` starts its own redis-server. */
  readonly redisUrl: string | null
  /** PEM text of the authorities that a Redis over TLS is checked by. Null: the system's. */
  readonly redisCa: string | null
  /** An intake is answered only when so many replicas hold it. */
  readonly redisReplicas: number
  /** Where history is kept. Null: in SQLite, in the data folder. */
  readonly clickhouse: (ClickHousePlace & { readonly cluster: string | null }) | null
  readonly dataDirectory: string
  /** As given: `fw_live_…` in clear, or `sha256:<hex>`; each may be a tenant's: `acme=fw_live_…`. */
  readonly apiKeys: readonly string[]
  /** Shares of the probing when not all can be probed in time; 1 for who is not in it. */
  readonly tenantWeights: ReadonlyMap<string, number>
  /** Intake is refused while so many targets are watched, or while the latest of them is so late. Null: no such limit. */
  readonly maxTargets: number | null
  readonly maxLagSeconds: number | null
  /** Not checked here: dns/ knows what a vantage may be. Null: its defaults. */
  readonly vantages: unknown
  readonly asnMmdb: string | null
  readonly countryMmdb: string | null
  /** File of those who asked not to be probed. Null: nobody has. */
  readonly optOut: string | null
  /** Looks up the names of addresses (PTR) through the vantages that are resolvers. */
  readonly ptr: { readonly enabled: boolean; readonly qps: number }
  /** How UDP is sent: `auto` takes the batched engine where it loads, and the plain one elsewhere. */
  readonly udpEngine: UdpEngineChoice
  readonly webhookAllow: readonly Cidr[]
  /** Seconds; no target is probed more often than this. Null: the policy's default. */
  readonly minIntervalSeconds: number | null
  /** Observations older than this are removed from history. */
  readonly historyDays: number
  /** What may wait in Redis for a history that is down or slow; beyond it rounds are committed without their observations. */
  readonly historyBacklogOctets: number
  /** Worker processes of `serve`; 0: it probes in its own process. Null: as many as the machine has use for. */
  readonly workers: number | null
  /** The file behind these settings; null without one. */
  readonly configFile: string | null
  readonly logLevel: string
}

export type UdpEngineChoice = 'auto' | 'plain' | 'batched'

/** A value that cannot be used; the message names the variable and what it should be. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** Hand-set: a new network of 500 addresses is named within two minutes, beside the 20 a second of a default vantage. */
const DEFAULT_PTR_QPS = 5

/** Hand-set: `HISTORY_BACKLOG_OCTETS` says what that is good for. */
const DEFAULT_BACKLOG_MIB = 256
const MIB = 1024 * 1024

/** Hand-set: far beyond what one Redis can feed. */
const MOST_WORKERS = 64

type Source = Readonly<Record<string, unknown>>

/** More replicas of one master than anybody waits for. */
const MOST_REPLICAS = 5

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']

const SWITCH = ['on', 'off'] as const
const UDP_ENGINES: readonly UdpEngineChoice[] = ['auto', 'plain', 'batched']

const KNOWN = new Set([
  'FLUXWATCH_HOST',
  'FLUXWATCH_PORT',
  'FLUXWATCH_DATA_DIR',
  'FLUXWATCH_API_KEYS',
  'FLUXWATCH_TENANT_WEIGHTS',
  'FLUXWATCH_MAX_TARGETS',
  'FLUXWATCH_MAX_LAG',
  'FLUXWATCH_VANTAGES',
  'FLUXWATCH_ASN_MMDB',
  'FLUXWATCH_COUNTRY_MMDB',
  'FLUXWATCH_OPT_OUT',
  'FLUXWATCH_PTR',
  'FLUXWATCH_PTR_QPS',
  'FLUXWATCH_UDP_ENGINE',
  'FLUXWATCH_WEBHOOK_ALLOW',
  'FLUXWATCH_MIN_INTERVAL',
  'FLUXWATCH_HISTORY_DAYS',
  'FLUXWATCH_HISTORY_BACKLOG',
  'FLUXWATCH_WORKERS',
  'FLUXWATCH_REDIS_CA',
  'FLUXWATCH_REDIS_REPLICAS',
  'FLUXWATCH_LOG_LEVEL',
  'FLUXWATCH_CONFIG',
  'REDIS_URL',
  'CLICKHOUSE_URL',
  'FLUXWATCH_CLICKHOUSE_CLUSTER',
])

/**
 * Reads the configuration; a variable of the environment wins over the same key of the file (`FLUXWATCH_CONFIG`, YAML or
 * JSON, keys named like the variables). Throws `ConfigError` on an unknown key or a value that cannot be used.
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const source = merge(environment)
  const text = (name: string): string | null => readText(source, name)
  const redisUrl = checkRedisUrl(text('REDIS_URL'))
  return Object.freeze({
    host: text('FLUXWATCH_HOST') ?? '127.0.0.1',
    port: readInteger(source, 'FLUXWATCH_PORT', 0, 65_535) ?? 8080,
    redisUrl,
    redisCa: readAuthorities(text('FLUXWATCH_REDIS_CA'), redisUrl),
    redisReplicas: readReplicas(source, redisUrl),
    clickhouse: readClickHouse(text('CLICKHOUSE_URL'), text('FLUXWATCH_CLICKHOUSE_CLUSTER')),
    dataDirectory: resolve(text('FLUXWATCH_DATA_DIR') ?? './data'),
    apiKeys: readList(source, 'FLUXWATCH_API_KEYS').map(checkApiKey),
    tenantWeights: readWeights(source, 'FLUXWATCH_TENANT_WEIGHTS'),
    maxTargets: readInteger(source, 'FLUXWATCH_MAX_TARGETS', 1, 1_000_000_000),
    maxLagSeconds: readInteger(source, 'FLUXWATCH_MAX_LAG', 1, 30 * 86_400),
    vantages: readJson(source, 'FLUXWATCH_VANTAGES'),
    asnMmdb: text('FLUXWATCH_ASN_MMDB'),
    countryMmdb: text('FLUXWATCH_COUNTRY_MMDB'),
    optOut: text('FLUXWATCH_OPT_OUT'),
    ptr: Object.freeze({
      enabled: readChoice(source, 'FLUXWATCH_PTR', SWITCH, 'on') === 'on',
      qps: readInteger(source, 'FLUXWATCH_PTR_QPS', 1, 1000) ?? DEFAULT_PTR_QPS,
    }),
    udpEngine: readChoice(source, 'FLUXWATCH_UDP_ENGINE', UDP_ENGINES, 'auto'),
    webhookAllow: readList(source, 'FLUXWATCH_WEBHOOK_ALLOW').map(checkCidr),
    minIntervalSeconds: readInteger(source, 'FLUXWATCH_MIN_INTERVAL', 1, 86_400),
    historyDays: readInteger(source, 'FLUXWATCH_HISTORY_DAYS', 1, 36_500) ?? 90,
    historyBacklogOctets:
      MIB * (readInteger(source, 'FLUXWATCH_HISTORY_BACKLOG', 16, 1_048_576) ?? DEFAULT_BACKLOG_MIB),
    workers: readInteger(source, 'FLUXWATCH_WORKERS', 0, MOST_WORKERS),
    configFile: text('FLUXWATCH_CONFIG'),
    logLevel: readChoice(source, 'FLUXWATCH_LOG_LEVEL', LOG_LEVELS, 'info'),
  })
}

function merge(environment: NodeJS.ProcessEnv): Source {
  const own = Object.fromEntries(
    Object.entries(environment).filter(
      ([name, value]) => (name.startsWith('FLUXWATCH_') || KNOWN.has(name)) && value !== '',
    ),
  )
  const file = own['FLUXWATCH_CONFIG']
  const merged = { ...(file === undefined ? {} : readFile(file)), ...own }
  for (const name of Object.keys(merged)) {
    if (!KNOWN.has(name))
      throw new ConfigError(`${name} is not a setting of fluxwatch. Known are: ${[...KNOWN].join(', ')}.`)
  }
  return merged
}

function readFile(path: string): Source {
  let parsed: unknown
  try {
    parsed = parseYaml(readFileSync(path, 'utf8'))
  } catch (error) {
    // The first line only: the parser's next ones quote the file, and API keys may stand there.
    const [why] = (error instanceof Error ? error.message : String(error)).split('\n')
    throw new ConfigError(`FLUXWATCH_CONFIG: ${path} cannot be read: ${why?.replace(/:$/, '')}`)
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new ConfigError(
      `FLUXWATCH_CONFIG: ${path} must hold a mapping of settings, for example "FLUXWATCH_PORT: 8080".`,
    )
  }
  return parsed as Source
}

function readText(source: Source, name: string): string | null {
  const value = source[name]
  if (value === undefined || value === null || value === '') return null
  if (typeof value === 'object')
    throw new ConfigError(`${name} must be a text, not a ${Array.isArray(value) ? 'list' : 'mapping'}.`)
  return String(value)
}

function readInteger(source: Source, name: string, least: number, most: number): number | null {
  const text = readText(source, name)
  if (text === null) return null
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new ConfigError(`${name} is "${text}", but must be a whole number from ${least} to ${most}.`)
  }
  return value
}

function readChoice<Choice extends string>(
  source: Source,
  name: string,
  choices: readonly Choice[],
  fallback: Choice,
): Choice {
  const text = readText(source, name) ?? fallback
  const choice = choices.find((one) => one === text)
  if (choice === undefined)
    throw new ConfigError(`${name} is "${text}", but must be one of: ${choices.join(', ')}.`)
  return choice
}

/** A comma-separated text, or a list in the file. */
function readList(source: Source, name: string): string[] {
  const value = source[name]
  const parts = Array.isArray(value) ? value.map(String) : (readText(source, name)?.split(',') ?? [])
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

/** JSON text, or structured already when it comes from the file. */
function readJson(source: Source, name: string): unknown {
  const value = source[name]
  if (typeof value !== 'string') return value ?? null
  try {
    return JSON.parse(value)
  } catch (error) {
    throw new ConfigError(
      `${name} is not valid JSON: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

function checkRedisUrl(url: string | null): string | null {
  if (url === null) return null
  try {
    parseRedisUrl(url)
  } catch (error) {
    if (error instanceof RedisUrlError) throw new ConfigError(`REDIS_URL ${error.message}`)
    throw error
  }
  return url
}

function readClickHouse(url: string | null, cluster: string | null): Config['clickhouse'] {
  if (url === null) {
    if (cluster === null) return null
    throw new ConfigError('FLUXWATCH_CLICKHOUSE_CLUSTER is set, but CLICKHOUSE_URL is not.')
  }
  if (cluster !== null && !/^[\w-]{1,64}$/.test(cluster)) {
    throw new ConfigError(
      `FLUXWATCH_CLICKHOUSE_CLUSTER is "${cluster}", but must be the name of a cluster: letters, digits, underscores and hyphens.`,
    )
  }
  return { ...checkClickHouseUrl('CLICKHOUSE_URL', url), cluster }
}

/** `name`: what the person set, for the message of the `ConfigError`. */
export function checkClickHouseUrl(name: string, url: string): ClickHousePlace {
  try {
    return parseClickHouseUrl(url)
  } catch (error) {
    if (error instanceof ClickHouseUrlError) throw new ConfigError(`${name} ${error.message}`)
    throw error
  }
}

/** The certificates of the file, all of them readable. */
function readAuthorities(path: string | null, redisUrl: string | null): string | null {
  if (path === null) return null
  if (redisUrl === null || !parseRedisUrl(redisUrl).tls) {
    throw new ConfigError(
      'FLUXWATCH_REDIS_CA is set, but REDIS_URL does not begin with rediss: nothing is encrypted.',
    )
  }
  let pem: string
  try {
    pem = readFileSync(path, 'utf8')
  } catch (error) {
    throw new ConfigError(
      `FLUXWATCH_REDIS_CA: ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? []
  if (certificates.length === 0 || !certificates.every(isCertificate)) {
    throw new ConfigError(
      `FLUXWATCH_REDIS_CA: ${path} must hold certificates of authorities in PEM form (-----BEGIN CERTIFICATE-----), and nothing broken.`,
    )
  }
  return certificates.join('\n')
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== ''
  } catch {
    return false
  }
}

function readReplicas(source: Source, redisUrl: string | null): number {
  const replicas = readInteger(source, 'FLUXWATCH_REDIS_REPLICAS', 0, MOST_REPLICAS) ?? 0
  if (replicas > 0 && redisUrl === null) {
    throw new ConfigError(
      'FLUXWATCH_REDIS_REPLICAS is set, but REDIS_URL is not: the own Redis of `serve` has no replicas.',
    )
  }
  return replicas
}

/** The key itself never goes into a message. */
function checkApiKey(entry: string, index: number): string {
  const { key } = splitKeyEntry(entry)
  if (key.startsWith('sha256:') ? !/^sha256:[0-9a-f]{64}$/i.test(key) : key.length < 16) {
    throw new ConfigError(
      `FLUXWATCH_API_KEYS, key ${index + 1}: must have at least 16 characters, or be sha256: and 64 hexadecimal digits. ` +
        'Make one with: npm run -s fluxwatch -- keys create',
    )
  }
  return entry
}

/** `acme=3,soc=1`, or a mapping in the file. */
function readWeights(source: Source, name: string): ReadonlyMap<string, number> {
  const value = source[name]
  const isMapping = typeof value === 'object' && value !== null && !Array.isArray(value)
  const entries = isMapping
    ? Object.entries(value).map(([tenant, weight]) => `${tenant}=${String(weight)}`)
    : readList(source, name)
  return new Map(
    entries.map((entry) => {
      const match = /^([a-z][a-z0-9-]{0,31})=(\d{1,4})$/.exec(entry)
      const weight = Number(match?.[2])
      if (!match || weight < 1 || weight > 1000) {
        throw new ConfigError(
          `${name}: "${entry}" is not a tenant and its weight from 1 to 1000, such as acme=3.`,
        )
      }
      return [match[1]!, weight]
    }),
  )
}

function checkCidr(text: string): Cidr {
  const cidr = parseCidr(text)
  if (!cidr)
    throw new ConfigError(
      `FLUXWATCH_WEBHOOK_ALLOW: "${text}" is neither an address nor a prefix such as 10.1.0.0/16.`,
    )
  return cidr
}

/** The URL of a listener; an IPv6 address stands in brackets. */
export function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** Whether only this machine can reach the address that we listen on. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}
