// Tells what a failure of SQLite means to the caller: the store cannot be used at the moment, or a bug.
import { FluxError } from '../../../core/errors.ts'

/**
 * Primary result codes (https://sqlite.org/rescode.html) that say something of the machine and not of our statement:
 * PERM 3, BUSY 5, LOCKED 6, NOMEM 7, READONLY 8, IOERR 10, CORRUPT 11, FULL 13, CANTOPEN 14, NOTADB 26.
 */
const UNAVAILABLE_CODES = new Set([3, 5, 6, 7, 8, 10, 11, 13, 14, 26])

/** The result code of an error that node:sqlite threw; null for any other error. */
export function sqliteCodeOf(error: unknown): number | null {
  const code = (error as { errcode?: unknown } | null)?.errcode
  return typeof code === 'number' ? code : null
}

/** The error for the caller: `FLUX_STORE_UNAVAILABLE` with the reason, or the error itself when it is a bug. */
export function toCallerError(error: Error, sqliteCode: number | null): Error {
  // The low byte is the primary code; the rest tells the kind of it.
  if (sqliteCode === null || !UNAVAILABLE_CODES.has(sqliteCode & 0xff)) return error
  return new FluxError('FLUX_STORE_UNAVAILABLE', `The history cannot be used: ${error.message}`, [], error)
}
