// What goes when it is too old: whole weeks by their partitions, the rest of a week by deletion. The server's own time to live
// (migrate.ts) does the same for observations and hours where nobody prunes, up to a week later.
import type { ClickHouse } from './clickhouse-client.ts'
import { WEEK_MS } from './schema.ts'
import { localTable, onCluster, table, type KeptTable, type Place } from './table-names.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000
const HOURS_A_WEEK = WEEK_MS / HOUR_MS

/** Answers how many observations went. */
export async function pruneBefore(
  clickhouse: ClickHouse,
  place: Place,
  olderThanMs: number,
): Promise<number> {
  const before = Math.max(0, Math.ceil(olderThanMs))
  const [row] = await clickhouse.rows<[number]>(
    `SELECT count() FROM (SELECT DISTINCT target, at, key FROM ${table(place, 'observation')} WHERE at < {before:Int64})`,
    { before },
  )
  await removeWeeks(clickhouse, place, 'observation', 'at', before, WEEK_MS)
  await removeWeeks(clickhouse, place, 'address_hour', 'hour', Math.floor(before / HOUR_MS), HOURS_A_WEEK)
  await removeWhere(clickhouse, place, 'day_count', 'day < {before:Int64}', Math.floor(before / DAY_MS))
  await removeUnseen(clickhouse, place, 'record', 'name, type, data', before)
  await removeUnseen(clickhouse, place, 'record_by_data', 'address, data, type, name', before)
  await removeUnseen(clickhouse, place, 'first_seen', 'kind, hash', before)
  return row![0]
}

/** `column` < `before`, in a table whose partitions are `intDiv(column, week)`. */
async function removeWeeks(
  clickhouse: ClickHouse,
  place: Place,
  name: KeptTable,
  column: string,
  before: number,
  week: number,
): Promise<void> {
  const weeks = await clickhouse.rows<[number]>(
    `SELECT DISTINCT intDiv(${column}, ${week}) AS week FROM ${table(place, name)} WHERE ${column} < {before:Int64} ORDER BY week`,
    { before },
  )
  for (const [number] of weeks) {
    const local = `${localTable(place, name)}${onCluster(place)}`
    if ((number + 1) * week <= before) await clickhouse.run(`ALTER TABLE ${local} DROP PARTITION ${number}`)
    else await removeWhere(clickhouse, place, name, `${column} < {before:Int64}`, before)
  }
}

/** What was seen last before it. Pieces of one thing are gathered first: the latest says whether it is still seen. */
async function removeUnseen(
  clickhouse: ClickHouse,
  place: Place,
  name: KeptTable,
  key: string,
  before: number,
): Promise<void> {
  // On one shard each: what belongs together lies together (schema.ts), so each server looks at its own table.
  const unseen = `SELECT ${key} FROM ${localTable(place, name)} GROUP BY ${key} HAVING max(last) < {before:Int64}`
  await removeWhere(clickhouse, place, name, `last < {before:Int64} AND (${key}) IN (${unseen})`, before)
}

/** Deletes where there is something to delete: a mutation that finds nothing still reads every part. */
async function removeWhere(
  clickhouse: ClickHouse,
  place: Place,
  name: KeptTable,
  where: string,
  before: number,
): Promise<void> {
  const whereNow = where.replaceAll('{before:Int64}', String(before))
  const found = await clickhouse.rows<[number]>(
    `SELECT 1 FROM ${table(place, name)} WHERE ${whereNow} LIMIT 1`,
  )
  if (found.length === 0) return
  await clickhouse.run(`DELETE FROM ${localTable(place, name)}${onCluster(place)} WHERE ${whereNow}`)
}
