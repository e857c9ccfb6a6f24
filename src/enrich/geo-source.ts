// Whose databases `geo update` fetches and under which addresses. Fetches nothing.
import type { DatabaseKind } from './default-paths.ts'

/** DB-IP Lite needs no account; GeoLite2 needs MaxMind's account id and licence key. */
export type GeoSource =
  | { readonly maker: 'dbip' }
  | { readonly maker: 'geolite2'; readonly accountId: string; readonly licenceKey: string }

/** `gzip`: the database, compressed. `tar.gz`: an archive with the database in it. */
export type Packing = 'gzip' | 'tar.gz'

/** One place where an edition of a database may be. */
export interface GeoEdition {
  /** For people, e.g. `DB-IP ASN Lite of 2026-11`. */
  readonly name: string
  readonly url: string
  readonly packing: Packing
  readonly headers: Readonly<Record<string, string>>
}

const BASE_URLS = { dbip: 'https://download.db-ip.com', geolite2: 'https://download.maxmind.com' } as const

/**
 * The editions to try, in this order; a later one only when an earlier one is not published (404).
 * DB-IP publishes once a month, some time on its first days: the month before is the fallback. Months are UTC.
 */
export function geoEditions(
  source: GeoSource,
  kind: DatabaseKind,
  now: number,
  fetchFrom: string = BASE_URLS[source.maker],
): GeoEdition[] {
  const base = fetchFrom.replace(/\/+$/, '')
  if (source.maker === 'geolite2') {
    const edition = kind === 'asn' ? 'GeoLite2-ASN' : 'GeoLite2-Country'
    const login = Buffer.from(`${source.accountId}:${source.licenceKey}`).toString('base64')
    return [
      {
        name: edition,
        url: `${base}/geoip/databases/${edition}/download?suffix=tar.gz`,
        packing: 'tar.gz',
        headers: { authorization: `Basic ${login}` },
      },
    ]
  }
  return [monthOf(now, 0), monthOf(now, -1)].map((month) => ({
    name: `DB-IP ${kind === 'asn' ? 'ASN' : 'Country'} Lite of ${month}`,
    url: `${base}/free/dbip-${kind}-lite-${month}.mmdb.gz`,
    packing: 'gzip',
    headers: {},
  }))
}

/** `2026-11`; `offset` in months. */
function monthOf(now: number, offset: number): string {
  const date = new Date(now)
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + offset)).toISOString().slice(0, 7)
}
