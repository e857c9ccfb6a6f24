// MMDB files in the shapes of several makers, and a folder to put them in.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { uint32 } from '../../src/lab/mmdb-values.ts'
import type { MmdbValue } from '../../src/lab/mmdb-values.ts'
import { writeMmdb } from '../../src/lab/mmdb-writer.ts'

export const BUILT_AT = Date.UTC(2026, 10, 1)

export function database(databaseType: string, networks: Readonly<Record<string, MmdbValue>>): Buffer {
  const entries = Object.entries(networks).map(([prefix, value]) => ({ prefix, value }))
  return writeMmdb(entries, { databaseType, buildEpochSeconds: BUILT_AT / 1000 })
}

export function asnRecord(asn: number, organisation: string): MmdbValue {
  return { autonomous_system_number: uint32(asn), autonomous_system_organization: organisation }
}

export function asnDatabase(asn: number, databaseType = 'DBIP-ASN-Lite (compat=GeoLite2-ASN)'): Buffer {
  return database(databaseType, {
    '5.0.0.0/8': asnRecord(asn, 'Example Consumer ISP'),
    '2a00:1000::/24': asnRecord(asn + 1, 'Example IPv6 ISP'),
  })
}

export function countryDatabase(code: string, databaseType = 'DBIP-Country-Lite'): Buffer {
  const record = { continent: { code: 'EU' }, country: { iso_code: code, names: { en: 'Somewhere' } } }
  return database(databaseType, { '5.0.0.0/8': record, '2a00:1000::/24': record })
}

/**
 * A database with `ip_version` 4. Its tree is read from the root by the bits of the IPv4 address, so the prefixes are
 * given as IPv6 ones with the same first bits: `0500::/8` for 5.0.0.0/8.
 */
export function ipv4Only(bytes: Buffer): Buffer {
  const at = bytes.lastIndexOf('ip_version') + 'ip_version'.length
  const patched = Buffer.from(bytes)
  // A control byte of type uint16 and length 1, then the value.
  patched[at + 1] = 4
  return patched
}

export interface TemporaryFolder {
  readonly path: string
  write(name: string, bytes: Buffer | string): Promise<string>
  remove(): Promise<void>
}

export async function makeFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'fluxwatch-enrich-'))
  return {
    path,
    async write(name, bytes) {
      await writeFile(join(path, name), bytes)
      return join(path, name)
    },
    remove: () => rm(path, { recursive: true, force: true }),
  }
}
