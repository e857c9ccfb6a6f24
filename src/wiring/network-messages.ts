// What the main thread and the thread of a keeper of the networks say to each other.
import type { Policy } from '../core/policy.ts'
import type { ClockReading } from '../clock.ts'
import type { RedisAddress } from '../store/redis.ts'
import type { Replication } from '../store/replicated.ts'

/** What the thread is started with. */
export interface NetworkTermStart {
  readonly redis: RedisAddress
  readonly generation: number
  /** Of the lock. */
  readonly token: string
  readonly policy: Policy
  readonly clock: ClockReading
  readonly replication: Replication
}

export interface ToNetworkThread {
  readonly kind: 'end'
  /** As `RunningTerm.end`. */
  readonly drainMs: number | null
}

export type FromNetworkThread =
  { readonly kind: 'began' } | { readonly kind: 'over' } | { readonly kind: 'error'; readonly error: unknown }
