// What a move into ClickHouse needs beyond a history: what is there already, records with counts of their own, and where the move
// was when it stopped.
import type { StoredObservation } from '../../../core/model/observation.ts'
import type { AddressPlace } from '../../../core/model/seen-record.ts'
import { rowKey } from '../../../core/history/row-key.ts'
import type { ExportedRecord } from '../sqlite/sqlite-export.ts'
import { carriedValue } from './carried-count.ts'
import { ClickHouse } from './clickhouse-client.ts'
import { ClickHouseHistory, type ClickHouseSettings } from './clickhouse-history.ts'
import { AMONG_KEYS, keyValues } from './record-rows.ts'
import { table, type Place } from './table-names.ts'

const RECORD_COLUMNS = [
  'name',
  'type',
  'data',
  'first',
  'last',
  'vantages',
  'told',
  'carried',
  'carried_heard',
] as const

export class CopyTarget {
  readonly #clickhouse: ClickHouse
  readonly #place: Place
  readonly #history: ClickHouseHistory

  constructor(settings: ClickHouseSettings) {
    this.#clickhouse = new ClickHouse(settings, settings.requestTimeoutMs)
    this.#place = { database: settings.database, cluster: settings.cluster }
    this.#history = new ClickHouseHistory(settings)
  }

  /** Makes the tables where they are missing. */
  ready(): Promise<void> {
    return this.#history.ready()
  }

  append(rows: readonly StoredObservation[]): Promise<void> {
    return this.#history.append(rows)
  }

  place(places: readonly AddressPlace[]): Promise<void> {
    return this.#history.place(places)
  }

  /** Whether every one of the rows is there. */
  async hasAll(rows: readonly StoredObservation[]): Promise<boolean> {
    const times = rows.map(({ at }) => at).toSorted((left, right) => left - right)
    const [row] = await this.#clickhouse.rows<[number]>(
      `SELECT count() FROM (SELECT DISTINCT target, at, key FROM ${table(this.#place, 'observation')}
WHERE target IN {targets:Array(String)} AND at BETWEEN {first:Int64} AND {last:Int64} AND key IN {keys:Array(UInt64)})`,
      {
        targets: [...new Set(rows.map(({ target }) => target))],
        first: times[0],
        last: times.at(-1),
        keys: rows.map(({ id }) => rowKey(id)),
      },
    )
    return row![0] >= rows.length
  }

  /**
   * Brings records with their times, and with the part of their counts that no observation here stands for. `run`: from 1, greater
   * each time. `newest`: when the other history's newest observation was made (ms); what is here of later times is not its.
   */
  async addRecords(run: number, newest: number, records: readonly ExportedRecord[]): Promise<void> {
    const here = await this.#countsOf(newest, records)
    const rows = records.map((record) => {
      const [own, heard] = here.get(keyOf(record)) ?? [0, 0]
      return [
        record.name,
        record.type,
        record.data,
        record.firstSeen,
        record.lastSeen,
        record.vantages,
        record.sensorTold,
        carriedValue(run, Math.max(0, record.count - own)),
        carriedValue(run, Math.max(0, record.sensorObservations - heard)),
      ]
    })
    await this.#clickhouse.insert(table(this.#place, 'record'), RECORD_COLUMNS, rows)
  }

  /** Null before the first run. */
  async readProgress(source: string): Promise<string | null> {
    const [row] = await this.#clickhouse.rows<[string]>(
      `SELECT place FROM ${table(this.#place, 'copy_progress')} WHERE source = {source:String} ORDER BY at DESC LIMIT 1`,
      { source },
    )
    return row?.[0] ?? null
  }

  async keepProgress(source: string, place: string): Promise<void> {
    await this.#clickhouse.insert(table(this.#place, 'copy_progress'), ['source', 'place'], [[source, place]])
  }

  /** How much there is now. */
  async totals(): Promise<{ readonly observations: number; readonly records: number }> {
    const [row] = await this.#clickhouse.rows<[number, number]>(
      `SELECT (SELECT count() FROM ${table(this.#place, 'observation')} FINAL),
  (SELECT count() FROM (SELECT 1 FROM ${table(this.#place, 'record')} GROUP BY name, type, data))`,
    )
    return { observations: row![0], records: row![1] }
  }

  async close(): Promise<void> {
    await this.#history.close()
    await this.#clickhouse.close()
  }

  /** By how many observations up to the second of `newest` each record is counted here. */
  async #countsOf(
    newest: number,
    records: readonly ExportedRecord[],
  ): Promise<ReadonlyMap<string, readonly [own: number, heard: number]>> {
    // The lower half of a sight number is the second.
    const until = (column: string): string =>
      `arrayCount(sight -> bitAnd(sight, 0xffffffff) <= {second:UInt64}, bitmapToArray(groupBitmapMergeState(${column})))`
    const rows = await this.#clickhouse.rows<[string, string, string, number, number]>(
      `SELECT name, type, data, ${until('own')}, ${until('heard')} FROM ${table(this.#place, 'record')}
WHERE ${AMONG_KEYS} GROUP BY name, type, data`,
      { second: Math.floor(newest / 1000), ...keyValues(records) },
    )
    return new Map(rows.map(([name, type, data, own, heard]) => [keyOf({ name, type, data }), [own, heard]]))
  }
}

function keyOf({ name, type, data }: { name: string; type: string; data: string }): string {
  return `${type} ${name} ${data}`
}
