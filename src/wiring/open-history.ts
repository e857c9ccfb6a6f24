// Which history a configuration asks for, and what it is opened with.
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { ClickHouseHistory } from '../store/history/clickhouse/clickhouse-history.ts'
import type { HistoryStore } from '../store/history/history-store.ts'
import { openSqliteHistory } from '../store/history/sqlite/sqlite-history.ts'

/** The file of the embedded history. */
export function sqliteFileOf({ dataDirectory }: Pick<Config, 'dataDirectory'>): string {
  return join(dataDirectory, 'history.sqlite')
}

/**
 * The file of the data folder must be usable. A ClickHouse server that is down does not stop the boot: `onError` hears of it,
 * `/readyz` says it, and it is tried again with every call.
 */
export async function openHistory(config: Config, onError: (error: unknown) => void): Promise<HistoryStore> {
  const { clickhouse, historyDays } = config
  if (clickhouse === null) return openSqliteHistory(sqliteFileOf(config))
  const history = new ClickHouseHistory({ ...clickhouse, retentionDays: historyDays })
  await history.ready().catch(onError)
  return history
}
