// From networks of flagged names to their forms on the wire.
import { overlapMatrix } from '../../core/networks/overlap-matrix.ts'
import { poolOfMembers, sharesOf } from '../../core/networks/agent-pool.ts'
import type { AddressFacts } from '../../core/model/address-facts.ts'
import type { NetworkMember, NetworkSummary } from '../../core/model/network.ts'
import { csvTable } from './csv.ts'
import { presentInstant, presentInstantOrNull } from './instant.ts'
import type { LinkMaker } from './links.ts'

/** Of lists that a page would not hold otherwise. */
const LISTED = 500

export function presentNetwork(network: NetworkSummary, links: LinkMaker) {
  return {
    id: network.id,
    domains: network.domains,
    agents: network.agents,
    agents_ever: network.agentsEver,
    version: network.version,
    formed_at: presentInstant(network.formedAt),
    changed_at: presentInstant(network.changedAt),
    ended_at: presentInstantOrNull(network.endedAt),
    merged_into: network.mergedInto,
    split_from: network.splitFrom,
    links: networkLinks(network, links),
  }
}

export function networkLinks({ id, mergedInto, splitFrom }: NetworkSummary, links: LinkMaker) {
  return {
    network: links.network(id),
    ...(mergedInto === null ? {} : { merged_into: links.network(mergedInto) }),
    ...(splitFrom === null ? {} : { split_from: links.network(splitFrom) }),
  }
}

export const NETWORK_TABLE = csvTable<NetworkSummary>([
  ['id', ({ id }) => id],
  ['domains', ({ domains }) => domains],
  ['agents', ({ agents }) => agents],
  ['agents_ever', ({ agentsEver }) => agentsEver],
  ['version', ({ version }) => version],
  ['formed_at', ({ formedAt }) => presentInstant(formedAt)],
  ['changed_at', ({ changedAt }) => presentInstant(changedAt)],
  ['ended_at', ({ endedAt }) => presentInstantOrNull(endedAt)],
  ['merged_into', ({ mergedInto }) => mergedInto],
  ['split_from', ({ splitFrom }) => splitFrom],
])

export function presentNetworkMember(member: NetworkMember, links: LinkMaker) {
  return {
    domain: member.domain,
    joined_at: presentInstant(member.joinedAt),
    stands_alone: member.standsAlone,
    agents: member.agents.map(({ address }) => address),
    links: { verdict: links.verdict(member.domain) },
  }
}

export const MEMBER_TABLE = csvTable<NetworkMember>([
  ['domain', ({ domain }) => domain],
  ['joined_at', ({ joinedAt }) => presentInstant(joinedAt)],
  ['stands_alone', ({ standsAlone }) => standsAlone],
  ['agents', ({ agents }) => agents.map(({ address }) => address).join(' ')],
])

/** What a network's page says besides its members. `lookedAt`: the members that it rests on, in the order in which they joined. */
export function presentNetworkHead(
  network: NetworkSummary,
  lookedAt: readonly NetworkMember[],
  factsOf: (address: string) => AddressFacts,
  links: LinkMaker,
) {
  const { links: _own, ...summary } = presentNetwork(network, links)
  // What is merely listed brings nothing.
  const pool = poolOfMembers(lookedAt.filter(({ standsAlone }) => standsAlone))
  const { domains, shares } = overlapMatrix(lookedAt)
  return {
    ...summary,
    growth: network.growth.map(({ day, newAgents, newDomains }) => ({
      day: presentInstant(day).slice(0, 10),
      new_agents: newAgents,
      new_domains: newDomains,
    })),
    looked_at: lookedAt.length,
    pool: pool.slice(0, LISTED).map(({ address, domains: served, last }) => {
      const { asn, organisation, country } = factsOf(address)
      return { address, domains: served, last_seen: presentInstant(last), asn, organisation, country }
    }),
    asns: sharesOf(pool, factsOf, ({ asn }) => asn)
      .slice(0, LISTED)
      .map(({ key, agents }) => ({ asn: key, agents })),
    countries: sharesOf(pool, factsOf, ({ country }) => country).map(({ key, agents }) => ({
      country: key,
      agents,
    })),
    overlap: { domains, shares: shares.map((row) => row.map((share) => Math.round(share * 1e3) / 1e3)) },
  }
}
