// Opens the history file with the settings that make `append` durable and let several processes share it.
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sqliteCodeOf } from './sqlite-failure.ts'
import { MIGRATIONS, migrate } from './schema.ts'

/** How long one statement waits for another process's write to end. */
const BUSY_TIMEOUT_MS = 10_000
/** How long a process waits for another one that is bringing a large file up to date. */
const MIGRATION_TIMEOUT_MS = 3_600_000
/** The write-ahead log is cut back to this size after a checkpoint, so one large batch does not keep its space for ever. */
const WAL_SIZE_LIMIT_BYTES = 64 * 1024 * 1024
/**
 * Pages of 4 KiB in the log before they are written into the file: as many as its size allows. A slice changes thousands of pages, mostly
 * those that the one before changed: with SQLite's 1,000 each commit wrote them twice (a tenth of the CPU of all appends).
 */
const WAL_PAGES = WAL_SIZE_LIMIT_BYTES / 4096
/** Of pages, for each open file: the upper levels of the trees and what is written to now. The operating system has the rest. */
const CACHE_KIB = 32 * 1024

/**
 * WAL: readers never wait for the writer. `synchronous=FULL`: the log is synced at every commit, so what was committed
 * outlives `kill -9` and, on a disk that honours fsync, a power cut. Throws when the file cannot be used.
 *
 * An older file is brought up to date first, which takes its time (to-schema-3.ts); whoever else opens it waits for that.
 */
export function openDatabase(path: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true })
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS })
  try {
    // Only of a file that is made now; it must be said before anything is written.
    database.exec('PRAGMA auto_vacuum = INCREMENTAL')
    setJournalMode(database)
    database.exec(
      `PRAGMA synchronous = FULL; PRAGMA journal_size_limit = ${WAL_SIZE_LIMIT_BYTES}; PRAGMA wal_autocheckpoint = ${WAL_PAGES};
       PRAGMA cache_size = -${CACHE_KIB}; PRAGMA busy_timeout = ${MIGRATION_TIMEOUT_MS}`,
    )
    const before = migrate(database)
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`)
    if (before > 0 && before < MIGRATIONS.length) giveBackSpace(database)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** The old tables' space back to the disk. Without room or peace for it the space is used for new rows instead. */
function giveBackSpace(database: DatabaseSync): void {
  try {
    database.exec('VACUUM')
  } catch (error) {
    if (!isBusy(error) && !isFull(error)) throw error
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
  return primaryCode(error) === 5
}

function isFull(error: unknown): boolean {
  return primaryCode(error) === 13
}

function primaryCode(error: unknown): number | null {
  const code = sqliteCodeOf(error)
  return code === null ? null : code & 0xff
}
