// The door through which a service is started, and the only place (with wiring/) that puts the rooms together. Decides
// which roles start, and that a start that fails leaves nothing running.
import type { VantageConfig } from './dns/vantage-config.ts'
import { Teardown } from './teardown.ts'
import { startApi } from './wiring/api-role.ts'
import { openHouse, type House } from './wiring/house.ts'
import type { ServiceOptions } from './wiring/service-options.ts'
import { checkSettings, vantageConfigs } from './wiring/settings.ts'
import { VantageReload } from './wiring/vantage-reload.ts'
import type { WorkerReport } from './wiring/worker-report.ts'
import { startWorker } from './wiring/worker-role.ts'

export interface Service {
  /** Where the API listens; null without that role. */
  readonly url: string | null
  /** Which address databases are loaded, in a sentence. */
  readonly enrichment: string
  /** What this process counted while it probed; null without the worker's role. */
  report(): Promise<WorkerReport | null>
  /** Asks these from now on. Throws `ConfigError`, with everything as it was, when one cannot be opened. */
  replaceVantages(configs: readonly VantageConfig[]): void
  /** Reads the vantages of the configuration file at once, where there is one; what is wrong with them goes to the log. */
  reloadVantages(): Promise<void>
  /** Drains: intake stops, rounds in flight commit, streams are flushed. At most about `limitMs`. */
  close(limitMs?: number): Promise<void>
}

const DRAIN_LIMIT_MS = 30_000
/** How often the configuration file is looked at; a change is taken at the second look that shows it. */
const LOOK_MS = 1_000

/** Starts the given roles. Rejects, with nothing left running, when something needed cannot be opened. */
export async function startService(options: ServiceOptions): Promise<Service> {
  let report: (error: unknown, part: string) => void = () => {}
  const teardown = new Teardown((error, part) => report(error, part))
  try {
    checkSettings(options.config, options.roles)
    const house = await openHouse(options, teardown)
    report = house.onError
    if (house.probing) await startWorker(options, house, house.probing, teardown)
    const reload = followFile(options, house)
    const url = options.roles.api ? await startApi(options, house, teardown) : null
    return {
      url,
      enrichment: house.enrichment.describe(Date.now()).sentence,
      async report() {
        return house.probing && { figures: house.probing.figures(), metrics: await house.metrics.snapshot() }
      },
      replaceVantages: (configs) => house.probing?.replaceVantages(configs),
      reloadVantages: async () => reload?.reload(),
      close: (limitMs = DRAIN_LIMIT_MS) => teardown.run(limitMs),
    }
  } catch (error) {
    await teardown.run(DRAIN_LIMIT_MS)
    throw error
  }
}

/** Null where there is no file, or nobody here who asks. */
function followFile(
  { config, logger, readVantages, workers }: ServiceOptions,
  { probing, every }: House,
): VantageReload | null {
  const asking = probing ?? workers
  if (config.configFile === null || !readVantages || !asking) return null
  const reload = new VantageReload(vantageConfigs(config), {
    path: config.configFile,
    read: readVantages,
    apply: (configs) => asking.replaceVantages(configs),
    log: {
      changed: (vantages) => logger.info({ vantages }, 'the vantages have changed'),
      refused: (err) =>
        logger.error({ err }, 'the changed configuration is refused; the vantages stay as they are'),
    },
  })
  every(LOOK_MS, 'configuration file', () => reload.look())
  return reload
}
