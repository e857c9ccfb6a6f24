// What all zones have in common: SOA, NS, the addresses of name servers inside the zone, NODATA and NXDOMAIN. What a
// name inside of the zone answers is the class's business.
import type { Question, ResourceRecord } from '../../core/dns/record.ts'
import type { AuthorityZone, LabAnswer, LabNameServer, Moment } from './zone.ts'

/** A record without its owner, which the frame knows. */
export interface OwnedData {
  readonly type: string
  readonly ttlSeconds: number
  readonly data: string
}

/** What one name has for one question; empty for NODATA. A CNAME is given for every type. */
export type NameBehaviour = (question: Question, moment: Moment) => readonly OwnedData[]

export interface ZonePlan {
  readonly apex: string
  readonly nameServers: readonly LabNameServer[]
  readonly names: Readonly<Record<string, NameBehaviour>>
  /** Default one day. */
  readonly nsTtlSeconds?: number
  /** TTL of the addresses of name servers inside the zone, as the zone itself tells them. Default one day. */
  readonly nsAddressTtlSeconds?: number
  /** TTL of negative answers. Default 300. */
  readonly negativeTtlSeconds?: number
  /** SOA retry. Default 3600; the ATLAS rule of Nazario and Holz (2008) counts less than 900. */
  readonly soaRetrySeconds?: number
  /** SOA serial; a constant when the zone is edited seldom. */
  serialAt?(at: number): number
}

const DAY_SECONDS = 86_400

export function frameZone(plan: ZonePlan): AuthorityZone {
  const names = new Map(Object.entries(plan.names))
  const nsTtlSeconds = plan.nsTtlSeconds ?? DAY_SECONDS
  const negativeTtlSeconds = plan.negativeTtlSeconds ?? 300
  const ownServers = new Map(plan.nameServers.map((server) => [server.name, server]))
  const soa = (at: number): ResourceRecord => {
    const primary = plan.nameServers[0]?.name ?? plan.apex
    const serial = plan.serialAt?.(at) ?? 2026_01_01_01
    const mailbox = plan.apex === '' ? 'hostmaster' : `hostmaster.${plan.apex}`
    return {
      name: plan.apex,
      type: 'SOA',
      ttlSeconds: Math.max(negativeTtlSeconds, 3600),
      data: `${primary} ${mailbox} ${serial} 7200 ${plan.soaRetrySeconds ?? 3600} 1209600 ${negativeTtlSeconds}`,
    }
  }
  return { apex: plan.apex, nameServers: plan.nameServers, nsTtlSeconds, soa, answer }

  function answer(question: Question, moment: Moment): LabAnswer {
    const { name, type } = question
    const owned = (data: readonly OwnedData[]): LabAnswer => ({
      rcode: 'NOERROR',
      answer: data.map((record) => ({ name, ...record })),
    })
    if (name === plan.apex && type === 'SOA') return { rcode: 'NOERROR', answer: [soa(moment.at)] }
    if (name === plan.apex && type === 'NS') {
      return owned(
        plan.nameServers.map((server) => ({ type: 'NS', ttlSeconds: nsTtlSeconds, data: server.name })),
      )
    }
    const server = ownServers.get(name)
    if (server) {
      const ttlSeconds = plan.nsAddressTtlSeconds ?? DAY_SECONDS
      return owned(
        type === 'A' ? server.addressesAt(moment.at).map((data) => ({ type: 'A', ttlSeconds, data })) : [],
      )
    }
    const behaviour = names.get(name)
    if (behaviour) {
      return owned(
        behaviour(question, moment).filter((record) => record.type === type || record.type === 'CNAME'),
      )
    }
    return { rcode: name === plan.apex || hasNamesBelow(name) ? 'NOERROR' : 'NXDOMAIN', answer: [] }
  }

  /** An empty non-terminal exists (RFC 8020): it has NODATA, not NXDOMAIN. */
  function hasNamesBelow(name: string): boolean {
    return [...names.keys(), ...ownServers.keys()].some((known) => known.endsWith(`.${name}`))
  }
}

/** The SOA as it proves an absence: with the smaller of its own TTL and its last number (RFC 2308, section 3). */
export function negativeSoa(zone: AuthorityZone, at: number): ResourceRecord {
  const soa = zone.soa(at)
  return { ...soa, ttlSeconds: Math.min(soa.ttlSeconds, Number(soa.data.split(' ').at(-1))) }
}

/** The same addresses every time. */
export function fixedAddresses(
  ttlSeconds: number,
  v4: readonly string[],
  v6: readonly string[] = [],
): NameBehaviour {
  const records = [...typed('A', ttlSeconds, v4), ...typed('AAAA', ttlSeconds, v6)]
  return () => records
}

export function alias(ttlSeconds: number, target: string): NameBehaviour {
  return () => [{ type: 'CNAME', ttlSeconds, data: target }]
}

export function typed(type: string, ttlSeconds: number, values: readonly string[]): OwnedData[] {
  return values.map((data) => ({ type, ttlSeconds, data }))
}

/** A name server whose address never changes. */
export function fixedNameServer(name: string, addresses: readonly string[]): LabNameServer {
  return { name, addressesAt: () => addresses, changesAfter: () => null }
}

/** A zone that moves to another set of servers has both; those that are not in use have no address. */
export function serversInUse(zone: AuthorityZone, at: number): readonly LabNameServer[] {
  return zone.nameServers.filter((server) => server.addressesAt(at).length > 0)
}
