// From a scan, and from what a submission came to, to the wire.
import type { Scan } from '../../core/model/watch.ts'
import type { Intake } from '../intake/intake.ts'
import { presentInstant, presentInstantOrNull } from './instant.ts'
import type { LinkMaker } from './links.ts'

/** Seconds until asking for a scan (again) makes sense. Hand-set: a first round takes about as long. */
export const POLL_AFTER_SECONDS = 5

export function presentIntake(intake: Intake, links: LinkMaker) {
  const { scan, tally, webhook } = intake
  return {
    id: scan,
    accepted: intake.accepted,
    duplicates: intake.duplicates,
    rejected: tally.rejected,
    rejected_total: tally.rejectedTotal,
    refanged: tally.refanged,
    ...(webhook ? { webhook: { id: webhook.id, secret: webhook.secret } } : {}),
    links: {
      ...scanLinks(scan, links),
      ...(webhook ? { webhook: links.webhook(webhook.id) } : {}),
    },
  }
}

export function presentScan(scan: Scan, links: LinkMaker) {
  return {
    id: scan.id,
    state: scan.state,
    created_at: presentInstant(scan.createdAt),
    ended_at: presentInstantOrNull(scan.endedAt),
    tags: [...scan.tags],
    watch_for: scan.watchForSeconds,
    interval: scan.intervalSeconds,
    domains: scan.domains,
    verdicts: { ...scan.verdicts },
    progress: {
      settled: scan.settled,
      total: scan.domains,
      ratio: scan.domains === 0 ? 0 : scan.settled / scan.domains,
    },
    poll_after_ms: scan.state === 'running' ? POLL_AFTER_SECONDS * 1000 : null,
    links: scanLinks(scan.id, links),
  }
}

function scanLinks(id: string, links: LinkMaker): Record<string, string> {
  return { self: links.scan(id), verdicts: `${links.scan(id)}/verdicts` }
}
