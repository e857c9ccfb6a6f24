// Opens the history file with the settings that make `append` durable and let several processes share it.
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { migrate } from './schema.ts'

/** How long one statement waits for another process's write to end. */
const BUSY_TIMEOUT_MS = 10_000
/** The write-ahead log is cut back to this size after a checkpoint, so one large batch does not keep its space for ever. */
const WAL_SIZE_LIMIT_BYTES = 64 * 1024 * 1024

/**
 * WAL: readers never wait for the writer. `synchronous=FULL`: the log is synced at every commit, so what was committed
 * outlives `kill -9` and, on a disk that honours fsync, a power cut. Throws when the file cannot be used.
 */
export function openDatabase(path: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true })
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS })
  try {
    setJournalMode(database)
    database.exec(`PRAGMA synchronous = FULL; PRAGMA journal_size_limit = ${WAL_SIZE_LIMIT_BYTES}`)
    migrate(database)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

// The change to WAL needs the file for itself, and SQLite does not call its busy handler while it waits for that
// (https://sqlite.org/wal.html, "Sometimes queries return SQLITE_BUSY in WAL mode"). Several processes that create the
// file together meet here, so the wait is ours. Once the file is in WAL mode nobody waits.
function setJournalMode(database: DatabaseSync): void {
  const giveUpAt = performance.now() + BUSY_TIMEOUT_MS
  for (;;) {
    try {
      database.exec('PRAGMA journal_mode = WAL')
      return
    } catch (error) {
      if (!isBusy(error) || performance.now() > giveUpAt) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
}

function isBusy(error: unknown): boolean {
  const code = (error as { errcode?: unknown }).errcode
  return typeof code === 'number' && (code & 0xff) === 5
}
