// The thread that owns the SQLite file: node:sqlite is synchronous, and the event loop that probes must never wait for a
// disk. Answers one request after the other. When the file cannot be opened the thread ends with that error.
import { statSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { readRows } from './observation-page.ts'
import { INSERT_SQL, toRow } from './observation-row.ts'
import { openDatabase } from './open-database.ts'
import type {
  ThreadOperation,
  ThreadOperations,
  ThreadReply,
  ThreadRequest,
  ThreadSettings,
} from './protocol.ts'
import { schemaVersion } from './schema.ts'
import { sqliteCodeOf } from './sqlite-failure.ts'
import type { StoredObservation } from '../../../core/model/observation.ts'

const { path } = workerData as ThreadSettings
const port = parentPort
if (port === null) throw new Error('thread.ts is started as a worker thread only')

const database = openDatabase(path)
const insert = database.prepare(INSERT_SQL)
const remove = database.prepare(
  'DELETE FROM observation WHERE row_number IN (SELECT row_number FROM observation WHERE at < ? LIMIT ?)',
)

port.on('message', (request: ThreadRequest) => {
  port.postMessage(reply(request))
  if (request.operation === 'close') port.close()
})

function reply(request: ThreadRequest): ThreadReply {
  try {
    return { number: request.number, output: run(request) }
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown))
    return { number: request.number, error, sqliteCode: sqliteCodeOf(error) }
  }
}

function run(request: ThreadRequest): ThreadOperations[ThreadOperation]['output'] {
  switch (request.operation) {
    case 'append':
      return appendRows(database, request.input)
    case 'observations':
      return readRows(database, request.input)
    case 'prune':
      return Number(remove.run(request.input.olderThanMs, request.input.limit).changes)
    case 'check':
      database.exec('BEGIN IMMEDIATE; ROLLBACK')
      return { schema: schemaVersion(database), bytes: statSync(path).size }
    case 'close':
      database.close()
      return null
  }
}

function appendRows(file: DatabaseSync, rows: readonly StoredObservation[]): null {
  file.exec('BEGIN IMMEDIATE')
  try {
    for (const row of rows) insert.run(...toRow(row))
    file.exec('COMMIT')
    return null
  } catch (error) {
    // A full disk ends the transaction by itself; a second ROLLBACK would hide the first error.
    if (file.isTransaction) file.exec('ROLLBACK')
    throw error
  }
}
