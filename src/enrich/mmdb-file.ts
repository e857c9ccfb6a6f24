// Reads one MMDB file into memory and judges whether it is whole. What its records mean is mmdb-fields.ts's business.
import { open } from 'node:fs/promises'
import { Reader } from 'maxmind'
import type { Response } from 'maxmind'

export interface MmdbFile {
  readonly path: string
  /** As the maker calls it, e.g. `GeoLite2-ASN`. */
  readonly type: string
  /** When the maker built it; ms since the epoch. */
  readonly builtAt: number
  readonly ipVersion: 4 | 6
  /** Changes whenever the file is replaced or written. */
  readonly stamp: string
  /** The record of an address in canonical text, with the length of its network's prefix; null when not mapped. */
  lookUp(address: string): { readonly record: unknown; readonly prefixLength: number }
}

/** MMDB specification 2.0, "Database Metadata": the marker is within the last 128 KiB. */
const METADATA_MARKER = Buffer.from('\u{ab}\u{cd}\u{ef}MaxMind.com', 'latin1')
const METADATA_REACH_BYTES = 128 * 1024
const DATA_SEPARATOR_BYTES = 16
/** Decoded records kept; a record is decoded once, not once an address. Hand-set: a few megabytes at most. */
const KEPT_RECORDS = 20_000

/** Rejects with the error of the file system, or with a sentence that says what is wrong with the content. */
export async function readMmdb(path: string): Promise<MmdbFile> {
  const handle = await open(path)
  try {
    // Stamp and bytes are of one file, even when another one is renamed into its place meanwhile.
    const stamp = stampOf(await handle.stat({ bigint: true }))
    return parseMmdb(path, stamp, await handle.readFile())
  } finally {
    await handle.close()
  }
}

/** The stamp that `readMmdb` would see now; null when there is no file. */
export async function stampOfFile(path: string): Promise<string | null> {
  try {
    const handle = await open(path)
    try {
      return stampOf(await handle.stat({ bigint: true }))
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

export function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | null)?.code === 'ENOENT'
}

function stampOf(stat: { ino: bigint; size: bigint; mtimeNs: bigint }): string {
  return `${stat.ino}/${stat.size}/${stat.mtimeNs}`
}

function parseMmdb(path: string, stamp: string, bytes: Buffer): MmdbFile {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) throw new Error('it is compressed: unpack it with gunzip first')
  const marker = bytes.lastIndexOf(METADATA_MARKER)
  if (marker < 0 || marker < bytes.length - METADATA_REACH_BYTES) {
    throw new Error('it is no MMDB file, or it is cut off')
  }
  let reader: Reader<Response>
  try {
    reader = new Reader<Response>(bytes, { cache: new BoundedCache() })
  } catch (error) {
    throw new Error(`it is damaged (${(error as Error).message})`, { cause: error })
  }
  const { binaryFormatMajorVersion, buildEpoch, databaseType, ipVersion, searchTreeSize } = reader.metadata
  if (binaryFormatMajorVersion !== 2) throw new Error(`its format is ${binaryFormatMajorVersion}, not 2`)
  if (ipVersion !== 4 && ipVersion !== 6) throw new Error(`it says IP version ${String(ipVersion)}`)
  if (!(searchTreeSize > 0 && searchTreeSize + DATA_SEPARATOR_BYTES <= marker)) {
    throw new Error('its search tree does not fit into it')
  }
  const builtAt = buildEpoch.getTime()
  if (Number.isNaN(builtAt)) throw new Error('its metadata has no build time')
  return {
    path,
    type: String(databaseType),
    builtAt,
    ipVersion,
    stamp,
    lookUp(address) {
      // Without this a reader walks an IPv4 tree by the bits of an IPv6 address and finds a stranger.
      if (ipVersion === 4 && address.includes(':')) return { record: null, prefixLength: 0 }
      const [record, prefixLength] = reader.getWithPrefixLength(address)
      return { record, prefixLength }
    },
  }
}

/** Forgets everything when it is full: the records in use are soon there again. */
class BoundedCache {
  readonly #records = new Map<string | number, unknown>()

  get(key: string | number): unknown {
    return this.#records.get(key)
  }

  set(key: string | number, value: unknown): void {
    if (this.#records.size >= KEPT_RECORDS) this.#records.clear()
    this.#records.set(key, value)
  }
}
