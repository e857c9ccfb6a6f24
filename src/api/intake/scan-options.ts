// The options of a submission, from the JSON body or from the query, with their defaults.
import { DEFAULT_WATCH_FOR_SECONDS } from '../schemas/scan-schema.ts'
import type { ScanOptions } from '../ports.ts'

export interface GivenOptions {
  readonly tags?: readonly string[] | undefined
  readonly watch_for?: number | undefined
  readonly interval?: number | null | undefined
}

/**
 * An interval under `minIntervalSeconds` becomes that: the scan shows what will be kept, not what was wished. A `watch_for` that
 * was given is an order; without one the watch may end as soon as its question is answered.
 * `tenant`: from whose share of the probing the domains are probed.
 */
export function scanOptions(given: GivenOptions, minIntervalSeconds: number, tenant: string): ScanOptions {
  return {
    // Half a character is none: scripts of the store could not read it.
    tags: [...new Set(given.tags?.map((tag) => tag.toWellFormed()))],
    watchForSeconds: given.watch_for ?? DEFAULT_WATCH_FOR_SECONDS,
    endsWhenAnswered: given.watch_for === undefined,
    intervalSeconds: given.interval == null ? null : Math.max(given.interval, minIntervalSeconds),
    tenant,
  }
}
