// What the tables of a ClickHouse history are called: on one server, or spread over a cluster. Decides names, engines and the
// words `ON CLUSTER`; which columns there are is schema.ts' business.

export interface Place {
  readonly database: string
  /** Name of the cluster in the servers' configuration; null: one server. */
  readonly cluster: string | null
}

/** Tables that keep rows. */
export const KEPT_TABLES = [
  'observation',
  'record',
  'record_by_data',
  'first_seen',
  'address_hour',
  'day_count',
  'address_place',
  'place_by_asn',
  'place_by_country',
  'copy_progress',
] as const

export type KeptTable = (typeof KEPT_TABLES)[number]

/** What everybody reads and writes: the table itself, or in a cluster the distributed one over its shards. */
export function table({ database }: Place, name: string): string {
  return `${quoted(database)}.${name}`
}

/** The table that has the rows of one server: what is altered and deleted from. */
export function localTable(place: Place, name: KeptTable): string {
  return table(place, place.cluster === null ? name : `${name}_local`)
}

/** Goes after the name in a statement that every server of the cluster must run; empty for one server. */
export function onCluster({ cluster }: Place): string {
  return cluster === null ? '' : ` ON CLUSTER ${quoted(cluster)}`
}

/**
 * An engine of the MergeTree family, replicated in a cluster. The macros `{shard}` and `{replica}` stand in the configuration
 * of each server, as ClickHouse's own documentation sets them up.
 */
export function mergeTree(place: Place, engine: string, name: string, ...values: readonly string[]): string {
  if (place.cluster === null) return `${engine}(${values.join(', ')})`
  const path = `'/clickhouse/tables/{shard}/${place.database}/${name}'`
  return `Replicated${engine}(${[path, "'{replica}'", ...values].join(', ')})`
}

/** Names are checked at boot (letters, digits, underscores, hyphens), so nothing in them needs an escape. */
export function quoted(name: string): string {
  return `\`${name}\``
}
