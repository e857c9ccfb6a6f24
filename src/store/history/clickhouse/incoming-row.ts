// An observation as a line for the table `incoming`: its columns, and what the views count it by. Text (TabSeparated) is what
// the server reads fastest of all that is no binary form.
import { rowKey } from '../../../core/history/row-key.ts'
import type { ResourceRecord } from '../../../core/dns/record.ts'
import { seenRecords } from '../../../core/history/seen-records.ts'
import { canonicalAddress } from '../../../core/net/address.ts'
import { SENSOR_PREFIX, type StoredObservation } from '../../../core/model/observation.ts'
import { packErrors, packRecords, packServer, packTold } from './packed-fields.ts'
import { shortId } from './short-id.ts'
import { sightNumber } from './sight-number.ts'

/** Parts that the bitmap of a day is cut into, so that none grows too large to be merged at once. */
const BUCKETS = 16

/** In the order of the values of `incomingLine`. One for each field of an observation, then what is derived. */
export const INCOMING_COLUMNS = [
  'target',
  'at',
  'key',
  'id',
  'round',
  'vantage',
  'qname',
  'qtype',
  'outcome',
  'failure',
  'rcode',
  'rtt_ms',
  'answer',
  'authority',
  'additional',
  'authoritative',
  'client_subnet_scope',
  'extended_errors',
  'server',
  'side',
  'freshness',
  'told',
  'first_at',
  'is_sensor',
  'told_count',
  'sight',
  'bucket',
  'seen_names',
  'seen_types',
  'seen_data',
] as const

/** The values of `INCOMING_COLUMNS` as a line of TabSeparated. `seen`: `countedRecords` of the row. */
export function incomingLine(row: StoredObservation, seen: readonly ResourceRecord[]): string {
  const values = [
    escaped(row.target),
    row.at,
    rowKey(row.id),
    escaped(shortId(row)),
    row.round,
    escaped(row.vantage),
    escaped(row.qname),
    escaped(row.qtype),
    row.outcome,
    row.failure ?? '',
    escaped(row.rcode),
    row.rttMs,
    escaped(packRecords(row.answer)),
    escaped(packRecords(row.authority)),
    escaped(packRecords(row.additional)),
    row.authoritative === undefined ? -1 : Number(row.authoritative),
    row.clientSubnetScope ?? -1,
    escaped(packErrors(row.extendedErrors)),
    escaped(packServer(row.server)),
    row.side ?? '',
    row.freshness ?? '',
    packTold(row.told),
    row.told?.firstSeen ?? row.at,
    Number(row.vantage.startsWith(SENSOR_PREFIX)),
    row.told?.count ?? 0,
    sightNumber(row),
    // By other bits than those of sight numbers.
    Math.floor(rowKey(row.target) / 2 ** 32) % BUCKETS,
    list(seen, 'name'),
    list(seen, 'type'),
    list(seen, 'data'),
  ]
  return `${values.join('\t')}\n`
}

/** What ends a field, a line or an escape in TabSeparated, and what would end a text in a list. */
const SPECIAL = /[\\\t\n\r\0']/
const EVERY_SPECIAL = /[\\\t\n\r\0']/g
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\0': '\\0',
  "'": "\\'",
}

function escaped(text: string): string {
  return SPECIAL.test(text) ? text.replace(EVERY_SPECIAL, (character) => ESCAPES[character]!) : text
}

function list(records: readonly ResourceRecord[], field: 'name' | 'type' | 'data'): string {
  if (records.length === 0) return '[]'
  let texts = `['${escaped(records[0]![field])}'`
  for (let index = 1; index < records.length; index++) texts += `,'${escaped(records[index]![field])}'`
  return `${texts}]`
}

/** The records that count, addresses in canonical form: two spellings of one address are one record. */
export function countedRecords(row: StoredObservation): readonly ResourceRecord[] {
  const records = seenRecords(row)
  let changed = false
  const canonical = records.map((record) => {
    if (record.type !== 'A' && record.type !== 'AAAA') return record
    const data = canonicalAddress(record.data) ?? record.data
    if (data === record.data) return record
    changed = true
    return { ...record, data }
  })
  if (!changed) return canonical
  return [
    ...new Map(canonical.map((record) => [`${record.type} ${record.name} ${record.data}`, record])).values(),
  ]
}
