// What a round asks and tells of agents that domains share: before the assessment, which flagged names were at the domain's
// addresses and in which networks they are; around the commit, what the new verdict says of them. What counts is decided in
// core/networks/.
import { isNearlyFlux } from '../core/detect/flux-bar.ts'
import { standsAlone } from '../core/detect/stands-alone.ts'
import type { VerdictBefore } from '../core/detect/verdict-change.ts'
import { withFlagged, type Enrichment, type FlaggedAgents } from '../core/model/address-facts.ts'
import type { Assessment } from '../core/model/assessment.ts'
import { agentsOf, type Agent } from '../core/networks/agents.ts'
import { listedAgents, ownAgents, taughtAgents } from '../core/networks/taught-agents.ts'
import { zoneOf } from '../core/schedule/zone-of.ts'
import type { DomainSeries } from '../core/series/domain-series.ts'
import type { RoundParts } from './round-ports.ts'

const DAY_MS = 24 * 3600 * 1000
/** Notes live for a month: whoever takes them back looks as far. */
const NOTED_WITHIN_MS = 30 * DAY_MS
/** As many addresses as a series holds. */
const NOTED_AT_MOST = 512
/** Neighbours whose networks are looked up, those at most addresses: all of a botnet's names lead to the same one. Hand-set. */
const NEIGHBOURS_LOOKED_UP = 64

/** The enrichment, with what was noted of flagged names at the domain's addresses of the last day, and their networks. */
export async function withNeighbours(
  series: DomainSeries,
  { agents, networks, enrichment }: RoundParts,
  now: number,
): Promise<Enrichment> {
  if (!agents) return enrichment
  const flagged = await agents.flaggedAt(agentsOf(series, now, DAY_MS), now)
  if (!networks) return withFlagged(enrichment, flagged)
  const zones = commonest(flagged, zoneOf(series.domain))
  const found = zones.length === 0 ? new Map() : await networks.networksOf(zones, now)
  return withFlagged(enrichment, { ...flagged, networks: found })
}

function commonest({ addresses, nameServers }: FlaggedAgents, own: string): readonly string[] {
  const counts = new Map<string, number>()
  for (const names of [...addresses.values(), ...nameServers.values()]) {
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const neighbours = [...counts.keys()].filter((name) => name !== own)
  if (neighbours.length === 0) return neighbours
  const looked = neighbours
    .toSorted((a, b) => counts.get(b)! - counts.get(a)! || (a < b ? -1 : 1))
    .slice(0, NEIGHBOURS_LOOKED_UP)
  // The own domain as well: whether it stands in the network tells how many others do.
  return [...looked, own]
}

/** What a round has to tell of the agents of one domain; all empty for most. */
export interface AgentNews {
  /** The name itself. */
  readonly name: string
  /** Registrable: all names under it are one neighbour. */
  readonly domain: string
  readonly flagged: readonly Agent[]
  readonly cleared: readonly Agent[]
  /**
   * Of a flagged name: its own agents, whether or not they may speak against others. Of one that is nearly flux: those by which it is
   * listed with the network that it fits, never standing alone; none where it shares too little with flagged names. Null for every
   * other name.
   */
  readonly told: { readonly standsAlone: boolean; readonly agents: readonly Agent[] } | null
  readonly isCleared: boolean
  /** Addresses of flagged names at which this one, that is not flagged, was seen. */
  readonly strangeAt: readonly string[]
}

/**
 * What the assessment says of the domain's agents. `enrichment`: with the neighbours that it was assessed with.
 *
 * Cleared: all that may be noted, in the round in which a name that was flagged once gets another verdict. One that does not
 * resolve any more was taken down, not cleared: its agents stay noted for their time. One that was never flagged may have been
 * listed with a network: it leaves when it turns out to be `no_flux_seen` while it shares addresses with flagged names. Where it does
 * not any more, there was nothing to be listed with or its addresses age out: most of a million names share none, and tell nothing.
 *
 * A stranger is a name that was looked at enough and never flagged: one that is pending may be the botnet's next. One that
 * is flagged later has been counted as a stranger once, for a month.
 */
export function agentNews(
  series: DomainSeries,
  assessment: Assessment,
  before: VerdictBefore,
  { enrichment, policy }: Pick<RoundParts, 'enrichment' | 'policy'>,
  now: number,
): AgentNews {
  const { verdict } = assessment
  const domain = zoneOf(series.domain)
  const shared = sharedAddresses(enrichment.flagged, domain)
  const isOther = before.verdict !== verdict && verdict !== 'flux' && verdict !== 'unresolvable'
  const wasFlagged = isOther && before.firstFlaggedAt !== null
  const strangeAt = verdict === 'no_flux_seen' && before.firstFlaggedAt === null ? shared : []
  const isCleared = wasFlagged || (isOther && strangeAt.length > 0)
  // Of most names nothing is told: it is not worth a look at their agents.
  const isTold = verdict === 'flux' || (!isCleared && isNearlyFlux(assessment, policy))
  const agents = isTold ? agentsOf(series, now, DAY_MS) : []
  const own =
    verdict === 'flux'
      ? ownAgents(assessment, agents, enrichment)
      : listedAgents(assessment, agents, shared.length, enrichment, policy)
  return {
    name: series.domain,
    domain,
    flagged: verdict === 'flux' ? taughtAgents(assessment, agents, enrichment, policy) : [],
    cleared: wasFlagged ? agentsOf(series, now, NOTED_WITHIN_MS, NOTED_AT_MOST) : [],
    told: isTold ? { standsAlone: standsAlone(assessment, policy), agents: onceEach(own) } : null,
    isCleared,
    strangeAt,
  }
}

/** A botnet's machines serve the site and its name servers: an address that does both is one agent. */
function onceEach(agents: readonly Agent[]): readonly Agent[] {
  const latest = new Map<string, Agent>()
  for (const agent of agents) {
    const known = latest.get(agent.address)
    if (known === undefined || known.last < agent.last) latest.set(agent.address, agent)
  }
  return [...latest.values()]
}

function sharedAddresses(flagged: FlaggedAgents | undefined, own: string): readonly string[] {
  if (flagged === undefined) return []
  const shared = new Set<string>()
  for (const pool of [flagged.addresses, flagged.nameServers]) {
    for (const [address, names] of pool) if (names.some((name) => name !== own)) shared.add(address)
  }
  return [...shared]
}

/**
 * To be done before the commit: a process that dies in between judges anew, and clears or notes again. A name that is cleared
 * here and flagged all the same (its round was stale) is told again within the hour.
 */
export async function forgetCleared(
  { name, domain, cleared, isCleared }: AgentNews,
  { agents, flaggedNames }: RoundParts,
  now: number,
): Promise<void> {
  if (cleared.length > 0) await agents?.forget(domain, cleared)
  if (isCleared) await flaggedNames?.clear(name, now)
}

/**
 * To be done after the commit, so that only a verdict that stands speaks against others; what a process that dies in between
 * did not note or tell, the domain's next round does.
 */
export async function noteFlagged(
  { name, domain, flagged, told, strangeAt }: AgentNews,
  { agents, flaggedNames }: RoundParts,
  now: number,
): Promise<void> {
  if (flagged.length > 0) await agents?.note(domain, flagged, now)
  if (told !== null && told.agents.length > 0) await flaggedNames?.tell({ domain: name, ...told }, now)
  if (strangeAt.length > 0) await flaggedNames?.noteStranger(domain, strangeAt, now)
}
