// Says in sentences which databases are loaded and how old they are: for `/readyz` and the log. Loads nothing.
import type { DatabaseKind } from './default-paths.ts'
import type { MmdbFile } from './mmdb-file.ts'

export interface DatabaseDescription {
  readonly path: string
  /** As the maker calls it, e.g. `DBIP-ASN-Lite (compat=GeoLite2-ASN)`. */
  readonly type: string
  /** ms since the epoch. */
  readonly builtAt: number
  readonly ageSeconds: number
  /** What the maker's licence asks to show; null when the maker is not known here. */
  readonly attribution: string | null
  /** Look-ups that failed in a damaged part of the file. */
  readonly failedLookUps: number
}

export interface EnrichmentDescription {
  /** Null when none is loaded. */
  readonly asn: DatabaseDescription | null
  readonly country: DatabaseDescription | null
  /** Both are loaded and nothing is wrong with them. */
  readonly ok: boolean
  readonly sentence: string
}

/** Addresses change hands; hand-set at two of DB-IP's monthly editions. */
const OLD_AFTER_SECONDS = 62 * 86_400

/** Words that the licences ask for (db-ip.com/db/lite.php, maxmind.com/en/geolite2/eula, ipinfo.io/lite). */
const ATTRIBUTIONS = [
  // First: the type of DB-IP's files names GeoLite2 too.
  { in: /DB-?IP/i, words: 'IP Geolocation by DB-IP, https://db-ip.com, CC BY 4.0' },
  {
    in: /GeoLite2/i,
    words: 'This product includes GeoLite2 data created by MaxMind, available from https://www.maxmind.com',
  },
  { in: /ipinfo/i, words: 'IP address data powered by IPinfo, https://ipinfo.io, CC BY-SA 4.0' },
] as const

export function attributionOf(databaseType: string): string | null {
  return ATTRIBUTIONS.find((attribution) => attribution.in.test(databaseType))?.words ?? null
}

export function describeDatabase(file: MmdbFile, failedLookUps: number, now: number): DatabaseDescription {
  return {
    path: file.path,
    type: file.type,
    builtAt: file.builtAt,
    ageSeconds: Math.max(0, Math.floor((now - file.builtAt) / 1000)),
    attribution: attributionOf(file.type),
    failedLookUps,
  }
}

export function describeEnrichment(
  asn: DatabaseDescription | null,
  country: DatabaseDescription | null,
): EnrichmentDescription {
  const parts = [sentenceOf('asn', asn), sentenceOf('country', country)]
  const healthy = (database: DatabaseDescription | null) =>
    database !== null && database.failedLookUps === 0 && database.ageSeconds <= OLD_AFTER_SECONDS
  return { asn, country, ok: healthy(asn) && healthy(country), sentence: parts.join('; ') }
}

function sentenceOf(kind: DatabaseKind, database: DatabaseDescription | null): string {
  const name = kind === 'asn' ? 'ASN' : 'country'
  if (database === null) {
    const effect = kind === 'asn' ? 'verdicts ask for more evidence' : 'countries are unknown'
    return `no ${name} database: ${effect}; run \`fluxwatch geo update\``
  }
  const day = new Date(database.builtAt).toISOString().slice(0, 10)
  const days = Math.floor(database.ageSeconds / 86_400)
  const problems = [
    database.ageSeconds > OLD_AFTER_SECONDS ? 'too old, run `fluxwatch geo update`' : null,
    database.failedLookUps > 0 ? `damaged: ${database.failedLookUps} look-ups failed` : null,
  ].filter((problem) => problem !== null)
  const age = `${name} database ${database.type} of ${day} (${days} ${days === 1 ? 'day' : 'days'} old)`
  return problems.length === 0 ? age : `${age}: ${problems.join(', ')}`
}
