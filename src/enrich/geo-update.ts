// `geo update`: fetches the ASN and the country database, proves that they can be read, and only then puts them into
// place. Whatever goes wrong, the databases that were there stay there, whole.
import { mkdir, mkdtemp, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { DATABASE_KINDS, defaultDatabasePath, geoDirectory } from './default-paths.ts'
import type { DatabaseKind } from './default-paths.ts'
import { attributionOf } from './enrichment-description.ts'
import { openDownload } from './geo-download.ts'
import type { Download } from './geo-download.ts'
import { geoEditions } from './geo-source.ts'
import type { GeoEdition, GeoSource } from './geo-source.ts'
import { readMmdb } from './mmdb-file.ts'
import { assertKind, isOfKind, mappedRecords } from './mmdb-networks.ts'
import { unpackDatabase } from './unpack-database.ts'

export interface GeoUpdateOptions {
  /** The data folder; the files go to its `geo/`. */
  readonly directory: string
  readonly source: GeoSource
  /** Instead of the maker's own address, e.g. a mirror. */
  readonly fetchFrom?: string
  /** ms since the epoch: decides which month's edition is the current one. */
  readonly now: number
  /** Given a line at a time, for people. */
  readonly log: (line: string) => void
}

export interface InstalledDatabase {
  readonly path: string
  readonly type: string
  /** ms since the epoch. */
  readonly builtAt: number
  readonly networks: number
  readonly bytes: number
}

export interface GeoUpdate {
  readonly asn: InstalledDatabase
  readonly country: InstalledDatabase
  /** What the maker's licence asks to show. */
  readonly attribution: string | null
}

/** Records read between two turns of the event loop. */
const RECORDS_A_TURN = 20_000
/** Folders of updates that were killed are removed at this age. */
const STALE_AFTER_MS = 86_400_000
const WORK_PREFIX = 'update-'

/**
 * Fetches both databases and replaces the ones in `<directory>/geo` when both are good. Rejects with a sentence, and then
 * nothing was replaced.
 */
export async function updateGeo(options: GeoUpdateOptions): Promise<GeoUpdate> {
  const folder = geoDirectory(options.directory)
  await mkdir(folder, { recursive: true })
  await removeStaleWork(folder, options.now)
  // Within the folder itself: a rename is atomic on one file system only.
  const work = await mkdtemp(join(folder, WORK_PREFIX))
  try {
    const asn = await fetchDatabase('asn', work, options)
    const country = await fetchDatabase('country', work, options)
    for (const kind of DATABASE_KINDS) {
      await rename(join(work, `${kind}.mmdb`), defaultDatabasePath(options.directory, kind))
    }
    await syncFolder(folder)
    const attribution = attributionOf(asn.type) ?? attributionOf(country.type)
    options.log(`Installed ${asn.path} and ${country.path}`)
    if (attribution !== null) options.log(attribution)
    return { asn, country, attribution }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function fetchDatabase(
  kind: DatabaseKind,
  work: string,
  options: GeoUpdateOptions,
): Promise<InstalledDatabase> {
  const { log } = options
  const path = join(work, `${kind}.mmdb`)
  const { edition, download } = await openFirstPublished(kind, options)
  try {
    await unpackDatabase(download.body, edition.packing, path)
    const installed = await verify(kind, path)
    const day = new Date(installed.builtAt).toISOString().slice(0, 10)
    log(`Checked ${edition.name}: ${installed.type}, built ${day}, ${installed.networks} networks`)
    return { ...installed, path: defaultDatabasePath(options.directory, kind) }
  } catch (error) {
    throw new Error(`${edition.name} cannot be used: ${(error as Error).message}`, { cause: error })
  }
}

async function openFirstPublished(
  kind: DatabaseKind,
  { source, now, fetchFrom, log }: GeoUpdateOptions,
): Promise<{ edition: GeoEdition; download: Download }> {
  const editions = geoEditions(source, kind, now, fetchFrom)
  for (const edition of editions) {
    log(`Fetching ${edition.name} from ${edition.url}`)
    const download = await openDownload(edition.url, edition.headers, (bytes, totalBytes) =>
      log(`  ${kind}: ${progressText(bytes, totalBytes)}`),
    )
    if (download !== null) return { edition, download }
    log(`  ${kind}: not published`)
  }
  throw new Error(`${editions.map((edition) => edition.name).join(' and ')}: not published there`)
}

/** Reads every record: what cannot be looked up must not replace what can. */
async function verify(kind: DatabaseKind, path: string): Promise<InstalledDatabase> {
  const file = await readMmdb(path)
  assertKind(kind, file)
  let networks = 0
  let seen = 0
  for (const record of mappedRecords(file)) {
    if (isOfKind(kind, record)) networks += 1
    seen += 1
    if (seen % RECORDS_A_TURN === 0) await nextTurn()
  }
  const { size } = await stat(path)
  return { path, type: file.type, builtAt: file.builtAt, networks, bytes: size }
}

async function removeStaleWork(folder: string, now: number): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(WORK_PREFIX)) continue
    const path = join(folder, name)
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: now }))
    if (now - mtimeMs > STALE_AFTER_MS) await rm(path, { recursive: true, force: true })
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function progressText(bytes: number, totalBytes: number | null): string {
  if (totalBytes === null) return `${mebibytes(bytes)} MiB`
  const percent = Math.floor((100 * bytes) / totalBytes)
  return `${percent} % of ${mebibytes(totalBytes)} MiB`
}

function mebibytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1)
}
