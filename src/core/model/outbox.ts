// What a commit leaves in the events stream, in the same atomic step. The dispatcher turns entries into scan progress and
// webhook events; whoever reads them must be able to do so twice.
import type { NetworkNewsOfEvent, VerdictChange } from './event.ts'
import type { VerdictName } from './assessment.ts'

/** The verdict of a domain changed in the round `version`. */
export interface VerdictEntry {
  readonly kind: 'verdict'
  /** Unique per target and round; becomes part of the webhook ids. */
  readonly id: string
  readonly version: number
  readonly change: VerdictChange
}

/** `answered`: further looks would not change what is said · `time_up`: it was to be watched until then, and no longer. */
export type WatchEnd = 'answered' | 'time_up'

/** A domain is not watched any more: its question was answered, its time was up, or somebody stopped it. */
export interface WatchEndedEntry {
  readonly kind: 'watch-ended'
  readonly domain: string
  readonly verdict: VerdictName
  readonly version: number
  /** Absent in entries of before the reason was told. */
  readonly reason?: WatchEnd | 'stopped'
  /** When it ended, ms: scans that were opened later have a watch of their own. */
  readonly at: number
}

/** Every domain of a sealed scan has settled, or its time is up. */
export interface ScanCompletedEntry {
  readonly kind: 'scan-completed'
  readonly scan: string
  readonly at: number
}

/** A domain that had a verdict already became part of a scan: news for that scan alone. */
export interface ScanJoinedEntry {
  readonly kind: 'scan-joined'
  /** Unique per scan and domain; becomes part of the webhook ids. */
  readonly id: string
  readonly scan: string
  readonly change: VerdictChange
}

/** A network of flagged names changed; no scan's business. */
export interface NetworkEntry {
  readonly kind: 'network'
  /** Unique per network and version; becomes part of the webhook ids. */
  readonly id: string
  readonly news: NetworkNewsOfEvent
}

export type OutboxEntry = VerdictEntry | WatchEndedEntry | ScanCompletedEntry | ScanJoinedEntry | NetworkEntry
