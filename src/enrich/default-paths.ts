// Where `geo update` puts the databases, and where a service looks for them when no variable names a file.
import { join } from 'node:path'

export type DatabaseKind = 'asn' | 'country'
export const DATABASE_KINDS = ['asn', 'country'] as const satisfies readonly DatabaseKind[]

/** The variable that names a database of one's own. */
export const PATH_VARIABLES: Readonly<Record<DatabaseKind, string>> = {
  asn: 'FLUXWATCH_ASN_MMDB',
  country: 'FLUXWATCH_COUNTRY_MMDB',
}

/** `<dataDirectory>/geo`. */
export function geoDirectory(dataDirectory: string): string {
  return join(dataDirectory, 'geo')
}

/** `<dataDirectory>/geo/asn.mmdb`, `<dataDirectory>/geo/country.mmdb`. */
export function defaultDatabasePath(dataDirectory: string, kind: DatabaseKind): string {
  return join(geoDirectory(dataDirectory), `${kind}.mmdb`)
}

/** Which databases to open. */
export interface EnrichmentPaths {
  /** A file that must be there (FLUXWATCH_ASN_MMDB); null: the one of `geo update`, if it is there. */
  readonly asnPath: string | null
  /** A file that must be there (FLUXWATCH_COUNTRY_MMDB); null: the one of `geo update`, if it is there. */
  readonly countryPath: string | null
  /** Where `geo update` put its files; without it nothing is looked for. */
  readonly dataDirectory?: string
}

/** The paths that a configuration asks for. */
export function geoPaths(config: {
  readonly asnMmdb: string | null
  readonly countryMmdb: string | null
  readonly dataDirectory: string
}): EnrichmentPaths {
  return { asnPath: config.asnMmdb, countryPath: config.countryMmdb, dataDirectory: config.dataDirectory }
}
