// What `serve` and its worker processes say to each other. Types only. Order is kept, and nothing is answered but `report`.
import type { Config } from '../config.ts'
import type { VantageConfig } from '../dns/vantage-config.ts'
import type { RedisAddress } from '../store/redis.ts'
import type { WorkerReport } from './worker-report.ts'

/** What a worker process is started with; the first message that it gets. */
export interface WorkerStart {
  /** As `serve` read it, so that all of them run by the same settings. */
  readonly config: Config
  readonly redis: RedisAddress
  /** The redis-server that goes when `serve` is gone; null when it is somebody else's. */
  readonly redisPid: number | null
  /** The name in consumer groups; null: one of its own at each start. */
  readonly consumer: string | null
  /** Processes that keep the rates together. */
  readonly processes: number
}

export type ToWorker =
  | { readonly kind: 'start'; readonly start: WorkerStart }
  | { readonly kind: 'report'; readonly id: number }
  | { readonly kind: 'vantages'; readonly configs: readonly VantageConfig[] }
  /** Ends the process within about `limitMs`. */
  | { readonly kind: 'drain'; readonly limitMs: number }

export type FromWorker =
  | { readonly kind: 'ready' }
  /** It cannot start, for a reason that a person can mend. */
  | { readonly kind: 'refused'; readonly sentence: string }
  | { readonly kind: 'report'; readonly id: number; readonly report: WorkerReport }
