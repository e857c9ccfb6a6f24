// The history in ClickHouse: past one machine, or where an organisation has one already. Decides how batches are cut and when a call
// is still taken; what is kept and asked is in the files beside it.
import { FluxError } from '../../../core/errors.ts'
import type { ObservationQuery } from '../../../core/model/observation-query.ts'
import type { StoredObservation } from '../../../core/model/observation.ts'
import type {
  AddressLife,
  AddressPlace,
  ChangeQuery,
  DayQuery,
  NewAddressQuery,
  PivotQuery,
  RecordQuery,
} from '../../../core/model/seen-record.ts'
import { observationsOfEntry } from '../../../core/outbox/round-frames.ts'
import type { HistoryCheck, HistoryStore } from '../history-store.ts'
import { lifeOf, newAddressPage } from './address-answers.ts'
import { ClickHouse, type ClickHouseAddress } from './clickhouse-client.ts'
import { dayPage } from './day-answers.ts'
import { INCOMING_COLUMNS, incomingRow } from './incoming-row.ts'
import { migrate, setRetention } from './migrate.ts'
import { observationPage } from './observation-page.ts'
import { pivotPage } from './pivot-answers.ts'
import { Placement } from './placement.ts'
import { pruneBefore } from './pruning.ts'
import { changePage, recordPage } from './record-answers.ts'
import { table, type Place } from './table-names.ts'

export type ClickHouseSettings = ClickHouseAddress &
  Place & {
    /** The server removes observations by itself when they are so old. */
    readonly retentionDays: number
    /** @defaultValue 30 s */
    readonly requestTimeoutMs?: number
  }

/** Rows of one INSERT at most. */
const ROWS_A_BATCH = 10_000

/**
 * Connects, and makes or brings up to date the database with its tables. The caller closes it.
 * Rejects with `FLUX_STORE_UNAVAILABLE` and the reason when the server cannot be used.
 */
export async function openClickHouseHistory(settings: ClickHouseSettings): Promise<ClickHouseHistory> {
  const clickhouse = new ClickHouse(settings, settings.requestTimeoutMs)
  try {
    await migrate(clickhouse, settings)
    await setRetention(clickhouse, settings, settings.retentionDays)
  } catch (error) {
    await clickhouse.close()
    throw error
  }
  return new ClickHouseHistory(clickhouse, settings)
}

export class ClickHouseHistory implements HistoryStore {
  readonly #clickhouse: ClickHouse
  readonly #place: Place
  readonly #placement: Placement
  readonly #running = new Set<Promise<unknown>>()
  #closed: Promise<void> | null = null

  constructor(clickhouse: ClickHouse, place: Place) {
    this.#clickhouse = clickhouse
    this.#place = place
    this.#placement = new Placement(clickhouse, place)
  }

  /**
   * When it resolves, the rows are on the server's disk (fsync), in a cluster on that of one replica of each shard.
   */
  append(rows: readonly StoredObservation[]): Promise<void> {
    return this.#track(async () => {
      for (let start = 0; start < rows.length; start += ROWS_A_BATCH) {
        await this.#appendBatch(rows.slice(start, start + ROWS_A_BATCH))
      }
    })
  }

  appendEntries(entries: readonly Uint8Array[]): Promise<void> {
    return this.#track(async () => {
      let rows: StoredObservation[] = []
      for (const entry of entries) {
        rows.push(...observationsOfEntry(entry))
        if (rows.length < ROWS_A_BATCH) continue
        await this.#appendBatch(rows)
        rows = []
      }
      await this.#appendBatch(rows)
    })
  }

  unplaced(limit: number): Promise<readonly string[]> {
    return this.#track(() => this.#placement.unplaced(limit))
  }

  place(places: readonly AddressPlace[]): Promise<void> {
    return this.#track(() => this.#placement.place(places))
  }

  observations(query: ObservationQuery) {
    return this.#page(query, () =>
      observationPage(this.#clickhouse, table(this.#place, 'observation'), query),
    )
  }

  records(query: RecordQuery) {
    return this.#page(query, () => recordPage(this.#clickhouse, this.#place, query))
  }

  recordsAt(query: PivotQuery) {
    return this.#page(query, () => pivotPage(this.#clickhouse, this.#place, query))
  }

  changes(query: ChangeQuery) {
    return this.#page(query, () => changePage(this.#clickhouse, this.#place, query))
  }

  newAddresses(query: NewAddressQuery) {
    return this.#page(query, () => newAddressPage(this.#clickhouse, this.#place, query))
  }

  life(address: string): Promise<AddressLife | null> {
    return this.#track(() => lifeOf(this.#clickhouse, this.#place, address))
  }

  statistics(query: DayQuery) {
    return this.#page(query, () => dayPage(this.#clickhouse, this.#place, query))
  }

  prune(olderThanMs: number): Promise<number> {
    return this.#track(() => pruneBefore(this.#clickhouse, this.#place, olderThanMs))
  }

  async check(): Promise<HistoryCheck> {
    if (this.#closed) return { ok: false, detail: 'The history is closed' }
    try {
      const [row] = await this.#clickhouse.rows<[string, number]>(
        `SELECT version(), max(version) FROM ${table(this.#place, 'migration')}`,
      )
      const [server, schema] = row!
      const { database, cluster } = this.#place
      const where = cluster === null ? '' : `, cluster ${cluster}`
      return { ok: true, detail: `ClickHouse ${server}, database ${database}${where}, schema ${schema}` }
    } catch (error) {
      return { ok: false, detail: error instanceof Error ? error.message : String(error) }
    }
  }

  close(): Promise<void> {
    this.#closed ??= Promise.allSettled(this.#running).then(() => this.#clickhouse.close())
    return this.#closed
  }

  async #appendBatch(rows: readonly StoredObservation[]): Promise<void> {
    // The first of an id within a batch is the one that stays.
    const first = new Map(rows.toReversed().map((row) => [`${row.at} ${row.id}`, row]))
    if (first.size === 0) return
    const kept = first.size === rows.length ? rows : [...first.values()]
    const values = kept.map(incomingRow)
    await this.#clickhouse.insert(table(this.#place, 'incoming'), INCOMING_COLUMNS, values)
    this.#placement.note(addressesOf(values))
  }

  #page<Answer>({ limit }: { readonly limit: number }, ask: () => Promise<Answer>): Promise<Answer> {
    return this.#track(async () => {
      if (!Number.isInteger(limit) || limit < 1) {
        throw new RangeError(`Expected a limit of at least 1, got ${limit}`)
      }
      return ask()
    })
  }

  #track<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    if (this.#closed) return Promise.reject(new FluxError('FLUX_DRAINING', 'The history is closed'))
    const answer = call()
    this.#running.add(answer)
    const forget = (): void => void this.#running.delete(answer)
    answer.then(forget, forget)
    return answer
  }
}

/** The addresses among the counted records. */
function* addressesOf(values: readonly (readonly unknown[])[]): Iterable<string> {
  const types = INCOMING_COLUMNS.indexOf('seen_types')
  const data = INCOMING_COLUMNS.indexOf('seen_data')
  for (const row of values) {
    for (const [index, type] of (row[types] as string[]).entries()) {
      if (type === 'A' || type === 'AAAA') yield (row[data] as string[])[index]!
    }
  }
}
