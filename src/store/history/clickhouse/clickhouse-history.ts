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
import { countedRecords, INCOMING_COLUMNS, incomingLine } from './incoming-row.ts'
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
  const history = new ClickHouseHistory(settings)
  try {
    await history.ready()
    return history
  } catch (error) {
    await history.close()
    throw error
  }
}

/** Opens itself at the first call, and at the next one where that failed: a server that is down stops nothing but history. */
export class ClickHouseHistory implements HistoryStore {
  /** An INSERT costs the server a part of each table, however few rows it has. */
  readonly gatherMs = 1_000
  readonly #clickhouse: ClickHouse
  readonly #place: Place
  readonly #retentionDays: number
  readonly #placement: Placement
  readonly #running = new Set<Promise<unknown>>()
  #ready: Promise<void> | null = null
  #closed: Promise<void> | null = null

  constructor(settings: ClickHouseSettings) {
    this.#clickhouse = new ClickHouse(settings, settings.requestTimeoutMs)
    this.#place = { database: settings.database, cluster: settings.cluster }
    this.#retentionDays = settings.retentionDays
    this.#placement = new Placement(this.#clickhouse, this.#place)
  }

  /** Resolves when the tables are up to date; rejects as every method does. */
  ready(): Promise<void> {
    this.#ready ??= this.#prepare().catch((error: unknown) => {
      this.#ready = null
      throw error
    })
    return this.#ready
  }

  /**
   * When it resolves, the rows are on the server's disk (fsync), in a cluster on that of one replica of each shard.
   */
  append(rows: readonly StoredObservation[]): Promise<void> {
    return this.#track(() => this.#appendAll(batchesOf([rows])))
  }

  appendEntries(entries: readonly Uint8Array[]): Promise<void> {
    return this.#track(() => this.#appendAll(batchesOf(rowsOf(entries))))
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
      await this.ready()
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

  async #prepare(): Promise<void> {
    await migrate(this.#clickhouse, this.#place)
    await setRetention(this.#clickhouse, this.#place, this.#retentionDays)
  }

  /** While the server takes one batch, the next is written out. */
  async #appendAll(batches: Iterable<readonly StoredObservation[]>): Promise<void> {
    let taken = Promise.resolve()
    try {
      for (const batch of batches) {
        const { text, addresses } = written(batch)
        await taken
        taken = this.#clickhouse
          .insertText(table(this.#place, 'incoming'), INCOMING_COLUMNS, text)
          .then(() => this.#placement.note(addresses))
      }
    } finally {
      await taken
    }
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
    const answer = this.ready().then(call)
    this.#running.add(answer)
    const forget = (): void => void this.#running.delete(answer)
    answer.then(forget, forget)
    return answer
  }
}

function* rowsOf(entries: readonly Uint8Array[]): Iterable<readonly StoredObservation[]> {
  for (const entry of entries) yield observationsOfEntry(entry)
}

function* batchesOf(
  portions: Iterable<readonly StoredObservation[]>,
): Iterable<readonly StoredObservation[]> {
  let batch: StoredObservation[] = []
  for (const portion of portions) {
    for (const row of portion) {
      batch.push(row)
      if (batch.length < ROWS_A_BATCH) continue
      yield batch
      batch = []
    }
  }
  if (batch.length > 0) yield batch
}

/** The first of an id within a batch is the one that stays. */
function written(batch: readonly StoredObservation[]): { text: string; addresses: ReadonlySet<string> } {
  const ids = new Set<string>()
  const addresses = new Set<string>()
  let text = ''
  for (const row of batch) {
    if (ids.has(row.id)) continue
    ids.add(row.id)
    const seen = countedRecords(row)
    for (const { type, data } of seen) if (type === 'A' || type === 'AAAA') addresses.add(data)
    text += incomingLine(row, seen)
  }
  return { text, addresses }
}
