// What the world is told. Events leave a commit through the events stream and reach webhooks (and later SSE).
import type { FluxType, VerdictName } from './assessment.ts'
import type { NetworkChangeKind } from './network.ts'

/** The types a webhook endpoint can subscribe to (`endpoint.test` is sent by the test call only). */
export const EVENT_TYPES = [
  'domain.flux.detected',
  'domain.verdict.changed',
  'scan.completed',
  'network.changed',
] as const
/** Those that can concern a scan; a network has names of many scans in it. */
export const SCAN_EVENT_TYPES = EVENT_TYPES.filter((type) => type !== 'network.changed')
export type EventType = (typeof EVENT_TYPES)[number] | 'endpoint.test'
export const ALL_EVENT_TYPES: readonly EventType[] = [...EVENT_TYPES, 'endpoint.test']

export interface VerdictChange {
  readonly domain: string
  readonly verdict: VerdictName
  readonly previous_verdict: VerdictName
  readonly flux_type: FluxType | null
  readonly score: number
  readonly as_of: string
  readonly first_flagged_at: string | null
  /** The sentences that weighed most, at most five. */
  readonly reasons: readonly string[]
  readonly links: Record<string, string>
}

export interface ScanSummary {
  readonly scan: string
  readonly domains: number
  readonly verdicts: Record<VerdictName, number>
  readonly links: Record<string, string>
}

/** What happened to a network of flagged names, and how it stands after it. */
export interface NetworkNewsOfEvent {
  readonly id: string
  readonly change: NetworkChangeKind
  /** Counts the changes of this network, from 1. */
  readonly version: number
  readonly at: string
  /** Members and agents now. */
  readonly domains: number
  readonly agents: number
  /** How many members came or went; the first 50 of them in `names`, sorted. */
  readonly count: number
  readonly names: readonly string[]
  /** `merged`: the networks that it took in · `split`: those that came of it. Else empty. */
  readonly networks: readonly string[]
  readonly formed_at: string
  readonly ended_at: string | null
  readonly merged_into: string | null
  readonly split_from: string | null
  readonly links: Record<string, string>
}

/** The body that is signed and sent: Standard Webhooks 1.0, `{type, timestamp, data}`. */
export interface FluxEvent {
  /** Unique, no dots or colons; becomes `webhook-id` together with the endpoint. */
  readonly id: string
  readonly type: EventType
  /** ISO 8601, when it happened. */
  readonly timestamp: string
  readonly data: VerdictChange | ScanSummary | NetworkNewsOfEvent | { readonly message: string }
}
