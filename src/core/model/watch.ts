// Scans and watched domains as the live state keeps them.
import type { Assessment, VerdictName } from './assessment.ts'
import type { NetworkOfName } from './network.ts'

export type ScanState = 'running' | 'completed' | 'cancelled'

export interface Scan {
  readonly id: string
  readonly state: ScanState
  readonly createdAt: number
  readonly endedAt: number | null
  readonly tags: readonly string[]
  readonly watchForSeconds: number
  readonly intervalSeconds: number | null
  readonly domains: number
  /** Domains whose verdict is not `pending`, or whose watch is over. A scan is completed when all are. */
  readonly settled: number
  readonly verdicts: Readonly<Record<VerdictName, number>>
}

export interface WatchedDomain {
  readonly domain: string
  readonly tags: readonly string[]
  readonly addedAt: number
  readonly watchUntil: number
  readonly watching: boolean
  readonly firstFlaggedAt: number | null
  readonly verdict: VerdictName
  /** Null before the first committed round. */
  readonly assessment: Assessment | null
  /** Of a name that was flagged once, or is nearly flux: the network that it is in, or listed with. Null, or absent where nobody looked: none is known. */
  readonly network?: NetworkOfName | null
}

/** A page and the opaque cursor of the next one; null when this is the last. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly next: string | null
}
