// `fluxwatch geo update`: downloads the address databases into the data folder, telling what it does.
import { readConfig } from '../config.ts'
import { updateGeo } from '../enrich/geo-update.ts'
import type { GeoSource } from '../enrich/geo-source.ts'
import { ToldError } from './told-error.ts'

/** Rejects with `ToldError`; the databases that were there are then still there. */
export async function geoUpdate(options: { account?: string; key?: string; from?: string }): Promise<void> {
  const { dataDirectory } = readConfig()
  const log = (line: string): void => void process.stderr.write(`fluxwatch: ${line}\n`)
  await updateGeo({
    directory: dataDirectory,
    source: sourceOf(options),
    ...(options.from !== undefined && { fetchFrom: options.from }),
    now: Date.now(),
    log,
  }).catch((error: unknown) => {
    throw new ToldError(
      `the databases were not updated: ${error instanceof Error ? error.message : String(error)}`,
    )
  })
  log('a running service picks them up within a minute')
}

function sourceOf({ account, key }: { account?: string; key?: string }): GeoSource {
  if (account === undefined && key === undefined) return { maker: 'dbip' }
  if (account === undefined || key === undefined) {
    throw new ToldError('GeoLite2 needs both --account and --key (https://www.maxmind.com, free account).')
  }
  return { maker: 'geolite2', accountId: account, licenceKey: key }
}
