// What a round asks and tells of agents that domains share: before the assessment, which flagged names were at the domain's
// addresses; around the commit, what the new verdict says of them. What counts is decided in core/networks/.
import type { VerdictBefore } from '../core/detect/verdict-change.ts'
import { withFlagged, type Enrichment } from '../core/model/address-facts.ts'
import type { Assessment } from '../core/model/assessment.ts'
import { agentsOf, type Agent } from '../core/networks/agents.ts'
import { taughtAgents } from '../core/networks/taught-agents.ts'
import { zoneOf } from '../core/schedule/zone-of.ts'
import type { DomainSeries } from '../core/series/domain-series.ts'
import type { RoundParts } from './round-ports.ts'

const DAY_MS = 24 * 3600 * 1000
/** Notes live for a month: whoever takes them back looks as far. */
const NOTED_WITHIN_MS = 30 * DAY_MS
/** As many addresses as a series holds. */
const NOTED_AT_MOST = 512

/** The enrichment, with what was noted of flagged names at the domain's addresses of the last day. */
export async function withNeighbours(
  series: DomainSeries,
  { agents, enrichment }: RoundParts,
  now: number,
): Promise<Enrichment> {
  if (!agents) return enrichment
  return withFlagged(enrichment, await agents.flaggedAt(agentsOf(series, now, DAY_MS), now))
}

/** What a round has to tell of the agents of one domain; both empty for most. */
export interface AgentNews {
  /** Registrable: all names under it are one neighbour. */
  readonly domain: string
  readonly flagged: readonly Agent[]
  readonly cleared: readonly Agent[]
}

/**
 * What the assessment says of the domain's agents.
 *
 * Cleared: all that may be noted, in the round in which a name that was flagged once gets another verdict. One that does not
 * resolve any more was taken down, not cleared: its agents stay noted for their time.
 */
export function agentNews(
  series: DomainSeries,
  assessment: Assessment,
  before: VerdictBefore,
  { enrichment, policy }: RoundParts,
  now: number,
): AgentNews {
  const { verdict } = assessment
  const isCleared =
    before.firstFlaggedAt !== null &&
    before.verdict !== verdict &&
    verdict !== 'flux' &&
    verdict !== 'unresolvable'
  return {
    domain: zoneOf(series.domain),
    flagged:
      verdict === 'flux' ? taughtAgents(assessment, agentsOf(series, now, DAY_MS), enrichment, policy) : [],
    cleared: isCleared ? agentsOf(series, now, NOTED_WITHIN_MS, NOTED_AT_MOST) : [],
  }
}

/** To be done before the commit: a process that dies in between judges anew, and clears or notes again. */
export async function forgetCleared({ domain, cleared }: AgentNews, { agents }: RoundParts): Promise<void> {
  if (cleared.length > 0) await agents?.forget(domain, cleared)
}

/**
 * To be done after the commit, so that only a verdict that stands speaks against others; what a process that dies in between
 * did not note, the domain's next round notes.
 */
export async function noteFlagged(
  { domain, flagged }: AgentNews,
  { agents }: RoundParts,
  now: number,
): Promise<void> {
  if (flagged.length > 0) await agents?.note(domain, flagged, now)
}
