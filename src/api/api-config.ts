// What can be set about the API. Decides the defaults only; reading them from the environment is src/config.ts' work.

export interface ApiConfig {
  /** Raw keys, or `sha256:<64 hex digits>` of one. None: the API is open to whoever reaches it. */
  readonly apiKeys: readonly string[]
  /** Largest JSON or plain-text body, in bytes. NDJSON uploads are streamed and have no such limit. Default 8 MiB. */
  readonly bodyLimitBytes?: number
  /** Largest number of domains in one JSON or plain-text submission. Default 10 000. */
  readonly maxDomainsPerScan?: number
  /** Upper bound of `?wait=`, in seconds. Default 60: most proxies cut a silent answer there. */
  readonly maxWaitSeconds?: number
  /** No domain is probed more often, whatever interval is asked for; seconds. Default 10. */
  readonly minIntervalSeconds?: number
  /** Where clients reach this service, e.g. `https://flux.example`. Without it links are relative. */
  readonly publicUrl?: string
  readonly overload?: OverloadLimits
}

/** Beyond one of these, requests are answered 503 FLUX_OVERLOADED. Zero switches a limit off. */
export interface OverloadLimits {
  /** Mean delay of the event loop over one sample, in milliseconds. Default 1000: hand-set, unvalidated. */
  readonly maxEventLoopDelayMs?: number
  /** Default 0. */
  readonly maxHeapUsedBytes?: number
  /** Default 0. */
  readonly maxRssBytes?: number
  /** How often the limits are looked at, in milliseconds. Default 1000. */
  readonly sampleIntervalMs?: number
}

export interface ResolvedApiConfig {
  readonly apiKeys: readonly string[]
  readonly bodyLimitBytes: number
  readonly maxDomainsPerScan: number
  readonly maxWaitSeconds: number
  readonly minIntervalSeconds: number
  readonly publicUrl: string
  readonly overload: Required<OverloadLimits>
}

export function resolveApiConfig(config: ApiConfig): ResolvedApiConfig {
  return {
    apiKeys: config.apiKeys,
    bodyLimitBytes: config.bodyLimitBytes ?? 8 * 1024 * 1024,
    maxDomainsPerScan: config.maxDomainsPerScan ?? 10_000,
    maxWaitSeconds: config.maxWaitSeconds ?? 60,
    minIntervalSeconds: config.minIntervalSeconds ?? 10,
    publicUrl: (config.publicUrl ?? '').replace(/\/+$/u, ''),
    overload: {
      maxEventLoopDelayMs: 1000,
      maxHeapUsedBytes: 0,
      maxRssBytes: 0,
      sampleIntervalMs: 1000,
      ...config.overload,
    },
  }
}
