// What the configuration means to the rooms: vantages, databases, policy. Decides which settings cannot go together.
import { ConfigError, isLoopbackHost, type Config } from '../config.ts'
import { DEFAULT_POLICY, type Policy } from '../core/policy.ts'
import { openOptOutList, type OptOutList } from '../dns/opt-out-list.ts'
import { DEFAULT_VANTAGES, parseVantageConfigs, type VantageConfig } from '../dns/vantage-config.ts'
import { geoPaths } from '../enrich/default-paths.ts'
import { openEnrichment, type MmdbEnrichment } from '../enrich/mmdb-enrichment.ts'

/** The vantages of the configuration, or the defaults. Throws `ConfigError` with a sentence that names entry and field. */
export function vantageConfigs(config: Pick<Config, 'vantages'>): readonly VantageConfig[] {
  if (config.vantages === null) return DEFAULT_VANTAGES
  try {
    return parseVantageConfigs(config.vantages)
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error))
  }
}

/** The address databases of the configuration, or those of `geo update`. Throws `ConfigError` for a file that cannot be used. */
export async function loadEnrichment(config: Config): Promise<MmdbEnrichment> {
  return openEnrichment(geoPaths(config)).catch((error: unknown) => {
    throw new ConfigError(error instanceof Error ? error.message : String(error))
  })
}

/** Those who asked not to be probed; null without a list. Throws `ConfigError` for a file that cannot be used. */
export async function loadOptOut(config: Config): Promise<OptOutList | null> {
  if (config.optOut === null) return null
  return openOptOutList(config.optOut).catch((error: unknown) => {
    throw new ConfigError(error instanceof Error ? error.message : String(error))
  })
}

/** The policy of a service, with the least interval and the direct vantages of its configuration. */
export function policyOf({ policy, config }: { readonly policy?: Policy; readonly config: Config }): Policy {
  return configuredPolicy(policy ?? DEFAULT_POLICY, config)
}

/**
 * The policy with what the configuration says: which vantages are direct, and the least interval, where it sets one. A longer
 * one than the policy's own holds for the quick looks at the direct vantages too: somebody wants nobody asked more often.
 */
export function configuredPolicy(policy: Policy, config: Config): Policy {
  const { minIntervalSeconds } = config
  const directVantages = directVantagesOf(vantageConfigs(config))
  if (minIntervalSeconds === null) return { ...policy, directVantages }
  const isLonger = minIntervalSeconds > policy.minIntervalSeconds
  const directIntervalSeconds = isLonger ? minIntervalSeconds : policy.directIntervalSeconds
  return { ...policy, minIntervalSeconds, directIntervalSeconds, directVantages }
}

/** Ids of those that ask the authorities themselves. */
export function directVantagesOf(configs: readonly VantageConfig[]): string[] {
  return configs.filter(({ protocol }) => protocol === 'direct').map(({ id }) => id)
}

/** What can be seen to be wrong before anything is opened. Throws `ConfigError`. */
export function checkSettings(config: Config, roles: { readonly api: boolean }): void {
  vantageConfigs(config)
  if (!roles.api || config.apiKeys.length > 0 || isLoopbackHost(config.host)) return
  throw new ConfigError(
    `FLUXWATCH_HOST is ${config.host}, which other machines can reach, but there is no API key. Set FLUXWATCH_API_KEYS ` +
      '(make one with: npm run -s fluxwatch -- keys create), or listen on 127.0.0.1.',
  )
}
