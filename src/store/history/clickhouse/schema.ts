// The tables of a ClickHouse history, as steps that bring an older database to today's. Says what is kept and how a replay
// adds nothing; migrate.ts runs the steps.
//
// How rows come in: one INSERT into `incoming`, a table that keeps nothing, from which materialised views fill the tables. So
// one batch is one message, and what a view makes of it is decided here alone.
//
// Why a replay adds nothing, whatever it is made of: every table keeps only states for which a ∪ a = a.
//   observation     a ReplacingMergeTree; of the same (target, at, key) the row that was inserted first stays
//   first, last     minimum and maximum
//   vantages        a set
//   own, heard      sets of observations (bitmaps of their sight numbers, sight-number.ts), whose size is the count;
//   keys            the same, of a day's rows
//   told            the greatest sum that one observation of a sensor told
//   carried…        of the latest run that brought a record over from another history: how many observations it had counted
//                   there that are no more (carried-count.ts)
// A batch whose INSERT failed half-way (one view wrote, another did not) is therefore healed by its replay. For the same
// reason ClickHouse's own deduplication of inserted blocks is switched off (clickhouse-client.ts): it would keep a replayed
// block from the views that missed it.
import {
  KEPT_TABLES,
  localTable,
  mergeTree,
  onCluster,
  table,
  type KeptTable,
  type Place,
} from './table-names.ts'

/** One partition a week since the epoch, of ms: pruning drops whole ones, and a week is found by its number in any time zone. */
export const WEEK_MS = 7 * 86_400_000

/** A place of the columns of one observation, shared by `incoming` and `observation`. Texts: '' stands for "not there". */
const OBSERVATION_COLUMNS = `
  target String CODEC(ZSTD(1)),
  at Int64 CODEC(Delta(8), ZSTD(1)),
  key UInt64 CODEC(ZSTD(1)),
  id String CODEC(ZSTD(1)),
  round UInt32 CODEC(Delta(4), ZSTD(1)),
  vantage LowCardinality(String) CODEC(ZSTD(1)),
  qname String CODEC(ZSTD(1)),
  qtype LowCardinality(String) CODEC(ZSTD(1)),
  outcome LowCardinality(String) CODEC(ZSTD(1)),
  failure LowCardinality(String) CODEC(ZSTD(1)),
  rcode LowCardinality(String) CODEC(ZSTD(1)),
  rtt_ms Float64 CODEC(ZSTD(1)),
  answer String CODEC(ZSTD(3)),
  authority String CODEC(ZSTD(3)),
  additional String CODEC(ZSTD(3)),
  authoritative Int8 CODEC(ZSTD(1)),
  client_subnet_scope Int16 CODEC(ZSTD(1)),
  extended_errors String CODEC(ZSTD(1)),
  server String CODEC(ZSTD(1)),
  side LowCardinality(String) CODEC(ZSTD(1)),
  freshness LowCardinality(String) CODEC(ZSTD(1)),
  told String CODEC(ZSTD(1))`

const RECORD_KEY = `
  name String CODEC(ZSTD(1)),
  type LowCardinality(String) CODEC(ZSTD(1)),
  data String CODEC(ZSTD(1))`

const TIMES = `
  first SimpleAggregateFunction(min, Int64) CODEC(ZSTD(1)),
  last SimpleAggregateFunction(max, Int64) CODEC(ZSTD(1))`

/** What is known of one record. */
const RECORD_COLUMNS = `${RECORD_KEY}, ${TIMES},
  vantages SimpleAggregateFunction(groupUniqArrayArray, Array(String)) CODEC(ZSTD(1)),
  own AggregateFunction(groupBitmap, UInt64) CODEC(ZSTD(1)),
  heard AggregateFunction(groupBitmap, UInt64) CODEC(ZSTD(1)),
  told SimpleAggregateFunction(max, UInt64) CODEC(ZSTD(1)),
  carried SimpleAggregateFunction(max, UInt64) CODEC(ZSTD(1)),
  carried_heard SimpleAggregateFunction(max, UInt64) CODEC(ZSTD(1))`

/** What a view makes of the counted records of a batch. `is_sensor` and `first_at` come with the row. */
const RECORD_SUMS = `
    min(first_at) AS first,
    max(at) AS last,
    groupUniqArray(vantage) AS vantages,
    groupBitmapStateIf(sight, NOT is_sensor) AS own,
    groupBitmapStateIf(sight, is_sensor) AS heard,
    max(told_count) AS told`

