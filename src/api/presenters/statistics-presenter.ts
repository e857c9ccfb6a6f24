// A day of history in numbers, on the wire and as a table.
import type { DayStatistics } from '../../core/model/seen-record.ts'
import { csvTable } from './csv.ts'
import { presentInstant } from './instant.ts'

export function presentDay(day: DayStatistics) {
  return {
    day: dateOf(day),
    answer: day.answer,
    nodata: day.nodata,
    nxdomain: day.nxdomain,
    failed: day.failed,
    sensor_observations: day.sensorObservations,
    new_records: day.newRecords,
    new_names: day.newNames,
    new_addresses: day.newAddresses,
  }
}

export const DAY_TABLE = csvTable<DayStatistics>([
  ['day', dateOf],
  ['answer', ({ answer }) => answer],
  ['nodata', ({ nodata }) => nodata],
  ['nxdomain', ({ nxdomain }) => nxdomain],
  ['failed', ({ failed }) => failed],
  ['sensor_observations', ({ sensorObservations }) => sensorObservations],
  ['new_records', ({ newRecords }) => newRecords],
  ['new_names', ({ newNames }) => newNames],
  ['new_addresses', ({ newAddresses }) => newAddresses],
])

function dateOf({ day }: DayStatistics): string {
  return presentInstant(day).slice(0, 10)
}
