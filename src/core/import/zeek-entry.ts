// One entry of a Zeek dns.log, however it was written, as an observation. What is in the log of who asked is not read.
import type { FailureKind, Outcome } from '../dns/reply.ts'
import { SENSOR_PREFIX } from '../model/observation.ts'
import { quoted } from '../names/name-refusal.ts'
import { refuseLine, type LineReading, type SensorContext } from './line-reading.ts'
import { futureRefusal, readNumber, readOwner, readTime, readType } from './log-field.ts'
import { recordsOfAnswers, type ToldType } from './zeek-answers.ts'

/** The fields that are read. Undefined: unset, or not in the log at all. Numbers and times may be text. */
export interface ZeekEntry {
  readonly ts: unknown
  readonly uid: unknown
  readonly transId: unknown
  /** The server's port; the server and the client are not read. */
  readonly port: unknown
  readonly query: string | undefined
  readonly qtype: unknown
  readonly qtypeName: unknown
  readonly rcode: unknown
  readonly rcodeName: unknown
  readonly authoritative: unknown
  readonly rejected: unknown
  /** Seconds. */
  readonly rtt: unknown
  readonly answers: readonly string[]
  /** Seconds. */
  readonly ttls: readonly unknown[]
}

/** mDNS (RFC 6762), LLMNR (RFC 4795), NetBIOS name service (RFC 1002). */
const OTHER_PORTS: ReadonlySet<number | null> = new Set([5353, 5355, 137])

const TOLD: ReadonlySet<string> = new Set<ToldType>(['A', 'AAAA', 'CNAME', 'NS'])

export function readZeekEntry(entry: ZeekEntry, { sensor, now }: SensorContext): LineReading {
  if (OTHER_PORTS.has(readNumber(entry.port))) return { kind: 'skipped', reason: 'not_unicast_dns' }
  if (entry.ts === undefined) return refuseLine('missing_field', 'ts: there is none.')
  const at = readTime(entry.ts)
  if (at === null) return refuseLine('bad_field', 'ts: it is no time.')
  const future = futureRefusal('ts', at, now)
  if (future !== null) return future
  if (entry.query === undefined || entry.query === '') {
    return refuseLine('missing_field', 'query: there is none.')
  }
  const named = readType(entry.qtypeName)
  const qtype = named === undefined ? readType(entry.qtype) : named
  if (qtype === undefined) return refuseLine('missing_field', 'qtype_name: there is none.')
  const qname = readOwner('query', entry.query)
  if (typeof qname !== 'string') return qname
  if (qtype === null || !isTold(qtype)) return { kind: 'skipped', reason: 'type_not_kept' }
  const answer = recordsOfAnswers(qname, qtype, entry.answers, entry.ttls.map(readNumber))
  const reply = replyOf(
    entry,
    answer.some(({ type }) => type === qtype),
  )
  if (reply === null) {
    return refuseLine('bad_field', `rcode_name: ${quoted(String(entry.rcodeName))} is no response code.`)
  }
  const rttSeconds = readNumber(entry.rtt) ?? 0
  return {
    kind: 'row',
    row: {
      identity: JSON.stringify([
        'zeek',
        textOf(entry.uid),
        at,
        readNumber(entry.transId),
        qname,
        qtype,
        reply.rcode,
        answer.map(({ type, data }) => `${type} ${data}`),
      ]),
      observation: {
        target: `${qtype === 'NS' ? 'zone' : 'host'}:${qname}`,
        round: 0,
        at,
        vantage: `${SENSOR_PREFIX}${sensor}`,
        qname,
        qtype,
        ...reply,
        rttMs: Math.round(Math.max(0, rttSeconds) * 1e6) / 1e3,
        answer,
        authority: [],
        additional: [],
        ...(reply.rcode !== 'TIMEOUT' && isBoolean(entry.authoritative)
          ? { authoritative: readBoolean(entry.authoritative) }
          : {}),
      },
    },
  }
}

function isTold(type: string): type is ToldType {
  return TOLD.has(type)
}

interface ZeekReply {
  readonly outcome: Outcome
  readonly failure?: FailureKind
  readonly rcode: string
}

const FAILURES: Readonly<Record<string, FailureKind>> = {
  FORMERR: 'formerr',
  SERVFAIL: 'servfail',
  NOTIMP: 'notimp',
  REFUSED: 'refused',
}

/** By number (RFC 6895); a log without names has these. */
const RCODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED']

/** As of our own replies; null for a code that is none. `complete`: the type that was asked for is among the answers. */
function replyOf({ rcodeName, rcode, rejected, answers }: ZeekEntry, complete: boolean): ZeekReply | null {
  const code = readNumber(rcode)
  const told = textOf(rcodeName)?.toUpperCase() ?? (code === null ? null : (RCODES[code] ?? `RCODE${code}`))
  // Without a response code the sensor saw no response: it was lost, or there was none.
  const name = told ?? (answers.length > 0 ? 'NOERROR' : readBoolean(rejected) ? 'REFUSED' : null)
  if (name === null) return { outcome: 'failed', failure: 'timeout', rcode: 'TIMEOUT' }
  if (!/^[A-Z0-9-]{1,24}$/.test(name)) return null
  if (name === 'NXDOMAIN') return { outcome: 'nxdomain', rcode: name }
  if (name === 'NOERROR') return { outcome: complete ? 'answer' : 'nodata', rcode: name }
  return { outcome: 'failed', failure: FAILURES[name] ?? 'rcode_other', rcode: name }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function isBoolean(value: unknown): boolean {
  return value === 'T' || value === 'F' || typeof value === 'boolean'
}

function readBoolean(value: unknown): boolean {
  return value === 'T' || value === true
}
