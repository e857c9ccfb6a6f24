// Zones put together to one name space: who delegates to whom, and what an all-knowing resolver would learn of a question.
// Which zones there are is decided by who assembles them. No sockets and no clock: time is an argument.
import type { Question, ResourceRecord } from '../core/dns/record.ts'
import { DELEGATION_TTL_SECONDS } from './registry.ts'
import type { Registry } from './registry.ts'
import { negativeSoa, serversInUse } from './zones/zone-frame.ts'
import type { AuthorityZone, LabRcode, Moment } from './zones/zone.ts'

export interface LabReply {
  readonly rcode: LabRcode
  /** The CNAME chain and what stands at its end. */
  readonly answer: readonly ResourceRecord[]
  /** The NS set of the zone that answered last; its SOA when there is no such name or type. */
  readonly authority: readonly ResourceRecord[]
  /** The addresses of those name servers as they are now. */
  readonly additional: readonly ResourceRecord[]
}

/** One zone cut as the parent tells it. */
export interface LabDelegation {
  /** The zone below the cut; `''` for the root itself. */
  readonly zone: string
  /** Null for the root. */
  readonly parent: string | null
  readonly ttlSeconds: number
  readonly nameServers: readonly { readonly name: string; readonly addresses: readonly string[] }[]
}

export interface NameSpace {
  resolve(question: Question, moment: Moment): LabReply
  /** Like `resolve`, without the name servers beside a positive answer: much the cheaper half. */
  resolveMinimally(question: Question, moment: Moment): LabReply
  /** The deepest zone that exists above or at the name; at least the root. */
  zoneOf(name: string): AuthorityZone
  /** Every zone cut with the name servers' addresses at a time. */
  delegations(at: number): readonly LabDelegation[]
}

const MAX_ALIASES = 8

/** `zones`: all that are delegated, without the registry's own. Of two zones with one apex the later one is served. */
export function assembleNameSpace(zones: readonly AuthorityZone[], registry: Registry): NameSpace {
  const served = [...zones, ...registry.tlds, registry.root]
  const byApex = new Map(served.map((zone) => [zone.apex, zone]))

  const zoneOf = (name: string): AuthorityZone => {
    for (let rest = name; rest !== ''; rest = parentOf(rest)) {
      const zone = byApex.get(rest)
      if (zone) return zone
    }
    return registry.root
  }
  const addressRecords = (serverName: string, moment: Moment): readonly ResourceRecord[] =>
    zoneOf(serverName).answer({ name: serverName, type: 'A' }, moment).answer

  function resolveWith(
    question: Question,
    moment: Moment,
    beside: (zone: AuthorityZone) => Pick<LabReply, 'authority' | 'additional'>,
  ): LabReply {
    const answer: ResourceRecord[] = []
    let name = question.name
    for (let aliases = 0; aliases <= MAX_ALIASES; aliases++) {
      const zone = zoneOf(name)
      const said = zone.answer({ name, type: question.type }, moment)
      if (said.rcode === 'SERVFAIL' || said.rcode === 'TIMEOUT') return failed(said.rcode)
      answer.push(...said.answer)
      if (said.answer.length === 0) {
        return { rcode: said.rcode, answer, authority: [negativeSoa(zone, moment.at)], additional: [] }
      }
      const aliased = said.answer.find((record) => record.type === 'CNAME')
      if (!aliased || question.type === 'CNAME') return { rcode: 'NOERROR', answer, ...beside(zone) }
      name = aliased.data
    }
    return failed('SERVFAIL')
  }

  /** An NS question has the set in its answer already; the addresses are given either way. */
  function nameServersOf(
    zone: AuthorityZone,
    question: Question,
    moment: Moment,
  ): Pick<LabReply, 'authority' | 'additional'> {
    const set = zone.answer({ name: zone.apex, type: 'NS' }, moment).answer
    return {
      authority: question.type === 'NS' ? [] : set,
      additional: set.flatMap((record) => addressRecords(record.data, moment)),
    }
  }

  return {
    resolve: (question, moment) =>
      resolveWith(question, moment, (zone) => nameServersOf(zone, question, moment)),
    resolveMinimally: (question, moment) => resolveWith(question, moment, () => NOTHING_BESIDE),
    zoneOf,
    delegations: (at) =>
      served.map((zone) => ({
        zone: zone.apex,
        parent: zone.apex === '' ? null : zoneOf(parentOf(zone.apex)).apex,
        ttlSeconds: DELEGATION_TTL_SECONDS,
        nameServers: serversInUse(zone, at).map((server) => ({
          name: server.name,
          addresses: server.addressesAt(at),
        })),
      })),
  }
}

const NOTHING_BESIDE: Pick<LabReply, 'authority' | 'additional'> = { authority: [], additional: [] }

function failed(rcode: 'SERVFAIL' | 'TIMEOUT'): LabReply {
  return { rcode, answer: [], authority: [], additional: [] }
}

function parentOf(name: string): string {
  const dot = name.indexOf('.')
  return dot < 0 ? '' : name.slice(dot + 1)
}
