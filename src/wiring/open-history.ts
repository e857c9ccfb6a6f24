// Opens the history of the configuration, for the service and for the commands that work on it.
import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { HistoryStore } from '../store/history/history-store.ts'
import { openSqliteHistory } from '../store/history/sqlite/sqlite-history.ts'

/** The caller closes it. Rejects with `FLUX_STORE_UNAVAILABLE` and the reason when it cannot be used. */
export function openHistory(config: Pick<Config, 'dataDirectory'>): Promise<HistoryStore> {
  return openSqliteHistory(join(config.dataDirectory, 'history.sqlite'))
}