/** Of equal keys a ReplacingMergeTree keeps the highest version: this one is highest for the row that came first. */
const FIRST_WINS = 'bitNot(toUInt64(toUnixTimestamp64Nano(now64(9))))'

/** SQL: by what `first_seen` knows a name or an address. No two kinds share a hash, so that `hash` alone says what is one thing. */
export function hashOf(kind: 'name' | 'address', text: string): string {
  return `cityHash64('${kind}', ${text})`
}

export const OBSERVATION_NAMES = columnNames(OBSERVATION_COLUMNS)

/** Synced to the disk before an INSERT is answered, as an acknowledged observation must outlive a power cut. */
const DURABLE = 'fsync_after_insert = 1, fsync_part_directory = 1'

/**
 * Of a table that is asked for a few rows at many places: each place costs reading and unpacking what lies around it. By default
 * that would be 8,192 rows in blocks of 64 KiB.
 */
const SMALL_READS = 'index_granularity = 128, min_compress_block_size = 8192'

/** How rows are spread over the shards: what must meet to be merged has the same value. */
const SHARDED_BY: Record<KeptTable, string> = {
  observation: 'cityHash64(target)',
  record: 'cityHash64(name)',
  record_by_data: 'cityHash64(data)',
  first_seen: 'cityHash64(hash)',
  address_hour: 'cityHash64(address)',
  day_count: 'cityHash64(day, bucket)',
  address_place: 'cityHash64(address)',
  place_by_asn: 'cityHash64(address)',
  place_by_country: 'cityHash64(address)',
  copy_progress: 'cityHash64(source)',
}

/**
 * Step n brings a database from version n to n + 1. Every statement can be run again. A step that was released is never
 * changed; a new one is added.
 */
export const MIGRATIONS: readonly ((place: Place) => string[])[] = [firstTables]

