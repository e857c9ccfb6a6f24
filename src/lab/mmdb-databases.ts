// The address plan as the two MMDB files that the service reads, in the layout of GeoLite2 and DB-IP Lite.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AddressPlan } from './address-plan.ts'
import { uint32 } from './mmdb-values.ts'
import { writeMmdb } from './mmdb-writer.ts'

export interface LabDatabases {
  readonly asnMmdb: string
  readonly countryMmdb: string
}

/** Writes `asn.mmdb` and `country.mmdb` into the directory, which is made when it is missing, and answers their paths. */
export async function writeLabDatabases(
  plan: AddressPlan,
  options: { readonly directory: string; readonly builtAt: number },
): Promise<LabDatabases> {
  const buildEpochSeconds = Math.floor(options.builtAt / 1000)
  const asn = writeMmdb(
    plan.networks.map((network) => ({
      prefix: network.prefix,
      value: {
        autonomous_system_number: uint32(network.asn),
        autonomous_system_organization: network.organisation,
      },
    })),
    { databaseType: 'Fluxwatch-Lab-ASN', buildEpochSeconds, description: 'The simulated Internet: ASNs' },
  )
  const country = writeMmdb(
    plan.networks.map((network) => ({
      prefix: network.prefix,
      value: { country: { iso_code: network.country } },
    })),
    {
      databaseType: 'Fluxwatch-Lab-Country',
      buildEpochSeconds,
      description: 'The simulated Internet: countries',
    },
  )
  const paths = {
    asnMmdb: join(options.directory, 'asn.mmdb'),
    countryMmdb: join(options.directory, 'country.mmdb'),
  }
  await mkdir(options.directory, { recursive: true })
  await Promise.all([writeFile(paths.asnMmdb, asn), writeFile(paths.countryMmdb, country)])
  return paths
}
