// How a scan stands in its Redis hash, and back. The counters in it are the scripts' business.
import { VERDICT_NAMES, type VerdictName } from '../core/model/assessment.ts'
import type { Scan, ScanState } from '../core/model/watch.ts'

export interface ScanOptions {
  readonly tags: readonly string[]
  readonly watchForSeconds: number
  /** Whether a watch may end before its time, when its question is answered. @defaultValue false */
  readonly endsWhenAnswered?: boolean
  readonly intervalSeconds: number | null
  /** Whose share of the probing its domains are probed from. @defaultValue the tenant without a name */
  readonly tenant?: string
}

/** The hash of a scan that was just opened; `createdAt` in ms. */
export function scanFields(id: string, options: ScanOptions, createdAt: number): Record<string, string> {
  return {
    id,
    state: 'running' satisfies ScanState,
    createdAt: String(createdAt),
    tags: JSON.stringify(options.tags),
    watchFor: String(options.watchForSeconds),
    open: options.endsWhenAnswered ? '1' : '0',
    interval: options.intervalSeconds === null ? '' : String(options.intervalSeconds),
    sealed: '0',
    tenant: options.tenant ?? '',
  }
}

/** Null when the hash is empty: there is no such scan, or its retention is over. */
export function readScan(hash: Readonly<Record<string, string>>): Scan | null {
  if (hash['id'] === undefined) return null
  const verdicts = Object.fromEntries(
    VERDICT_NAMES.map((name) => [name, Number(hash[`verdict-${name}`] ?? 0)]),
  ) as Record<VerdictName, number>
  return {
    id: hash['id'],
    state: hash['state'] as ScanState,
    createdAt: Number(hash['createdAt']),
    endedAt: hash['endedAt'] ? Number(hash['endedAt']) : null,
    tags: JSON.parse(hash['tags'] ?? '[]') as string[],
    watchForSeconds: Number(hash['watchFor']),
    intervalSeconds: hash['interval'] ? Number(hash['interval']) : null,
    domains: Number(hash['domains'] ?? 0),
    settled: Number(hash['settled'] ?? 0),
    verdicts,
  }
}
