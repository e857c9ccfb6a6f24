// The one door to a ClickHouse server: statements with parameters, rows in, rows out, time limits, and errors in the house's
// words. Decides nothing about tables.
import { Readable } from 'node:stream'
import { createClient, type ClickHouseClient, type ClickHouseSettings } from '@clickhouse/client'
import { toCallerError } from './clickhouse-failure.ts'

/** What `createClient` of @clickhouse/client takes in place of a URL: an engine inside of this process (chdb/connection). */
export type EngineConnection = NonNullable<NonNullable<Parameters<typeof createClient>[0]>['connection']>

export type ClickHouseAddress = { readonly url: string } | { readonly connection: EngineConnection }

/** How long a server may take for one statement, before the call is given up as unavailable; ms. */
const REQUEST_TIMEOUT_MS = 30_000
/** One historian, one placer and a few requests of the API at a time. */
const MOST_CONNECTIONS = 16

const READ_SETTINGS: ClickHouseSettings = {
  output_format_json_quote_64bit_integers: 0,
  // Exact as soon as an INSERT was answered, whichever replica answers the SELECT.
  select_sequential_consistency: '0',
}

const WRITE_SETTINGS: ClickHouseSettings = {
  // One INSERT is written when it is answered: not gathered on the server, not queued for the shards.
  async_insert: 0,
  distributed_foreground_insert: 1,
  // What is in a batch is idempotent by itself (schema.ts); blocks that the server skips would starve the views.
  insert_deduplicate: 0,
  // A view that fails fails the INSERT.
  materialized_views_ignore_errors: 0,
  // The views of one INSERT do not wait for each other.
  parallel_view_processing: 1,
  // An import may bring rows of many years.
  max_partitions_per_insert_block: '0',
  // The fast parser of doubles is off by one in the last place now and then.
  precise_float_parsing: 1,
}

const WRITTEN_SETTINGS = Object.entries(WRITE_SETTINGS)
  .map(([name, value]) => `${name} = ${value}`)
  .join(', ')

const ALTER_SETTINGS: ClickHouseSettings = {
  alter_sync: '2',
  mutations_sync: '2',
  lightweight_deletes_sync: '2',
  allow_nondeterministic_mutations: 1,
}

export class ClickHouse {
  readonly #client: ClickHouseClient

  constructor(address: ClickHouseAddress, requestTimeoutMs = REQUEST_TIMEOUT_MS) {
    this.#client = createClient({
      ...address,
      request_timeout: requestTimeoutMs,
      max_open_connections: MOST_CONNECTIONS,
      application: 'fluxwatch',
      // Long lists of names do not fit into a URL.
      use_multipart_params_auto: true,
      // It would log to standard error; what went wrong is thrown.
      log: { level: 127 },
    })
  }

  /** The rows of a SELECT, each an array of its columns in order. `{name:Type}` in the statement is filled from `values`. */
  async rows<Row extends readonly unknown[]>(
    sql: string,
    values: Record<string, unknown> = {},
  ): Promise<Row[]> {
    return told(async () => {
      const answer = await this.#client.query({
        query: sql,
        query_params: values,
        format: 'JSONCompactEachRow',
        clickhouse_settings: READ_SETTINGS,
      })
      return answer.json<Row>() as unknown as Promise<Row[]>
    })
  }

  /** Runs a statement that answers nothing; waits for all servers and replicas that it concerns. */
  async run(sql: string, values: Record<string, unknown> = {}): Promise<void> {
    await told(() =>
      this.#client.command({ query: sql, query_params: values, clickhouse_settings: ALTER_SETTINGS }),
    )
  }

  /** `rows`: the columns of each in order. Written when it resolves. */
  async insert(
    table: string,
    columns: readonly string[],
    rows: readonly (readonly unknown[])[],
  ): Promise<void> {
    await told(() =>
      this.#client.insert({
        table,
        columns: columns as [string, ...string[]],
        format: 'JSONCompactEachRow',
        values: rows,
        clickhouse_settings: WRITE_SETTINGS,
      }),
    )
  }

  /**
   * The same of rows in text form (TabSeparated): each with its columns in order, and a line feed at its end. The settings stand in
   * the statement: for each that is given beside it, an embedded engine copies the whole text once more.
   */
  async insertText(table: string, columns: readonly string[], text: string): Promise<void> {
    await told(async () => {
      const { stream } = await this.#client.exec({
        query: `INSERT INTO ${table} (${columns.join(', ')}) SETTINGS ${WRITTEN_SETTINGS} FORMAT TabSeparated`,
        values: Readable.from([Buffer.from(text)], { objectMode: false }),
      })
      // Nothing is in it; the connection is free when it has ended.
      for await (const _ of stream);
    })
  }

  async close(): Promise<void> {
    await this.#client.close()
  }
}

async function told<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call()
  } catch (error) {
    throw toCallerError(error)
  }
}
