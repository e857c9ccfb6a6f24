// One side of the comparison in a process of its own: the same rows through the historian (a Redis stream, the reader, SQLite), or
// as bare prepared inserts into the same table, from observations in memory or from the values of the columns. Prints what the
// measured part cost, as JSON.
// Arguments: `historian`, `bare` or `values`, file of the history, rows, socket of Redis.
import { historian } from '../../src/queue/historian.ts'
import { keys, PARTITIONS } from '../../src/store/keys.ts'
import { INSERT_SQL, ObservationRows } from '../../src/store/history/sqlite/observation-row.ts'
import { openDatabase } from '../../src/store/history/sqlite/open-database.ts'
import { openSqliteHistory } from '../../src/store/history/sqlite/sqlite-history.ts'
import { OutboxReader } from '../../src/store/outbox-reader.ts'
import { connectForWork, ready } from '../../src/store/redis.ts'
import { entriesOf, roundsUntil, type BenchEntry } from './entries.ts'
import { ROWS_A_NAME, World } from './world.ts'

export interface InsertCost {
  readonly rows: number
  /** User and system time of the process with all its threads. */
  readonly cpuUs: number
  /** Of the main thread alone. */
  readonly mainUs: number
  readonly elapsedMs: number
}

/** Of the rows, so that both sides are measured compiled. */
const WARM_UP = 0.1
/** Of the bare inserts; the smallest cost a row is at about a thousand. */
const ROWS_A_TRANSACTION = 5_000
const DRAIN_LIMIT_MS = 600_000

const [side, path = '', rowsText, socketPath = ''] = process.argv.slice(2)
const wanted = Number(rowsText)
const world = new World({ names: Math.ceil((wanted / ROWS_A_NAME) * 1.1), days: 60 })
const cost = side === 'historian' ? await throughHistorian() : await bare(side === 'values')
process.stdout.write(`${JSON.stringify(cost)}\n`)

async function bare(areValuesReady: boolean): Promise<InsertCost> {
  const database = openDatabase(path)
  const rows = [...roundsUntil(world.rounds(), wanted)].flat()
  const columns = new ObservationRows(database)
  // The dictionaries are filled here, unmeasured.
  database.exec('BEGIN IMMEDIATE')
  const values = rows.map((row) => columns.toValues(row))
  database.exec('COMMIT')
  const insert = database.prepare(INSERT_SQL)
  const add = (from: number, to: number): void => {
    for (let start = from; start < to; start += ROWS_A_TRANSACTION) {
      database.exec('BEGIN IMMEDIATE')
      for (let place = start; place < Math.min(to, start + ROWS_A_TRANSACTION); place += 1) {
        insert.run(...(areValuesReady ? values[place]! : columns.toValues(rows[place]!)))
      }
      database.exec('COMMIT')
    }
  }
  const warm = Math.floor(values.length * WARM_UP)
  add(0, warm)
  const spent = await measure(async () => add(warm, rows.length))
  database.close()
  return { rows: rows.length - warm, ...spent }
}

async function throughHistorian(): Promise<InsertCost> {
  const entries = [...entriesOf(roundsUntil(world.rounds(), wanted))]
  const warm = Math.floor(entries.length * WARM_UP)
  const redis = await ready(connectForWork({ socketPath }))
  const history = await openSqliteHistory(path)
  await fill(entries.slice(0, warm))
  await drain()
  const measured = entries.slice(warm)
  await fill(measured)
  const spent = await measure(drain)
  redis.disconnect()
  await history.close()
  return { rows: measured.reduce((sum, { rows }) => sum + rows, 0), ...spent }

  async function fill(added: readonly BenchEntry[]): Promise<void> {
    for (let start = 0; start < added.length; start += 1000) {
      await Promise.all(
        added
          .slice(start, start + 1000)
          .map(({ partition, payload }) => redis.xadd(keys.observations(partition), '*', 'round', payload)),
      )
    }
  }

  async function drain(): Promise<void> {
    const reader = new OutboxReader(redis, {
      group: 'historian',
      consumer: 'bench',
      streams: PARTITIONS.map(keys.observations),
      field: 'round',
      octetsALook: 64 * 1024,
      backlogs: PARTITIONS.map((partition) => ({
        counts: keys.observationsBacklog(partition),
        unreadable: keys.observationsUnreadable(partition),
      })),
      onError: (error) => {
        throw error
      },
    })
    await reader.start(historian(history))
    await reader.stop(DRAIN_LIMIT_MS)
  }
}

async function measure(work: () => Promise<void>): Promise<Omit<InsertCost, 'rows'>> {
  const before = process.cpuUsage()
  const mainBefore = process.threadCpuUsage()
  const startedAt = performance.now()
  await work()
  const elapsedMs = performance.now() - startedAt
  const { user, system } = process.cpuUsage(before)
  const main = process.threadCpuUsage(mainBefore)
  return { cpuUs: user + system, mainUs: main.user + main.system, elapsedMs }
}
