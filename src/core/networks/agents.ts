// Which addresses serve a domain now, in which role: by these it is compared with other domains. Decides which of a series'
// addresses count and how many; who else was seen there is not known here.
import { parseAddress } from '../net/address.ts'
import { specialPurpose } from '../net/special-purpose.ts'
import type { DomainSeries } from '../series/domain-series.ts'
import type { HostSeries } from '../series/host-series.ts'

/** What an address does for a domain: it serves the name itself (A, AAAA), or it is an address of a name server of its zone. */
export type AgentRole = 'address' | 'name_server'

export interface Agent {
  readonly role: AgentRole
  /** Canonical text. */
  readonly address: string
  /** When it was seen last; ms since the epoch. */
  readonly last: number
}

/** Per role. A network of a thousand agents shows itself in the latest few; each one is a look-up. Hand-set. */
export const AGENTS_COMPARED = 64

/**
 * The agents of a domain that were seen in the `withinMs` before `now`: per role the latest, at most `limit`, in order of last
 * seen. Without special-purpose addresses: a sinkhole at 127.0.0.1 or 10.0.0.1 is nobody's agent.
 *
 * Name servers: what was answered for their hosts, and the glue that the parent gave.
 */
export function agentsOf(
  { host, zone, nameServers }: DomainSeries,
  now: number,
  withinMs: number,
  limit: number = AGENTS_COMPARED,
): readonly Agent[] {
  const glue = zone?.delegation?.glue ?? []
  const since = now - withinMs
  return [
    ...latest([host], 'address', since, limit),
    ...latest([...nameServers, ...glue], 'name_server', since, limit),
  ]
}

function latest(hosts: readonly HostSeries[], role: AgentRole, since: number, limit: number): Agent[] {
  const lastSeen = new Map<string, number>()
  for (const { key, last } of hosts.flatMap((host) => host.addresses.entries)) {
    if (last >= since) lastSeen.set(key, Math.max(last, lastSeen.get(key) ?? last))
  }
  const newestFirst = [...lastSeen].toSorted(([x, a], [y, b]) => b - a || (x < y ? -1 : 1))
  const agents: Agent[] = []
  for (const [address, last] of newestFirst) {
    if (agents.length === limit) break
    const parsed = parseAddress(address)
    if (parsed !== null && specialPurpose(parsed) === null) agents.push({ role, address, last })
  }
  return agents
}
