// The step from schema 2 to 3: other tables, and everything that is counted worked out from the observations that are there.
import type { DatabaseSync } from 'node:sqlite'
import type { StoredObservation } from '../../../core/model/observation.ts'
import { HistoryWriter } from './history-writer.ts'
import { fromRowOfSchema2 } from './observation-row-2.ts'
import { SCHEMA_3 } from './schema-3.ts'

/** What is held in memory at a time; the transaction is one. */
const ROWS_A_BATCH = 2_000

/** Inside the migration's transaction. Takes some 20 µs a row, and room for the new tables beside the old one. */
export function toSchema3(database: DatabaseSync): void {
  // The indexes go with the old table, but their names are of no use to the new one.
  database.exec(`ALTER TABLE observation RENAME TO observation_2; ${SCHEMA_3}`)
  const writer = new HistoryWriter(database)
  // Along the index, so that the new table is filled from its beginning to its end and its pages are full.
  const old = database.prepare('SELECT * FROM observation_2 ORDER BY target, at, id')
  let batch: StoredObservation[] = []
  for (const row of old.iterate()) {
    batch.push(fromRowOfSchema2(row))
    if (batch.length < ROWS_A_BATCH) continue
    writer.appendWithin(batch)
    batch = []
  }
  writer.appendWithin(batch)
  database.exec('DROP TABLE observation_2')
}
