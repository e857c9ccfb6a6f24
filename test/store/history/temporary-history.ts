// A place for a SQLite history of one test: a folder of its own, removed afterwards.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteHistory } from '../../../src/store/history/sqlite/sqlite-history.ts'
import type { HistoryPlace } from '../../contract/history-store.ts'

// Threads read their sources anew each time they start, unless Node keeps what it made of them.
process.env['NODE_COMPILE_CACHE'] ??= join(tmpdir(), 'fluxwatch-compile-cache')

export async function makeSqlitePlace(): Promise<HistoryPlace & { readonly path: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'fluxwatch-history-'))
  const path = join(directory, 'data', 'history.sqlite')
  return {
    path,
    open: () => openSqliteHistory(path),
    remove: () => rm(directory, { recursive: true, force: true }),
  }
}
