// The recorded double-flux campaigns as networks: replay, series, assessment, agents, graph; counted against both truths.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { countPairs, type PairCount } from './pair-counting.ts'
import { parseLabels } from '../accuracy/recorded/labels.ts'
import type { Enrichment } from '../../src/core/model/address-facts.ts'
import type { FlaggedName } from '../../src/core/model/network.ts'
import { agentsOf } from '../../src/core/networks/agents.ts'
import { NetworkGraph } from '../../src/core/networks/network-graph.ts'
import { listedAgents, taughtAgents } from '../../src/core/networks/taught-agents.ts'
import type { Policy } from '../../src/core/policy.ts'
import { zoneOf } from '../../src/core/schedule/zone-of.ts'
import { parseEnrichmentCsv } from '../../src/core/replay/enrichment-csv.ts'
import { replayDomain, type ReplayResult } from '../../src/core/replay/replay-domain.ts'
import { ResponseGrouping } from '../../src/core/replay/replay.ts'

const DAY_MS = 24 * 3_600_000

export interface RecordedNetworks {
  readonly flagged: number
  readonly networks: number
  /** Names that are flagged and in no network. */
  readonly alone: number
  /** Names that are not flagged, but nearly, and listed with a network. */
  readonly listed: number
  /** Benign names that were flagged, or are in a network or listed with one. */
  readonly benign: number
  /** Over all names of the campaigns, with those that are listed. */
  readonly withListedAsOneBotnet: PairCount
  /** Over all names, those that are listed left out: they are in no network. */
  readonly asOneBotnet: PairCount
  /** Over the names that were flagged: what was not is the detector's miss. */
  readonly flaggedAsOneBotnet: PairCount
  readonly flaggedAsCampaigns: PairCount
}

/** `folder`: as for bench:accuracy. Throws when something is missing there. */
export function recordedNetworks(folder: string, policy: Policy): RecordedNetworks {
  const read = (name: string): Buffer => readFileSync(join(folder, name))
  const text = read('labels.csv').toString('utf8')
  const labels = parseLabels(text)
  const database = readdirSync(folder).find((name) => /^enrichment-.*\.csv$/.test(name))
  if (database === undefined) throw new Error(`${folder} does not hold an enrichment-*.csv`)
  const enrichment = parseEnrichmentCsv(read(database).toString('utf8'))
  const grouping = new ResponseGrouping()
  for (const line of gunzipSync(read('responses.ndjson.gz')).toString('utf8').split('\n')) grouping.add(line)

  const results = grouping.finish().domains.map((responses) => replayDomain(responses, enrichment, policy))
  const flagged = results.filter(({ assessment }) => assessment.verdict === 'flux')
  const others = strangersAt(results.filter(({ assessment }) => assessment.verdict !== 'flux'))
  const notes = flagged.map((result) => flaggedName(result, enrichment, policy, others))
  const pool = flaggedAt(notes)
  const nearly = results
    .map((result) => listedName(result, pool, enrichment, policy, others))
    .filter(({ agents }) => agents.length > 0)
  const told = [...notes, ...nearly].toSorted((a, b) => a.at - b.at || (a.domain < b.domain ? -1 : 1))
  const graph = new NetworkGraph(policy)
  for (const name of told) {
    graph.note(name, name.at)
    graph.sweep(name.at)
  }
  const end = told.at(-1)?.at ?? 0
  for (let sweep = 1; sweep <= 10; sweep++) graph.sweep(end + sweep * 3_600_000)

  const campaigns = new Map<string, string | null>()
  const botnet = new Map<string, string | null>()
  const found = new Map<string, string | null>()
  for (const { set, domain } of results) {
    const label = labels.get(`${set ?? ''} ${domain}`)
    if (label === undefined) throw new Error(`no label for ${set ?? ''} ${domain}`)
    campaigns.set(domain, label.campaign || null)
    botnet.set(domain, label.campaign ? 'recorded' : null)
    found.set(domain, graph.networkOf(domain))
  }
  const isBenign = (domain: string): boolean => (botnet.get(domain) ?? null) === null
  const listed = nearly.filter(({ domain }) => found.get(domain) !== null)
  const withoutListed = new Map([...found, ...listed.map(({ domain }) => [domain, null] as const)])
  const flaggedOf = (truth: ReadonlyMap<string, string | null>): Map<string, string | null> =>
    new Map(notes.map(({ domain }) => [domain, truth.get(domain) ?? null]))
  return {
    flagged: notes.length,
    networks: new Set([...found.values()].filter((id) => id !== null)).size,
    alone: notes.filter(({ domain }) => found.get(domain) === null).length,
    listed: listed.length,
    benign: [...found].filter(
      ([domain, id]) => isBenign(domain) && (id !== null || notes.some((name) => name.domain === domain)),
    ).length,
    withListedAsOneBotnet: countPairs(botnet, found),
    asOneBotnet: countPairs(botnet, withoutListed),
    flaggedAsOneBotnet: countPairs(flaggedOf(botnet), found),
    flaggedAsCampaigns: countPairs(flaggedOf(campaigns), found),
  }
}

/** Address → names that were seen at it and are not flagged. */
function strangersAt(results: readonly ReplayResult[]): ReadonlyMap<string, number> {
  const counted = new Map<string, number>()
  for (const { series, assessment } of results) {
    const addresses = agentsOf(series, assessment.asOf, DAY_MS).map(({ address }) => address)
    for (const address of new Set(addresses)) counted.set(address, (counted.get(address) ?? 0) + 1)
  }
  return counted
}

function flaggedName(
  { domain, series, assessment }: ReplayResult,
  enrichment: Enrichment,
  policy: Policy,
  others: ReadonlyMap<string, number>,
): FlaggedName {
  const agents = taughtAgents(assessment, agentsOf(series, assessment.asOf, DAY_MS), enrichment, policy)
  return {
    domain,
    agents: agents.map(({ address, last }) => ({ address, last, strangers: others.get(address) ?? 0 })),
    standsAlone: agents.length > 0,
    at: assessment.asOf,
  }
}

/** Address → registrable domains that were flagged there, at whatever time. */
function flaggedAt(notes: readonly FlaggedName[]): ReadonlyMap<string, ReadonlySet<string>> {
  const zones = new Map<string, Set<string>>()
  for (const { domain, agents } of notes) {
    for (const { address } of agents)
      zones.set(address, (zones.get(address) ?? new Set()).add(zoneOf(domain)))
  }
  return zones
}

function listedName(
  { domain, series, assessment }: ReplayResult,
  pool: ReadonlyMap<string, ReadonlySet<string>>,
  enrichment: Enrichment,
  policy: Policy,
  others: ReadonlyMap<string, number>,
): FlaggedName {
  const seen = agentsOf(series, assessment.asOf, DAY_MS)
  const isOthers = (address: string): boolean =>
    [...(pool.get(address) ?? [])].some((zone) => zone !== zoneOf(domain))
  const shared = new Set(seen.map(({ address }) => address).filter(isOthers)).size
  const agents = listedAgents(assessment, seen, shared, enrichment, policy)
  return {
    domain,
    agents: agents.map(({ address, last }) => ({ address, last, strangers: others.get(address) ?? 0 })),
    standsAlone: false,
    at: assessment.asOf,
  }
}
