// Observations as a table (RFC 4180): a row for each record that was answered, and one for each observation without any.
import type { ResourceRecord } from '../../core/dns/record.ts'
import type { StoredObservation } from '../../core/model/observation.ts'
import { presentInstant } from './instant.ts'

/** New columns are added behind the others: somebody reads these by their place. */
const COLUMNS = [
  'id',
  'at',
  'target',
  'round',
  'vantage',
  'qname',
  'qtype',
  'outcome',
  'failure',
  'rcode',
  'rtt_ms',
  'section',
  'name',
  'type',
  'ttl_s',
  'data',
  'freshness',
  'authoritative',
  'client_subnet_scope',
  'extended_errors',
  'server_name',
  'server_address',
  'side',
] as const

export const CSV_HEADER = `${COLUMNS.join(',')}\r\n`

export function csvRowsOf(observation: StoredObservation): string {
  const records = [
    ...observation.answer.map((record) => ['answer', record] as const),
    ...observation.authority.map((record) => ['authority', record] as const),
    ...observation.additional.map((record) => ['additional', record] as const),
  ]
  const common = [
    observation.id,
    presentInstant(observation.at),
    observation.target,
    observation.round,
    observation.vantage,
    observation.qname,
    observation.qtype,
    observation.outcome,
    observation.failure ?? '',
    observation.rcode,
    observation.rttMs,
  ]
  const last = replyCellsOf(observation)
  if (records.length === 0) return toRow([...common, '', '', '', '', '', ...last])
  return records.map(([section, record]) => toRow([...common, section, ...cellsOf(record), ...last])).join('')
}

function replyCellsOf(observation: StoredObservation): (string | number)[] {
  const { freshness, authoritative, clientSubnetScope, extendedErrors, server, side } = observation
  return [
    freshness ?? '',
    authoritative === undefined ? '' : String(authoritative),
    clientSubnetScope ?? '',
    (extendedErrors ?? []).map(({ code, text }) => (text === '' ? `${code}` : `${code} ${text}`)).join('; '),
    server?.name ?? '',
    server?.address ?? '',
    side ?? '',
  ]
}

function cellsOf(record: ResourceRecord): (string | number)[] {
  return [record.name, record.type, record.ttlSeconds, record.data]
}

function toRow(cells: readonly (string | number)[]): string {
  return `${cells.map(toCell).join(',')}\r\n`
}

/**
 * Whoever owns a zone writes its records: text that a spreadsheet would run as a formula gets a `'` in front, as OWASP
 * advises ("CSV injection"). NDJSON has the bare text.
 */
function toCell(cell: string | number): string {
  if (typeof cell === 'number') return String(cell)
  const safe = /^[=+\-@\t\r]/u.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
