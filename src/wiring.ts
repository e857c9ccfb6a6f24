// The door through which a service is started, and the only place (with wiring/) that puts the rooms together. Decides
// which roles start, and that a start that fails leaves nothing running.
import { Teardown } from './teardown.ts'
import { startApi } from './wiring/api-role.ts'
import { openHouse } from './wiring/house.ts'
import type { ServiceOptions } from './wiring/service-options.ts'
import { checkSettings } from './wiring/settings.ts'
import { startWorker } from './wiring/worker-role.ts'

export interface Service {
  /** Where the API listens; null without that role. */
  readonly url: string | null
  /** Ids of the vantages; none without the worker's role. */
  readonly vantages: readonly string[]
  /** Which address databases are loaded, in a sentence. */
  readonly enrichment: string
  /** Drains: intake stops, rounds in flight commit, streams are flushed. At most about `limitMs`. */
  close(limitMs?: number): Promise<void>
}

const DRAIN_LIMIT_MS = 30_000

/** Starts the given roles. Rejects, with nothing left running, when something needed cannot be opened. */
export async function startService(options: ServiceOptions): Promise<Service> {
  let report: (error: unknown, part: string) => void = () => {}
  const teardown = new Teardown((error, part) => report(error, part))
  try {
    checkSettings(options.config, options.roles)
    const house = await openHouse(options, teardown)
    report = house.onError
    if (house.probing) await startWorker(options, house, house.probing, teardown)
    const url = options.roles.api ? await startApi(options, house, teardown) : null
    return {
      url,
      vantages: house.probing?.figures().vantages.map(({ id }) => id) ?? [],
      enrichment: house.enrichment.describe(Date.now()).sentence,
      close: (limitMs = DRAIN_LIMIT_MS) => teardown.run(limitMs),
    }
  } catch (error) {
    await teardown.run(DRAIN_LIMIT_MS)
    throw error
  }
}
