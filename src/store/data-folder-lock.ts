// One service per data folder. The lock is an exclusive SQLite transaction: the operating system drops it when the process
// ends in whatever way, so a killed service leaves no stale lock behind and no process id has to be guessed at.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export class DataFolderInUseError extends Error {
  override readonly name = 'DataFolderInUseError'
}

export class DataFolderError extends Error {
  override readonly name = 'DataFolderError'
}

export interface DataFolderLock {
  /** Idempotent. */
  release(): void
}

/** A database that nobody refers to is closed by the garbage collector, and its lock with it. */
const held = new Set<DatabaseSync>()

/** Throws `DataFolderInUseError` with a sentence for the person when another process holds the folder. */
export function lockDataFolder(dataDirectory: string): DataFolderLock {
  try {
    mkdirSync(dataDirectory, { recursive: true })
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new DataFolderError(
      `The data folder ${dataDirectory} cannot be made: ${why}. Set FLUXWATCH_DATA_DIR to another one.`,
    )
  }
  const holderFile = join(dataDirectory, 'serve.pid')
  const database = new DatabaseSync(join(dataDirectory, 'serve.lock'), { timeout: 0 })
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (!(error instanceof Error) || !/locked|busy/i.test(error.message)) throw error
    const holder = readHolder(holderFile)
    throw new DataFolderInUseError(
      `Another fluxwatch${holder ? ` (process ${holder})` : ''} is running on the data folder ${dataDirectory}. ` +
        'Stop it first, or give this one its own folder with FLUXWATCH_DATA_DIR.',
    )
  }
  writeFileSync(holderFile, `${process.pid}\n`)
  held.add(database)
  return {
    release() {
      if (held.delete(database)) database.close()
    },
  }
}

function readHolder(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim() || null
  } catch {
    return null
  }
}
