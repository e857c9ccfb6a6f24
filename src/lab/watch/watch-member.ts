// Watches one member of the accuracy population in virtual time. Puts its zones into a name space of its own and lets the
// questions about it fail as often as the member says; the watch itself is host-watch.ts.
import { isWithin } from '../../core/dns/name-tree.ts'
import type { Policy } from '../../core/policy.ts'
import { assembleNameSpace } from '../name-space.ts'
import type { NameSpace } from '../name-space.ts'
import type { Member } from '../population/member.ts'
import { createDice } from '../random.ts'
import { buildRegistry } from '../registry.ts'
import { watchHost } from './host-watch.ts'
import type { WatchRound } from './host-watch.ts'
import { openViews } from './open-views.ts'
import { enrichmentOf } from './watch-enrichment.ts'
import type { Knowledge } from './watch-enrichment.ts'
import { THREE_RESOLVERS } from './watch-vantage.ts'
import type { Mishap, WatchVantage } from './watch-vantage.ts'

export interface MemberWatchOptions {
  /** When the watch begins: what the member was drawn for. ms since the epoch. */
  readonly startAt: number
  /** Virtual seconds. */
  readonly forSeconds: number
  /** Default: three resolvers on three continents. */
  readonly vantages?: readonly WatchVantage[]
  /** Default: everything. */
  readonly knowledge?: Knowledge
  readonly policy?: Policy
  /** Default true; see HostWatchOptions. */
  readonly assess?: boolean
}

/** The rounds of a watch of the member. The same member and options give the same rounds. */
export function watchMember(
  member: Member,
  options: MemberWatchOptions,
): Generator<WatchRound, void, undefined> {
  const { startAt, forSeconds, vantages = THREE_RESOLVERS, knowledge, policy, assess } = options
  return watchHost({
    host: member.host,
    startAt,
    forSeconds,
    views: openViews({ space: nameSpaceOf(member), vantages, mishap: mishapOf(member) }),
    enrichment: enrichmentOf(member.plan, knowledge),
    ...(policy !== undefined && { policy }),
    ...(assess !== undefined && { assess }),
  })
}

/** The member's zones below TLDs and a root of their own. */
export function nameSpaceOf(member: Member): NameSpace {
  const zones = [member.zone, ...member.infrastructure]
  const hosts = [member.host, ...zones.flatMap((zone) => zone.nameServers.map((server) => server.name))]
  const tlds = [...zones.map((zone) => zone.apex), ...hosts].map((name) =>
    name.slice(name.lastIndexOf('.') + 1),
  )
  return assembleNameSpace(zones, buildRegistry(createDice(member.host), member.plan, [...new Set(tlds)]))
}

/** Time-outs and SERVFAIL in equal parts, for the names of the member's own zone. */
function mishapOf({ failureRatio, host, zone }: Member): Mishap {
  if (failureRatio === 0) return () => null
  const dice = createDice(`${host} mishap`)
  return (vantage, { name, type }, at, server = '') => {
    if (!isWithin(name, zone.apex)) return null
    const drawn = dice.ratio(vantage, name, type, at, server)
    if (drawn >= failureRatio) return null
    return drawn < failureRatio / 2 ? 'timeout' : 'servfail'
  }
}
