// Which history a configuration asks for, and what it is opened with.
import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { HistoryStore } from '../store/history/history-store.ts'
import { openSqliteHistory } from '../store/history/sqlite/sqlite-history.ts'

/** The file of the embedded history. */
export function sqliteFileOf({ dataDirectory }: Pick<Config, 'dataDirectory'>): string {
  return join(dataDirectory, 'history.sqlite')
}

/** The file of the data folder must be usable. `onError`: of a server that is away at the moment; a file has none. */
export async function openHistory(config: Config, _onError: (error: unknown) => void): Promise<HistoryStore> {
  return openSqliteHistory(sqliteFileOf(config))
}