function firstTables(place: Place): string[] {
  const kept = (name: KeptTable, columns: string, engine: string, version: string[], rest: string): string =>
    `CREATE TABLE IF NOT EXISTS ${localTable(place, name)}${onCluster(place)} (${columns})
ENGINE = ${mergeTree(place, engine, name, ...version)} ${rest}`
  const view = (name: string, to: KeptTable, select: string): string =>
    `CREATE MATERIALIZED VIEW IF NOT EXISTS ${table(place, name)}${onCluster(place)} TO ${table(place, to)} AS ${select}`
  const incoming = table(place, 'incoming')
  const PLACE_COLUMNS = `address String, asn Int64, organisation Nullable(String), country String,
  version UInt64 DEFAULT ${FIRST_WINS}`
  return [
    kept(
      'observation',
      `${OBSERVATION_COLUMNS},\n  version UInt64 CODEC(ZSTD(1))`,
      'ReplacingMergeTree',
      ['version'],
      `PARTITION BY intDiv(at, ${WEEK_MS}) ORDER BY (target, at, key) SETTINGS index_granularity = 1024, ttl_only_drop_parts = 1, ${DURABLE}`,
    ),
    kept(
      'record',
      RECORD_COLUMNS,
      'AggregatingMergeTree',
      [],
      `ORDER BY (name, type, data) SETTINGS ${SMALL_READS}, ${DURABLE}`,
    ),
    kept(
      'record_by_data',
      `address IPv6 CODEC(ZSTD(1)), ${RECORD_KEY}, ${TIMES}`,
      'AggregatingMergeTree',
      [],
      `ORDER BY (address, data, type, name) SETTINGS ${SMALL_READS}, ${DURABLE}`,
    ),
    kept(
      'first_seen',
      `kind Enum8('record' = 1, 'name' = 2, 'address' = 3), hash UInt64 CODEC(ZSTD(1)),
  value SimpleAggregateFunction(any, String) CODEC(ZSTD(1)), ${TIMES}`,
      'AggregatingMergeTree',
      [],
      `ORDER BY (kind, hash) SETTINGS ${DURABLE}`,
    ),
    kept(
      'address_hour',
      'address String CODEC(ZSTD(1)), hour UInt32 CODEC(Delta(4), ZSTD(1))',
      'ReplacingMergeTree',
      [],
      `PARTITION BY intDiv(hour, 168) ORDER BY (address, hour) SETTINGS index_granularity = 1024, ttl_only_drop_parts = 1, ${DURABLE}`,
    ),
    kept(
      'day_count',
      `day UInt32, outcome LowCardinality(String), bucket UInt8,
  keys AggregateFunction(uniqExact, UInt64) CODEC(ZSTD(1))`,
      'AggregatingMergeTree',
      [],
      `ORDER BY (day, outcome, bucket) SETTINGS index_granularity = 64, ${DURABLE}`,
    ),
    kept(
      'address_place',
      PLACE_COLUMNS,
      'ReplacingMergeTree',
      ['version'],
      `ORDER BY address SETTINGS ${SMALL_READS}, ${DURABLE}`,
    ),
    kept(
      'place_by_asn',
      PLACE_COLUMNS,
      'ReplacingMergeTree',
      ['version'],
      `ORDER BY (asn, address) SETTINGS ${SMALL_READS}, ${DURABLE}`,
    ),
    kept(
      'place_by_country',
      PLACE_COLUMNS,
      'ReplacingMergeTree',
      ['version'],
      `ORDER BY (country, address) SETTINGS ${SMALL_READS}, ${DURABLE}`,
    ),
    kept(
      'copy_progress',
      'source String, place String, at DateTime64(9) DEFAULT now64(9)',
      'ReplacingMergeTree',
      ['at'],
      `ORDER BY source SETTINGS ${DURABLE}`,
    ),
    ...distributed(place),
    `CREATE TABLE IF NOT EXISTS ${incoming}${onCluster(place)} (${plainColumns(OBSERVATION_COLUMNS)},
  first_at Int64, is_sensor UInt8, told_count UInt64, sight UInt64, bucket UInt8,
  seen_names Array(String), seen_types Array(String), seen_data Array(String)) ENGINE = Null`,
    view(
      'observation_feed',
      'observation',
      `SELECT ${OBSERVATION_NAMES.join(', ')}, ${FIRST_WINS} AS version FROM ${incoming}`,
    ),
    view(
      'record_feed',
      'record',
      `SELECT name, type, data, ${RECORD_SUMS}
FROM ${incoming} ARRAY JOIN seen_names AS name, seen_types AS type, seen_data AS data GROUP BY name, type, data`,
    ),
    // From what is inserted into `record`, each record of a batch once: as it stands, without being gathered again.
    view(
      'record_by_data_feed',
      'record_by_data',
      `SELECT toIPv6OrDefault(data) AS address, name, type, data, first, last FROM ${table(place, 'record')}
WHERE type IN ('A', 'AAAA', 'NS')`,
    ),
    view(
      'first_seen_feed',
      'first_seen',
      `SELECT seen.1 AS kind, seen.2 AS hash, seen.3 AS value, first, last FROM ${table(place, 'record')}
ARRAY JOIN arrayConcat([('record', cityHash64(name, type, data), ''), ('name', ${hashOf('name', 'name')}, '')],
  if(type IN ('A', 'AAAA'), [('address', ${hashOf('address', 'data')}, data)], [])) AS seen`,
    ),
    view(
      'address_hour_feed',
      'address_hour',
      `SELECT DISTINCT data AS address, toUInt32(intDiv(at, 3600000)) AS hour
FROM ${incoming} ARRAY JOIN seen_types AS type, seen_data AS data WHERE type IN ('A', 'AAAA')`,
    ),
    view(
      'day_count_feed',
      'day_count',
      `SELECT day, label AS outcome, bucket, uniqExactState(key) AS keys FROM (
  SELECT toUInt32(intDiv(at, 86400000)) AS day, if(is_sensor, 'sensor', outcome) AS label, bucket, key FROM ${incoming}
) GROUP BY day, label, bucket`,
    ),
  ]
}

function distributed(place: Place): string[] {
  const { cluster, database } = place
  if (cluster === null) return []
  return KEPT_TABLES.map(
    (name) =>
      `CREATE TABLE IF NOT EXISTS ${table(place, name)}${onCluster(place)} AS ${localTable(place, name)}
ENGINE = Distributed(\`${cluster}\`, \`${database}\`, ${name}_local, ${SHARDED_BY[name]})`,
  )
}

/** For a table that keeps nothing: no compression, and texts that are only passed on. */
function plainColumns(columns: string): string {
  return columns.replaceAll(/ CODEC\(.*\)(?=,?$)/gm, '').replaceAll('LowCardinality(String)', 'String')
}

function columnNames(columns: string): string[] {
  return columns
    .trim()
    .split('\n')
    .map((line) => line.trim().split(' ')[0]!)
}
