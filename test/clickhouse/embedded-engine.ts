// ClickHouse's engine inside the test's process (chdb), in a folder of its own that goes with the process.
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ClickHouse, type EngineConnection } from '../../src/store/history/clickhouse/clickhouse-client.ts'
import { openClickHouseHistory } from '../../src/store/history/clickhouse/clickhouse-history.ts'
import type { HistoryPlace } from '../contract/history-store.ts'

/** Where scripts/test-clickhouse installs it. */
const ENGINE = new URL('../../.cache/clickhouse-engine/', import.meta.url)

interface Chdb {
  createChdbConnection(options: { path: string }): EngineConnection
}

const { createChdbConnection } = createRequire(ENGINE)('chdb/connection') as Chdb
const path = mkdtempSync(join(tmpdir(), 'fluxwatch-clickhouse-'))
process.on('exit', () => rmSync(path, { recursive: true, force: true }))

/** One more connection to the engine; all of them see the same databases. */
export function connectToEngine(): EngineConnection {
  return createChdbConnection({ path })
}

/** Stays open, so that the engine lives from the first test to the last. */
export const engine = new ClickHouse({ connection: connectToEngine() })

let databases = 0

/** The name of a database that does not exist yet. */
export function newDatabase(): string {
  databases += 1
  return `history_${databases}`
}

/** A history of its own for one test. */
export async function makeClickHousePlace(
  settings: { readonly retentionDays?: number } = {},
): Promise<HistoryPlace & { readonly database: string }> {
  const database = newDatabase()
  return {
    database,
    open: () =>
      openClickHouseHistory({
        connection: connectToEngine(),
        database,
        cluster: null,
        // The rows of the tests are of any year.
        retentionDays: 36_500,
        ...settings,
      }),
    remove: () => engine.run(`DROP DATABASE IF EXISTS ${database}`),
  }
}
