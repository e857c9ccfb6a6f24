// The daily statistics, as they were counted while observations came in.
import type { DayQuery, DayStatistics } from '../../../core/model/seen-record.ts'
import type { After } from './record-questions.ts'
import type { Statements } from './statements.ts'

const MS_A_DAY = 86_400_000
/** Before and after all days that can be. */
const FIRST_DAY = -200_000_000
const LAST_DAY = 200_000_000

/** `after`: the start of a day. */
export function readDays(
  statements: Statements,
  { from, to, after, limit }: After<DayQuery, number>,
): DayStatistics[] {
  const first = from === null ? FIRST_DAY : Math.floor(from / MS_A_DAY)
  const end = to === null ? LAST_DAY : Math.ceil(to / MS_A_DAY)
  return statements
    .of(
      `SELECT * FROM day WHERE day >= ? AND day < ?
         AND answer + nodata + nxdomain + failed + sensor_observations > 0 ORDER BY day LIMIT ?`,
    )
    .all(after === null ? first : Math.max(first, after / MS_A_DAY + 1), end, limit)
    .map((row) => {
      const numbers = row as Record<string, number>
      return {
        day: numbers['day']! * MS_A_DAY,
        answer: numbers['answer']!,
        nodata: numbers['nodata']!,
        nxdomain: numbers['nxdomain']!,
        failed: numbers['failed']!,
        sensorObservations: numbers['sensor_observations']!,
        newRecords: numbers['new_records']!,
        newNames: numbers['new_names']!,
        newAddresses: numbers['new_addresses']!,
      }
    })
}
