// What the API needs from the rest of the house, in the API's own words. store/, queue/ and dns/ implement these
// without knowing of HTTP; wiring.ts plugs them in.
import type { Clock } from '../core/clock.ts'
import type { Enrichment } from '../core/model/address-facts.ts'
import type { EventType } from '../core/model/event.ts'
import type { Page, Scan, WatchedDomain } from '../core/model/watch.ts'
import type { Delivery, WebhookEndpoint } from '../core/model/webhook.ts'
import type { NetworkMember, NetworkSummary } from '../core/model/network.ts'
import type { ObservationQuery } from '../core/model/observation-query.ts'
import type { StoredObservation } from '../core/model/observation.ts'
import type { RecordHistory } from '../core/model/seen-record.ts'
import type { TargetId } from '../core/model/target.ts'
import type { VerdictName } from '../core/model/assessment.ts'

export interface ScanOptions {
  readonly tags: readonly string[]
  readonly watchForSeconds: number
  /** Whether a watch may end before its time, when its question is answered. @defaultValue false */
  readonly endsWhenAnswered?: boolean
  /** Null: the scheduler decides. */
  readonly intervalSeconds: number | null
  /** Whose share of the probing the domains are probed from. @defaultValue the tenant without a name */
  readonly tenant?: string
}

/** Scans are opened, filled in one or many steps, and sealed; only a sealed scan can complete. */
export interface Scans {
  /** Throws FLUX_INTAKE_FULL while there is no room for more; so does `add`. */
  open(options: ScanOptions): Promise<string>
  /** Names are normalised already. Answers how many of them are new to this scan. Idempotent. */
  add(scan: string, domains: readonly string[]): Promise<{ added: number }>
  seal(scan: string): Promise<void>
  get(scan: string): Promise<Scan | null>
  /** In order of submission; null when there is no such scan. A cursor that was not made here throws FLUX_INVALID. */
  verdicts(
    scan: string,
    query: { verdict: VerdictName | null; cursor: string | null; limit: number },
  ): Promise<Page<WatchedDomain> | null>
  /** Stops watching what no other scan watches. False when there is no such scan. Idempotent. */
  cancel(scan: string): Promise<boolean>
}

export interface Domains {
  /** A short text that is another one as soon as anything of the domain is written; null when there is nothing of it. */
  stampOf(domain: string): Promise<string | null>
  get(domain: string): Promise<WatchedDomain | null>
  /** Resolves at the first verdict other than `pending`, or with what there is after `ms`, or at abort. */
  waitForVerdict(domain: string, ms: number, signal: AbortSignal): Promise<WatchedDomain | null>
  /** False when it was never submitted. Idempotent. */
  stop(domain: string): Promise<boolean>
  /** The targets that an assessment of this domain reads: its host, its zone, the hosts of the zone's name servers. */
  targetsOf(domain: string): Promise<readonly TargetId[]>
}

export interface ObservationHistory {
  /** Oldest first. The cursor stays right while rows arrive. A cursor that was not made here throws FLUX_INVALID. */
  observations(query: ObservationQuery): Promise<Page<StoredObservation>>
}

export interface Networks {
  /** The latest to form first. `active`: those that live, or those that have ended; null: both. A bad cursor throws FLUX_INVALID. */
  list(query: { active: boolean | null; cursor: string | null; limit: number }): Promise<Page<NetworkSummary>>
  get(id: string): Promise<NetworkSummary | null>
  /** In the order in which they joined; none of a network that does not exist. */
  members(id: string, query: { cursor: string | null; limit: number }): Promise<Page<NetworkMember>>
}

export interface Webhooks {
  /** Without a secret one is made. Throws FLUX_WEBHOOK_URL_REFUSED, FLUX_INVALID (bad secret). */
  create(endpoint: {
    url: string
    secret: string | null
    events: readonly EventType[]
    scan: string | null
  }): Promise<WebhookEndpoint>
  list(query: { cursor: string | null; limit: number }): Promise<Page<WebhookEndpoint>>
  get(id: string): Promise<WebhookEndpoint | null>
  /** Waiting deliveries to it are dropped. */
  remove(id: string): Promise<boolean>
  /** Sends an `endpoint.test` event; null when there is no such endpoint. */
  test(id: string): Promise<Delivery | null>
  /** Newest first; null when there is no such endpoint. */
  deliveries(id: string, query: { cursor: string | null; limit: number }): Promise<Page<Delivery> | null>
  /** Sends the same event (same `webhook-id`) again; null when there is no such delivery. */
  redeliver(id: string, delivery: string): Promise<Delivery | null>
}

/** Answers to requests with an Idempotency-Key, kept for 24 h. */
export interface IdempotencyKeys {
  begin(
    key: string,
    fingerprint: string,
  ): Promise<
    { state: 'new' } | { state: 'running' } | { state: 'mismatch' } | { state: 'done'; answer: string }
  >
  finish(key: string, answer: string): Promise<void>
  /** The request failed: the key may be used again. */
  release(key: string): Promise<void>
}

export interface HealthCheck {
  readonly name: string
  readonly ok: boolean
  /** A sentence, e.g. "no ASN database: verdicts ask for more evidence; run `fluxwatch geo update`". */
  readonly detail: string
  /** A check that is not required degrades, but does not make the service unready. */
  readonly required: boolean
}

export interface Health {
  check(): Promise<readonly HealthCheck[]>
}

export interface MetricsText {
  readonly contentType: string
  metrics(): Promise<string>
}

/** Those who asked not to be probed. */
export interface OptedOut {
  /** Whether the name, or a domain above it, is on the list. */
  coversName(name: string): boolean
}

export interface ApiPorts {
  readonly scans: Scans
  readonly domains: Domains
  readonly history: ObservationHistory
  readonly records: RecordHistory
  /** What "now" is in a question about the latest time. */
  readonly clock: Pick<Clock, 'now'>
  readonly networks: Networks
  /** What is known of an address. */
  readonly addresses: Pick<Enrichment, 'factsOf'>
  readonly optOut: OptedOut
  readonly webhooks: Webhooks
  readonly idempotency: IdempotencyKeys
  readonly health: Health
  readonly metrics: MetricsText
}
