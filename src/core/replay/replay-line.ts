// One line of the replay format, read strictly: what is missing or wrong is named with its line, what is too much is
// left alone. Decides form only.
import type { ResourceRecord } from '../dns/record.ts'
import { canonicalAddress } from '../net/address.ts'

/** A recorded DNS response. */
export interface ReplayResponse {
  /** The recording that it belongs to, where the line says so: the same domain in two sets is watched twice. */
  readonly set: string | null
  /** The name that is watched; lower case, without the trailing dot. */
  readonly domain: string
  /** ms since the epoch. */
  readonly at: number
  readonly vantage: string
  readonly qname: string
  /** Upper case. */
  readonly qtype: string
  /** Mnemonic, upper case; `TIMEOUT` when nothing came. */
  readonly rcode: string
  readonly answer: readonly ResourceRecord[]
  readonly authority: readonly ResourceRecord[]
  readonly additional: readonly ResourceRecord[]
}

export type ReplayLine =
  | { readonly ok: true; readonly response: ReplayResponse }
  | { readonly ok: false; readonly line: number; readonly reason: string }

/** Longest line that is read, in UTF-16 code units: a DNS message has at most 64 kB. */
export const LINE_LIMIT = 1_048_576

/**
 * Reads a line. `line`: its number, from 1. Null for an empty line. Never throws.
 *
 * Records of other types than A, AAAA, CNAME, NS and SOA are kept as they are; an A or AAAA record without a readable address
 * makes the line bad.
 */
export function replayLine(text: string, line: number): ReplayLine | null {
  if (text.trim() === '') return null
  if (text.length > LINE_LIMIT) return { ok: false, line, reason: `longer than ${LINE_LIMIT} characters` }
  try {
    return { ok: true, response: readResponse(JSON.parse(text)) }
  } catch (error) {
    return { ok: false, line, reason: reasonOf(error) }
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError) return 'not JSON'
  if (error instanceof LineFault) return error.message
  throw error
}

class LineFault extends Error {}

function readResponse(value: unknown): ReplayResponse {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new LineFault('not a JSON object')
  const line = value as Record<string, unknown>
  const at = Date.parse(readText(line, 'at'))
  if (Number.isNaN(at)) throw new LineFault('`at` is no ISO 8601 time')
  return {
    set: line['set'] === undefined || line['set'] === null ? null : readText(line, 'set'),
    domain: readName(line, 'domain'),
    at,
    vantage: readText(line, 'vantage'),
    qname: readName(line, 'qname'),
    qtype: readText(line, 'qtype').toUpperCase(),
    rcode: readText(line, 'rcode').toUpperCase(),
    answer: readSection(line, 'answer'),
    authority: readSection(line, 'authority'),
    additional: readSection(line, 'additional'),
  }
}

function readText(from: Record<string, unknown>, key: string): string {
  const value = from[key]
  if (typeof value !== 'string' || value === '') throw new LineFault(`\`${key}\` is missing or no text`)
  return value
}

function readName(from: Record<string, unknown>, key: string): string {
  const name = plainName(readText(from, key))
  if (name === '' || name.length > 253) throw new LineFault(`\`${key}\` is no domain name`)
  return name
}

function readSection(from: Record<string, unknown>, key: string): readonly ResourceRecord[] {
  const value = from[key]
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw new LineFault(`\`${key}\` is no list`)
  return value.map((record, index) => readRecord(record, `${key}[${index}]`))
}

function readRecord(value: unknown, where: string): ResourceRecord {
  if (typeof value !== 'object' || value === null) throw new LineFault(`\`${where}\` is no record`)
  const { name, type, ttl, data } = value as Record<string, unknown>
  if (typeof name !== 'string') throw new LineFault(`\`${where}.name\` is missing or no text`)
  if (typeof type !== 'string') throw new LineFault(`\`${where}.type\` is missing or no text`)
  if (typeof data !== 'string') throw new LineFault(`\`${where}.data\` is missing or no text`)
  if (typeof ttl !== 'number' || !Number.isInteger(ttl) || ttl < 0) {
    throw new LineFault(`\`${where}.ttl\` is no number of seconds`)
  }
  const kind = type.toUpperCase()
  return { name: plainName(name), type: kind, ttlSeconds: ttl, data: readData(kind, data, where) }
}

function readData(type: string, data: string, where: string): string {
  if (type === 'CNAME' || type === 'NS') return plainName(data)
  if (type !== 'A' && type !== 'AAAA') return data
  const address = canonicalAddress(data)
  if (address === null) throw new LineFault(`\`${where}.data\` is no address`)
  return address
}

function plainName(text: string): string {
  return text.toLowerCase().replace(/\.$/, '')
}
