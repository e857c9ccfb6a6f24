// What a service is started with: the settings and everything that differs between a process, a test and the demo.
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import type { Clock } from '../core/clock.ts'
import type { Policy } from '../core/policy.ts'
import type { VantageConfig } from '../dns/vantage-config.ts'
import type { HistoryStore } from '../store/history/history-store.ts'
import type { RedisAddress } from '../store/redis.ts'
import type { WorkersReport } from './worker-report.ts'

export interface ServiceOptions {
  readonly config: Config
  readonly redis: RedisAddress
  readonly clock: Clock
  readonly logger: Logger
  readonly version: string
  readonly roles: { readonly api: boolean; readonly worker: boolean }
  /** Names this process in consumer groups. One process alone on its Redis keeps its name over restarts. */
  readonly consumer?: string
  /** Thresholds and intervals other than the default (a world in compressed time). */
  readonly policy?: Policy
  /** How much faster than real time the clock runs: leases must outlive real DNS time-outs. Default 1. */
  readonly speed?: number
  /** Where observations are kept, if not in the data folder; closed with the service. */
  readonly history?: HistoryStore
  /** Processes that keep the rates of the configuration together, this one among them. Default 1. */
  readonly processes?: number
  /** Processes that probe for this one, where this one does not. */
  readonly workers?: ProbingWorkers
  /** FLUXWATCH_VANTAGES as it is now; throws for settings that cannot be used. Absent: vantages stay as they are. */
  readonly readVantages?: () => unknown
}

export interface ProbingWorkers {
  /** Never rejects. */
  report(): Promise<WorkersReport>
  /** Makes all of them, and those to come, ask these. Throws when they cannot be opened. */
  replaceVantages(configs: readonly VantageConfig[]): void
}
