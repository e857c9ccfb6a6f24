// Brings the tables of a ClickHouse history up to date, and their time to live to what is configured. Several processes may do it
// at once: every statement can be run again.
import type { ClickHouse } from './clickhouse-client.ts'
import { MIGRATIONS } from './schema.ts'
import { localTable, mergeTree, onCluster, quoted, table, type KeptTable, type Place } from './table-names.ts'

type Steps = readonly ((place: Place) => string[])[]

/** Beyond this the server's dates (they end in 2106) could overflow; then nothing goes by itself, and `prune` alone removes. */
const MOST_DAYS = 20_000

/** What goes with the observations, and the column that says when, as seconds. */
const AGEING: Partial<Record<KeptTable, string>> = {
  observation: 'intDiv(at, 1000)',
  address_hour: 'hour * 3600',
}

/** Throws for a database that a newer fluxwatch made, and leaves it untouched. Answers the version. */
export async function migrate(
  clickhouse: ClickHouse,
  place: Place,
  steps: Steps = MIGRATIONS,
): Promise<number> {
  if (!(await isThere(clickhouse, place))) await makeDatabase(clickhouse, place)
  const found = await schemaVersion(clickhouse, place)
  if (found > steps.length) {
    throw new Error(
      `the history in ClickHouse has schema ${found}, this fluxwatch knows ${steps.length}: it was made by a newer version`,
    )
  }
  for (const [index, step] of steps.entries()) {
    if (index < found) continue
    for (const statement of step(place)) await clickhouse.run(statement)
    await clickhouse.insert(table(place, 'migration'), ['version'], [[index + 1]])
  }
  return steps.length
}

/** Whoever may only read and write can use what is up to date. */
async function isThere(clickhouse: ClickHouse, { database }: Place): Promise<boolean> {
  const [row] = await clickhouse.rows<[number]>(
    "SELECT count() FROM system.tables WHERE database = {database:String} AND name = 'migration'",
    { database },
  )
  return row![0] > 0
}

async function makeDatabase(clickhouse: ClickHouse, place: Place): Promise<void> {
  await clickhouse.run(`CREATE DATABASE IF NOT EXISTS ${quoted(place.database)}${onCluster(place)}`)
  // Not sharded: in a cluster every server's migration table has the same path, and so the same rows.
  const engine = mergeTree(place, 'ReplacingMergeTree', 'migration')
    .replace('{shard}', 'all')
    .replace('{replica}', '{shard}-{replica}')
  await clickhouse.run(
    `CREATE TABLE IF NOT EXISTS ${table(place, 'migration')}${onCluster(place)} (version UInt32, at DateTime DEFAULT now())
ENGINE = ${engine} ORDER BY version`,
  )
}

export async function schemaVersion(clickhouse: ClickHouse, place: Place): Promise<number> {
  const [row] = await clickhouse.rows<[number]>(`SELECT max(version) FROM ${table(place, 'migration')}`)
  return row![0]
}

/** Sets the days after which the server removes observations by itself, where they are others than before. */
export async function setRetention(clickhouse: ClickHouse, place: Place, days: number): Promise<void> {
  for (const [name, seconds] of Object.entries(AGEING) as [KeptTable, string][]) {
    const local = localTable(place, name)
    const [row] = await clickhouse.rows<[string]>(
      'SELECT engine_full FROM system.tables WHERE database = {database:String} AND name = {name:String}',
      { database: place.database, name: place.cluster === null ? name : `${name}_local` },
    )
    const before = / TTL .*?toIntervalDay\((\d+)\)/.exec(row?.[0] ?? '')?.[1]
    const wanted = days > MOST_DAYS ? undefined : String(days)
    if (before === wanted) continue
    const change =
      wanted === undefined ? 'REMOVE TTL' : `MODIFY TTL toDateTime(${seconds}, 'UTC') + INTERVAL ${days} DAY`
    await clickhouse.run(`ALTER TABLE ${local}${onCluster(place)} ${change}`)
  }
}
