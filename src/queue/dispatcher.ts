// Turns what happened into scan progress and webhook deliveries. Everything here may run twice for the same entry.
import type { EventType, FluxEvent, VerdictChange } from '../core/model/event.ts'
import type {
  NetworkEntry,
  OutboxEntry,
  ScanCompletedEntry,
  VerdictEntry,
  WatchEndedEntry,
} from '../core/model/outbox.ts'
import type { Scan } from '../core/model/watch.ts'
import type { VerdictName } from '../core/model/assessment.ts'

export interface ScanProgress {
  scansOf(domain: string): Promise<readonly string[]>
  countVerdict(
    scan: string,
    progress: { domain: string; verdict: VerdictName; version: number; settled: boolean },
  ): Promise<void>
  get(scan: string): Promise<Scan | null>
  /** Its end is known: keep it readable for the retention time only. */
  expire(scan: string): Promise<void>
}

export interface Subscriptions {
  /** Endpoints that want the event: the instance's own, and those of the given scans. */
  endpointsFor(event: FluxEvent, scans: readonly string[]): Promise<readonly string[]>
  /** Those of one scan alone. */
  endpointsOfScan(event: FluxEvent, scan: string): Promise<readonly string[]>
  /** The scan is over: its endpoints go with it after the retention time. */
  expireOfScan(scan: string): Promise<void>
}

export interface Deliveries {
  /** Adds one delivery an endpoint; adding the same event again changes nothing. */
  enqueue(event: FluxEvent, endpointIds: readonly string[]): Promise<unknown>
}

export interface DispatcherParts {
  readonly scans: ScanProgress
  readonly subscriptions: Subscriptions
  readonly deliveries: Deliveries
}

/** The handler for the events streams. Of one batch in order; two processes can overtake each other, so counters have versions. */
export function dispatcher(parts: DispatcherParts): (payloads: readonly Buffer[]) => Promise<void> {
  return async (payloads) => {
    for (const payload of payloads) await dispatch(JSON.parse(String(payload)) as OutboxEntry, parts)
  }
}

async function dispatch(entry: OutboxEntry, parts: DispatcherParts): Promise<void> {
  switch (entry.kind) {
    case 'verdict':
      return dispatchVerdict(entry, parts)
    case 'watch-ended':
      return settle(entry, parts.scans)
    case 'scan-joined':
      return tell(entry.id, entry.change, parts.deliveries, (event) =>
        parts.subscriptions.endpointsOfScan(event, entry.scan),
      )
    case 'scan-completed':
      return dispatchCompletion(entry, parts)
    case 'network':
      return dispatchNetwork(entry, parts)
  }
}

/** To the endpoints for everything: a network has names of many scans in it, and of none. */
async function dispatchNetwork({ id, news }: NetworkEntry, parts: DispatcherParts): Promise<void> {
  const event: FluxEvent = { id, type: 'network.changed', timestamp: news.at, data: news }
  await parts.deliveries.enqueue(event, await parts.subscriptions.endpointsFor(event, []))
}

async function dispatchVerdict({ id, version, change }: VerdictEntry, parts: DispatcherParts): Promise<void> {
  const scans = await parts.scans.scansOf(change.domain)
  const { domain, verdict } = change
  await Promise.all(
    scans.map((scan) =>
      parts.scans.countVerdict(scan, { domain, verdict, version, settled: verdict !== 'pending' }),
    ),
  )
  await tell(id, change, parts.deliveries, (event) => parts.subscriptions.endpointsFor(event, scans))
}

/** The events of one change of verdict, to whom they concern. */
async function tell(
  id: string,
  change: VerdictChange,
  deliveries: Deliveries,
  endpointsOf: (event: FluxEvent) => Promise<readonly string[]>,
): Promise<void> {
  const isDetection = change.verdict === 'flux' && change.previous_verdict !== 'flux'
  const types: EventType[] = isDetection
    ? ['domain.flux.detected', 'domain.verdict.changed']
    : ['domain.verdict.changed']
  for (const type of types) {
    const event: FluxEvent = {
      id: `${id}_${type === 'domain.flux.detected' ? 'd' : 'c'}`,
      type,
      timestamp: change.as_of,
      data: change,
    }
    await deliveries.enqueue(event, await endpointsOf(event))
  }
}

/** Scans that were opened after the end are about a watch of their own. */
async function settle({ domain, verdict, version, at }: WatchEndedEntry, scans: ScanProgress): Promise<void> {
  const members = await Promise.all((await scans.scansOf(domain)).map((id) => scans.get(id)))
  const concerned = members.filter((scan) => scan !== null && scan.createdAt <= at) as Scan[]
  await Promise.all(
    concerned.map(({ id }) => scans.countVerdict(id, { domain, verdict, version, settled: true })),
  )
}

async function dispatchCompletion(
  { scan: id, at }: ScanCompletedEntry,
  parts: DispatcherParts,
): Promise<void> {
  const scan = await parts.scans.get(id)
  if (!scan) return
  const event: FluxEvent = {
    id: `evt_${id}_completed`,
    type: 'scan.completed',
    timestamp: new Date(at).toISOString(),
    data: {
      scan: id,
      domains: scan.domains,
      verdicts: { ...scan.verdicts },
      links: { scan: `/v1/scans/${id}`, verdicts: `/v1/scans/${id}/verdicts` },
    },
  }
  await parts.deliveries.enqueue(event, await parts.subscriptions.endpointsFor(event, [id]))
  await Promise.all([parts.scans.expire(id), parts.subscriptions.expireOfScan(id)])
}
