// ClickHouse's engine inside of the bench (chdb): how fast rows go in, in batches of ten thousand, what they take on disk, and how long
// the questions take. It is installed by scripts/test-clickhouse; without it there is nothing to measure.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ClickHouse, type EngineConnection } from '../../src/store/history/clickhouse/clickhouse-client.ts'
import { openClickHouseHistory } from '../../src/store/history/clickhouse/clickhouse-history.ts'
import { median } from '../medians.ts'
import type { Target } from '../targets.ts'
import { roundsUntil } from './entries.ts'
import { fillHistory, worldOf } from './large-file.ts'
import { askAll, type Answered } from './questions.ts'
import { World } from './world.ts'

export interface ClickHouseOptions {
  /** That holds node_modules/chdb. */
  readonly folder: string
  readonly progress: (line: string) => void
}

const BATCH = 10_000
const LEAST_ROWS_A_SECOND = 40_000
/** The rows of the bench are of one year, whatever the day. */
const RETENTION_DAYS = 36_500

interface Engine {
  connect(): EngineConnection
  close(): void
}

/** Null where it is not installed. */
export function openEngine(folder: string): Engine | null {
  if (!existsSync(join(folder, 'node_modules', 'chdb', 'package.json'))) return null
  const load = createRequire(pathToFileURL(join(folder, 'index.js')))
  const { createChdbConnection } = load('chdb/connection') as {
    createChdbConnection(options: { path: string }): EngineConnection
  }
  const path = mkdtempSync(join(tmpdir(), 'fw-bench-clickhouse-'))
  return {
    connect: () => createChdbConnection({ path }),
    close: () => rmSync(path, { recursive: true, force: true }),
  }
}

/** Rows of one process's memory, appended to a new database each round. */
export async function measureAppends(
  engine: Engine,
  { rows, rounds, progress }: { rows: number; rounds: number; progress: (line: string) => void },
): Promise<Target[]> {
  const all = [...roundsUntil(new World({ names: Math.ceil(rows / 300), days: 60 }).rounds(), rows)].flat()
  const speeds: number[] = []
  const costs: number[] = []
  let size = ''
  const admin = new ClickHouse({ connection: engine.connect() })
  for (let round = 1; round <= rounds; round += 1) {
    const database = `appends_${round}`
    const history = await openHistory(engine, database)
    const startedAt = performance.now()
    const before = process.cpuUsage()
    // The store cuts it into batches, and writes one out while the engine takes the one before.
    await history.append(all)
    const speed = all.length / ((performance.now() - startedAt) / 1000)
    speeds.push(speed)
    const { user, system } = process.cpuUsage(before)
    costs.push((user + system) / all.length)
    progress(
      `round ${round}/${rounds}  clickhouse ${Math.round(speed).toLocaleString('en')} rows/s, ${costs.at(-1)!.toFixed(1)} us a row`,
    )
    await history.close()
    size = `${((await octetsOf(admin, database)) / all.length).toFixed(0)} B`
    await admin.run(`DROP DATABASE ${database}`)
  }
  await admin.close()
  const speed = median(speeds)
  return [
    {
      what: `embedded ClickHouse, rows a second in batches of ${BATCH.toLocaleString('en')}`,
      limit: `>= ${LEAST_ROWS_A_SECOND.toLocaleString('en')}`,
      measured: `${Math.round(speed).toLocaleString('en')} (${median(costs).toFixed(1)} us of CPU a row, client and engine)`,
      met: speed >= LEAST_ROWS_A_SECOND,
    },
    {
      what: `ClickHouse on disk, an observation (of ${all.length.toLocaleString('en')}, merged, all tables)`,
      limit: '',
      measured: size,
      met: null,
    },
  ]
}

export async function askClickHouse(
  engine: Engine,
  { rows, calls, progress }: { rows: number; calls: number; progress: (line: string) => void },
): Promise<{ answered: Answered[]; octetsARow: number }> {
  const database = 'questions'
  const history = await openHistory(engine, database)
  const world = worldOf(rows)
  await fillHistory(history, world, rows, progress)
  const admin = new ClickHouse({ connection: engine.connect() })
  const octetsARow = (await octetsOf(admin, database)) / rows
  const answered = await askAll(history, world, calls, progress)
  await history.close()
  await admin.run(`DROP DATABASE ${database}`)
  await admin.close()
  return { answered, octetsARow }
}

function openHistory(engine: Engine, database: string) {
  const connection = engine.connect()
  return openClickHouseHistory({ connection, database, cluster: null, retentionDays: RETENTION_DAYS })
}

/** Of all tables, merged as they would be after a while. */
async function octetsOf(admin: ClickHouse, database: string): Promise<number> {
  const tables = await admin.rows<[string]>(
    `SELECT name FROM system.tables WHERE database = '${database}' AND engine LIKE '%MergeTree'`,
  )
  for (const [name] of tables) await admin.run(`OPTIMIZE TABLE ${database}.${name} FINAL`)
  const [row] = await admin.rows<[number]>(
    `SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = '${database}'`,
  )
  return Number(row![0])
}
