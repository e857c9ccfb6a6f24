// What the world is told. Events leave a commit through the events stream and reach webhooks (and later SSE).
import type { FluxType, VerdictName } from './assessment.ts'

/** The types a webhook endpoint can subscribe to (`endpoint.test` is sent by the test call only). */
export const EVENT_TYPES = ['domain.flux.detected', 'domain.verdict.changed', 'scan.completed'] as const
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

/** The body that is signed and sent: Standard Webhooks 1.0, `{type, timestamp, data}`. */
export interface FluxEvent {
  /** Unique, no dots or colons; becomes `webhook-id` together with the endpoint. */
  readonly id: string
  readonly type: EventType
  /** ISO 8601, when it happened. */
  readonly timestamp: string
  readonly data: VerdictChange | ScanSummary | { readonly message: string }
}
