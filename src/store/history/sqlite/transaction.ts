// One transaction that writes: all of it or nothing.
import type { DatabaseSync } from 'node:sqlite'

/** Waits for its turn (the connection's busy timeout) before the work begins, so that the work itself never waits. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    // A full disk ends the transaction by itself; a second ROLLBACK would hide the first error.
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}
