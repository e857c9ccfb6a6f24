// Watches a world of botnets as the service would, each name by itself, and tells who is flagged with which agents: series,
// assessment and what it teaches are the service's own. Other names' verdicts are not known to an assessment here.
import type { FlaggedName, NetworkAgent } from '../../core/model/network.ts'
import { agentsOf, type Agent } from '../../core/networks/agents.ts'
import { listedAgents, taughtAgents } from '../../core/networks/taught-agents.ts'
import { DEFAULT_POLICY } from '../../core/policy.ts'
import { zoneOf } from '../../core/schedule/zone-of.ts'
import { enrichmentOf } from '../watch/watch-enrichment.ts'
import { watchMember } from '../watch/watch-member.ts'
import type { BotnetWorld } from './botnet-world.ts'

const DAY_MS = 24 * 3_600_000
/** Not every round: a world would be hundreds of megabytes of much the same. */
const NOTED_EVERY_MS = 900_000

export interface WatchedWorld {
  /** What a round of a flagged name brings, one in a quarter of an hour, in order of time. */
  readonly notes: readonly FlaggedName[]
  /**
   * What each round of a name brings that is nearly flux, in order of time, whether or not it shares addresses with flagged names:
   * those are not known while it is watched.
   */
  readonly nearly: readonly FlaggedName[]
  /** When such a name was found to be `no_flux_seen`, in order of time. */
  readonly cleared: readonly ClearedName[]
  /** Domain → its botnet, null for a bystander; flagged or not. */
  readonly truth: ReadonlyMap<string, number | null>
  /** Bystanders' agents at the end of the watch: as if each had been flagged by mistake. */
  readonly mistaken: readonly FlaggedName[]
}

export interface ClearedName {
  readonly domain: string
  readonly at: number
}

/** A bystander that was not flagged by then is not watched any longer. Virtual seconds. */
const BYSTANDER_SECONDS = 7200

/**
 * Names of botnets are watched until `until` (ms since the epoch), bystanders for two hours: the service goes on with a flagged
 * name for a day. Three resolvers on three continents.
 */
export function watchBotnets(world: BotnetWorld, until: number): WatchedWorld {
  const enrichment = enrichmentOf(world.plan)
  const truth = new Map<string, number | null>()
  const notes: FlaggedName[] = []
  const bystanders: FlaggedName[] = []
  const nearly: FlaggedName[] = []
  const cleared: ClearedName[] = []
  const neverFlagged = new Set<string>()
  /** Address → names that were seen at it and never flagged. */
  const strangers = new Map<string, number>()
  for (const { member, botnet, watchFrom } of world.names) {
    const domain = zoneOf(member.host)
    truth.set(domain, botnet)
    let isFlagged = false
    let seen: FlaggedName['agents'] = []
    let at = watchFrom
    let notedAt = 0
    const listed: FlaggedName[] = []
    const forSeconds = botnet === null ? BYSTANDER_SECONDS : (until - watchFrom) / 1000
    for (const round of watchMember(member, { startAt: watchFrom, forSeconds })) {
      const agents = agentsOf(round.series, round.at, DAY_MS)
      at = round.at
      seen = agents.map(withoutStrangers)
      const { assessment } = round
      if (assessment === null) continue
      if (assessment.verdict === 'no_flux_seen' && listed.length > 0) cleared.push({ domain, at })
      const own = listedAgents(assessment, agents, agents.length, enrichment, DEFAULT_POLICY)
      if (own.length > 0) listed.push({ domain, agents: own.map(withoutStrangers), standsAlone: false, at })
      if (assessment.verdict !== 'flux') continue
      const taught = taughtAgents(assessment, agents, enrichment, DEFAULT_POLICY)
      if (taught.length === 0) continue
      isFlagged = true
      if (round.at - notedAt < NOTED_EVERY_MS) continue
      notedAt = round.at
      notes.push({ domain, agents: taught.map(withoutStrangers), standsAlone: true, at })
    }
    nearly.push(...listed)
    if (isFlagged) continue
    neverFlagged.add(domain)
    for (const address of new Set(seen.map((agent) => agent.address))) {
      strangers.set(address, (strangers.get(address) ?? 0) + 1)
    }
    if (botnet === null) bystanders.push({ domain, agents: seen, standsAlone: true, at })
  }
  const withStrangers = (name: FlaggedName, itself: number): FlaggedName => ({
    ...name,
    agents: name.agents.map((agent) => ({
      ...agent,
      strangers: Math.max(0, (strangers.get(agent.address) ?? 0) - itself),
    })),
  })
  return {
    notes: notes.toSorted(inTime).map((name) => withStrangers(name, 0)),
    nearly: nearly.toSorted(inTime).map((name) => withStrangers(name, neverFlagged.has(name.domain) ? 1 : 0)),
    cleared: cleared.toSorted(inTime),
    truth,
    mistaken: bystanders.map((name) => withStrangers(name, 1)),
  }
}

function withoutStrangers({ address, last }: Agent): NetworkAgent {
  return { address, last, strangers: 0 }
}

/** By time, then by name. */
export function inTime(a: ClearedName, b: ClearedName): number {
  return a.at - b.at || (a.domain < b.domain ? -1 : 1)
}
