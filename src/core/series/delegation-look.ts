// What the authorities of both sides of a zone cut say in one round: the parent's NS set with its glue, the child's own NS
// set with the addresses beside it, and the servers that do not serve the zone. Reads only; what changed is decided in
// delegation-series.ts.
import type { ResourceRecord } from '../dns/record.ts'
import type { Observation } from '../model/observation.ts'

/** Name servers held per side; more than fit a referral that anybody uses. */
export const SIDE_NAMES = 64
/**
 * Characters of these names together: room for 64 of 20 characters. A hostile zone's have up to 255 octets each, four
 * characters an octet where they are escaped.
 */
export const SIDE_CHARACTERS = 1280
/** Names that are held however long they are: nobody hides name servers behind long names. */
const SIDE_NAMES_ALWAYS = 4
/** Addresses held per name server and side. */
export const SIDE_ADDRESSES = 5
/** Name servers whose addresses are held, per side: the 13 that a classic referral holds. */
export const SIDE_HOSTS = 13

export interface NameServerAddresses {
  readonly name: string
  /** Distinct, sorted, at least one, the first 5 when there are more. */
  readonly addresses: readonly string[]
  /** Smallest TTL of the records: how long the answer promised them to hold. */
  readonly ttlSeconds: number
}

/** One side of the zone cut in one round, all its servers together. */
export interface DelegationSide {
  /** ms since the epoch. */
  readonly at: number
  /** Distinct, sorted, at least one; the first 64 and the first 1,280 characters when there are more, 4 in any case. */
  readonly names: readonly string[]
  /** Smallest TTL of the NS records. */
  readonly ttlSeconds: number
  /** Of the names that came with addresses (glue at the parent, additional records at the child): the first 13. */
  readonly hosts: readonly NameServerAddresses[]
}

export interface DelegationLook {
  /** Null when no server of that side gave an NS set. */
  readonly parent: DelegationSide | null
  readonly child: DelegationSide | null
  /** Names of servers that are listed for the zone and do not serve it; distinct, sorted. */
  readonly lame: readonly string[]
}

export function readDelegation(zone: string, observations: readonly Observation[]): DelegationLook {
  const parents = observations.filter((observation) => isReferral(zone, observation))
  const children = observations.filter(
    ({ side, qtype, outcome }) => side === 'child' && qtype === 'NS' && outcome === 'answer',
  )
  const lame = observations
    .filter(({ failure, server }) => failure === 'lame' && server !== undefined)
    .map(({ server }) => server!.name)
  return {
    parent: readSide(zone, parents),
    child: readSide(zone, children),
    lame: [...new Set(lame)].toSorted(),
  }
}

/** Whether the parent gave the zone's NS set, as a referral or because it is asked for what it serves itself. */
export function isReferral(zone: string, observation: Observation): boolean {
  return (
    observation.side === 'parent' &&
    observation.outcome !== 'failed' &&
    nameServerRecords(zone, observation).length > 0
  )
}

/** The NS records of a zone: from an answer, and of the parent from the authority section too. */
export function nameServerRecords(zone: string, observation: Observation): readonly ResourceRecord[] {
  if (observation.side !== 'parent') {
    if (observation.qtype !== 'NS' || observation.outcome !== 'answer') return []
    return observation.answer.filter((record) => record.type === 'NS')
  }
  return [...observation.answer, ...observation.authority].filter(
    (record) => record.type === 'NS' && record.name === zone,
  )
}

/**
 * The addresses that a referral carries for the name servers that it lists. Which of them the parent may speak for is decided
 * where the packet is read (dns/direct): what is not to be believed never gets into an observation of the parent's side.
 */
export function glueOf(zone: string, referral: Observation): readonly ResourceRecord[] {
  const names = new Set(nameServerRecords(zone, referral).map((record) => record.data))
  return addressesOf(referral, names)
}

function readSide(zone: string, observations: readonly Observation[]): DelegationSide | null {
  const records = observations.flatMap((observation) => nameServerRecords(zone, observation))
  if (records.length === 0) return null
  const names = heldNames(records)
  const held = new Set(names)
  const addresses = observations.flatMap((observation) => addressesOf(observation, held))
  return {
    at: Math.max(...observations.map(({ at }) => at)),
    names,
    ttlSeconds: Math.min(...records.map((record) => record.ttlSeconds)),
    hosts: [...Map.groupBy(addresses, (record) => record.name)]
      .map(([name, ofName]) => ({
        name,
        addresses: [...new Set(ofName.map((record) => record.data))].toSorted().slice(0, SIDE_ADDRESSES),
        ttlSeconds: Math.min(...ofName.map((record) => record.ttlSeconds)),
      }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .slice(0, SIDE_HOSTS),
  }
}

/** The names that records lead to, distinct and sorted, as far as there is room. */
export function heldNames(records: readonly ResourceRecord[]): readonly string[] {
  const names = [...new Set(records.map((record) => record.data))].toSorted().slice(0, SIDE_NAMES)
  return names.slice(0, countFittingNames(names))
}

/** How many of the first of these names may be held, by the room that they take. */
export function countFittingNames(names: readonly string[]): number {
  let characters = 0
  const end = names.findIndex((name) => (characters += name.length) > SIDE_CHARACTERS)
  return end < 0 ? names.length : Math.max(end, SIDE_NAMES_ALWAYS)
}

function addressesOf({ additional }: Observation, names: ReadonlySet<string>): readonly ResourceRecord[] {
  return additional.filter(({ name, type }) => (type === 'A' || type === 'AAAA') && names.has(name))
}
