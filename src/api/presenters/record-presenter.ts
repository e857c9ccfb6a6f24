// Records as passive DNS knows them, and what changed of them: on the wire and as tables.
import type { NewAddresses, RecordChange, SeenRecord } from '../../core/model/seen-record.ts'
import { csvTable, type CsvColumn } from './csv.ts'
import { presentInstant } from './instant.ts'

export function presentSeenRecord(record: SeenRecord) {
  return {
    name: record.name,
    type: record.type,
    data: record.data,
    first_seen: presentInstant(record.firstSeen),
    last_seen: presentInstant(record.lastSeen),
    count: record.count,
    sensor_count: record.sensorCount,
    vantages: [...record.vantages],
  }
}

const RECORD_COLUMNS: readonly CsvColumn<SeenRecord>[] = [
  ['name', ({ name }) => name],
  ['type', ({ type }) => type],
  ['data', ({ data }) => data],
  ['first_seen', ({ firstSeen }) => presentInstant(firstSeen)],
  ['last_seen', ({ lastSeen }) => presentInstant(lastSeen)],
  ['count', ({ count }) => count],
  ['sensor_count', ({ sensorCount }) => sensorCount],
  ['vantages', ({ vantages }) => vantages.join(' ')],
]

export const RECORD_TABLE = csvTable(RECORD_COLUMNS)

export function presentChange({ record, appeared, gone }: RecordChange) {
  return { ...presentSeenRecord(record), appeared, gone }
}

export const CHANGE_TABLE = csvTable<RecordChange>([
  ...RECORD_COLUMNS.map(([name, cell]): CsvColumn<RecordChange> => [
    name,
    ({ record }: RecordChange) => cell(record),
  ]),
  ['appeared', ({ appeared }) => appeared],
  ['gone', ({ gone }) => gone],
])

export function presentNewAddresses({ hour, addresses }: NewAddresses) {
  return { hour: presentInstant(hour), addresses }
}

export const NEW_ADDRESSES_TABLE = csvTable<NewAddresses>([
  ['hour', ({ hour }) => presentInstant(hour)],
  ['addresses', ({ addresses }) => addresses],
])
