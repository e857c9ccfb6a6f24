// What one side of a zone cut says about who serves the zone: name servers and glue. Decides which records of a packet
// are believed (the bailiwick); whom to ask then is the walk's business.
import { canonicalAddress } from '../net/address.ts'
import { isWithin } from './name-tree.ts'
import type { ResourceRecord } from './record.ts'

export interface GlueAddress {
  /** Canonical text of an IPv4 or IPv6 address. */
  readonly address: string
  readonly ttlSeconds: number
}

export interface DelegatedNameServer {
  readonly name: string
  /** TTL of the NS record. */
  readonly ttlSeconds: number
  /** Distinct, in the order of the packet; empty for a name server that comes without glue. */
  readonly glue: readonly GlueAddress[]
}

export interface Delegation {
  /** The apex that the NS records belong to. */
  readonly zone: string
  /** Distinct by name, in the order of the packet; at least one. */
  readonly nameServers: readonly DelegatedNameServer[]
}

/**
 * The delegation of `zone` in the NS records of `records`, with what `additional` has for their names; null without any.
 *
 * Glue is believed only for names within `delegatingZone`, the zone that the server was asked as: its own or a sibling's
 * (RFC 9471, section 2). An address for any other name would let one zone speak for another (RFC 5452, section 6).
 * Records of other owners and other types, and addresses that are none, are passed over.
 */
export function delegationOf(
  zone: string,
  delegatingZone: string,
  records: readonly ResourceRecord[],
  additional: readonly ResourceRecord[],
): Delegation | null {
  const ttlByName = new Map<string, number>()
  for (const record of records)
    if (record.type === 'NS' && record.name === zone && !ttlByName.has(record.data))
      ttlByName.set(record.data, record.ttlSeconds)
  if (ttlByName.size === 0) return null
  const glueByName = new Map<string, Map<string, GlueAddress>>()
  for (const record of additional) {
    if (!ttlByName.has(record.name) || !isWithin(record.name, delegatingZone)) continue
    const address = addressOf(record)
    if (address === null) continue
    const glue = glueByName.get(record.name) ?? new Map<string, GlueAddress>()
    glueByName.set(record.name, glue)
    if (!glue.has(address)) glue.set(address, { address, ttlSeconds: record.ttlSeconds })
  }
  const nameServers = [...ttlByName].map(([name, ttlSeconds]) => ({
    name,
    ttlSeconds,
    glue: [...(glueByName.get(name)?.values() ?? [])],
  }))
  return { zone, nameServers }
}

/** Several servers' delegations of one zone as one: every name and address that any of them gave, the first's TTLs. */
export function mergedDelegation(first: Delegation, ...others: readonly Delegation[]): Delegation {
  const byName = new Map(first.nameServers.map((server) => [server.name, server]))
  for (const server of others.flatMap((other) => other.nameServers)) {
    const known = byName.get(server.name)
    const added = server.glue.filter((one) => !known?.glue.some(({ address }) => address === one.address))
    byName.set(server.name, known ? { ...known, glue: [...known.glue, ...added] } : server)
  }
  return { zone: first.zone, nameServers: [...byName.values()] }
}

/** The address that an A or AAAA record holds, canonical; null for other records and other text. */
export function addressOf(record: ResourceRecord): string | null {
  return record.type === 'A' || record.type === 'AAAA' ? canonicalAddress(record.data) : null
}
