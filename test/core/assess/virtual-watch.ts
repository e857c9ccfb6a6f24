// Watches a zone of the simulated Internet in virtual time, as the service would, through three regional caches, and keeps
// what the tests ask of: the verdicts in order, and when each came.
import type { Enrichment } from '../../../src/core/model/address-facts.ts'
import type { Assessment, VerdictName } from '../../../src/core/model/assessment.ts'
import { watchHost } from '../../../src/lab/watch/host-watch.ts'
import { openViews } from '../../../src/lab/watch/open-views.ts'
import { THREE_RESOLVERS } from '../../../src/lab/watch/watch-vantage.ts'
import type { ReplyDelay } from '../../../src/lab/watch/watch-vantage.ts'
import type { World } from '../../../src/lab/world.ts'
import type { LabZone } from '../../../src/lab/zones/zone.ts'

export interface WatchResult {
  readonly zone: LabZone
  readonly last: Assessment
  /** Seconds from the start to the first assessment with this verdict; absent when it never came. */
  readonly firstAt: Partial<Record<VerdictName, number>>
  /** Every verdict in the order in which they came, without repeats. */
  readonly path: readonly VerdictName[]
  readonly everFlux: boolean
  readonly roundsOfHost: number
}

/** Watches one zone for so many virtual seconds. */
export function watchZone(
  world: World,
  zone: LabZone,
  enrichment: Enrichment,
  forSeconds: number,
  replyDelayMs?: ReplyDelay,
): WatchResult {
  const { startAt } = world
  const views = openViews({
    space: world,
    vantages: THREE_RESOLVERS,
    ...(replyDelayMs !== undefined && { replyDelayMs }),
  })
  const firstAt: Partial<Record<VerdictName, number>> = {}
  const path: VerdictName[] = []
  let last: Assessment | null = null
  for (const round of watchHost({ host: zone.host, startAt, forSeconds, views, enrichment })) {
    last = round.assessment!
    firstAt[last.verdict] ??= Math.round((round.at - startAt) / 1000)
    if (path.at(-1) !== last.verdict) path.push(last.verdict)
  }
  return { zone, last: last!, firstAt, path, everFlux: path.includes('flux'), roundsOfHost: last!.rounds }
}
