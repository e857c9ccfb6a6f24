// The fields that logs of all formats have: names, times, types, and JSON objects that hold them. Decides what is believed; what
// the fields together mean is decided by the reader of each format.
import type { QuestionType } from '../dns/record.ts'
import { quoted } from '../names/name-refusal.ts'
import { parseDomain } from '../names/parse-domain.ts'
import { isSkipReason, refuseLine, type LineReading, type RefusedLine } from './line-reading.ts'

export type JsonObject = Readonly<Record<string, unknown>>

export function parseObject(line: string): JsonObject | RefusedLine {
  let parsed: unknown
  try {
    parsed = JSON.parse(line)
  } catch {
    return refuseLine('not_json', `Not JSON: ${quoted(line)}.`)
  }
  return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
    ? (parsed as JsonObject)
    : refuseLine('not_an_object', `No JSON object: ${quoted(line)}.`)
}

export function isRefusal(value: object): value is RefusedLine {
  return 'kind' in value && value.kind === 'refused'
}

const REVERSE = /\.(in-addr|ip6)\.arpa\.?$/i

/** The name that was asked for, as it is kept. What a log does not say plainly, such as a URL, is no name here. */
export function readOwner(field: string, text: string): string | LineReading {
  if (REVERSE.test(text)) return { kind: 'skipped', reason: 'reverse_name' }
  const parsed = parseDomain(text)
  if (!parsed.ok) {
    if (isSkipReason(parsed.code)) return { kind: 'skipped', reason: parsed.code }
    return refuseLine(parsed.code, `${field}: ${parsed.reason}`)
  }
  return parsed.refanged
    ? refuseLine('bad_character', `${field}: ${quoted(text)} is not a plain domain name.`)
    : parsed.name
}

const HOST = /^[a-z0-9_*-]{1,63}(\.[a-z0-9_*-]{1,63})*$/

/** A name inside of a record: lower case, without the trailing dot. Null for what no host or alias is called. */
export function readHost(text: string): string | null {
  const name = (text.endsWith('.') ? text.slice(0, -1) : text).toLowerCase()
  return name.length <= 253 && HOST.test(name) ? name : null
}

/** Beyond it a number of seconds lies in the year 5138: milliseconds are meant. */
const MILLISECONDS_FROM = 1e11
const ISO = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/

/**
 * A time as ms since the epoch, whole, cut off as clocks do: of seconds (with a fraction), of milliseconds, or of ISO 8601 with its
 * zone; numbers also as text. Null for everything else, and for times before 1970.
 */
export function readTime(value: unknown): number | null {
  if (typeof value === 'string' && ISO.test(value)) return positive(Date.parse(value))
  const number = readNumber(value)
  if (number === null) return null
  // By microseconds: 1700000000.123 × 1000 lies a little under the number that is meant.
  return positive(
    number >= MILLISECONDS_FROM ? Math.floor(number) : Math.floor(Math.round(number * 1e6) / 1000),
  )
}

/** ECMA-262: no time lies further from the epoch. */
const LATEST_MS = 8.64e15

function positive(ms: number): number | null {
  return ms > 0 && ms <= LATEST_MS ? ms : null
}

export function readNumber(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  return typeof value === 'string' && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value) ? Number(value) : null
}

/** Sensors' clocks may be off, and logs of a day be told by its end. */
const FUTURE_MS = 24 * 3600 * 1000

export function futureRefusal(field: string, at: number, now: number): RefusedLine | null {
  if (at <= now + FUTURE_MS) return null
  return refuseLine('future_time', `${field}: ${new Date(at).toISOString()} is more than a day from now.`)
}

/** IANA, DNS parameters. */
const TYPES = new Map<number, QuestionType>([
  [1, 'A'],
  [2, 'NS'],
  [5, 'CNAME'],
  [6, 'SOA'],
  [12, 'PTR'],
  [16, 'TXT'],
  [28, 'AAAA'],
])
const NAMES: ReadonlySet<string> = new Set(TYPES.values())

/**
 * A record type by its mnemonic, its number, or as `TYPE28` (RFC 3597, section 5). Null for a type that fluxwatch does not ask;
 * undefined for what is no type at all.
 */
export function readType(value: unknown): QuestionType | null | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? (TYPES.get(value) ?? null) : undefined
  if (typeof value !== 'string' || value === '') return undefined
  const name = value.toUpperCase()
  if (NAMES.has(name)) return name as QuestionType
  const code = /^(?:TYPE)?(\d{1,5})$/.exec(name)
  return code ? (TYPES.get(Number(code[1])) ?? null) : null
}
