// An observation as a row of the table `incoming`: its columns, and what the views count it by.
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

/** In the order of the values of `incomingRow`. One for each field of an observation, then what is derived. */
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

/** The values of `INCOMING_COLUMNS`. */
export function incomingRow(row: StoredObservation): unknown[] {
  const isSensor = row.vantage.startsWith(SENSOR_PREFIX)
  const seen = canonicalRecords(row)
  return [
    row.target,
    row.at,
    rowKey(row.id),
    shortId(row),
    row.round,
    row.vantage,
    row.qname,
    row.qtype,
    row.outcome,
    row.failure ?? '',
    row.rcode,
    row.rttMs,
    packRecords(row.answer),
    packRecords(row.authority),
    packRecords(row.additional),
    row.authoritative === undefined ? -1 : Number(row.authoritative),
    row.clientSubnetScope ?? -1,
    packErrors(row.extendedErrors),
    packServer(row.server),
    row.side ?? '',
    row.freshness ?? '',
    packTold(row.told),
    row.told?.firstSeen ?? row.at,
    Number(isSensor),
    row.told?.count ?? 0,
    sightNumber(row).toString(),
    // By other bits than those of sight numbers, so that the buckets part what those confuse.
    Math.floor(rowKey(row.target) / 2 ** 32) % BUCKETS,
    seen.map(({ name }) => name),
    seen.map(({ type }) => type),
    seen.map(({ data }) => data),
  ]
}

/** Two spellings of one address are one record. */
function canonicalRecords(row: StoredObservation): readonly ResourceRecord[] {
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
