// The words of the simulated name space: what a zone is, what it answers, and what it should be judged as.
import type { Question, ResourceRecord } from '../../core/dns/record.ts'
import type { FluxType, VerdictName } from '../../core/model/assessment.ts'
import type { AddressPlan } from '../address-plan.ts'
import type { Dice } from '../random.ts'
import type { LabRegion } from '../regions.ts'

/** When, and from where, a question is asked. */
export interface Moment {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly region: LabRegion
}

/** `TIMEOUT`: the zone's servers say nothing at all. */
export type LabRcode = 'NOERROR' | 'NXDOMAIN' | 'SERVFAIL' | 'TIMEOUT'

/** What the zone itself says: records of the owner asked for (a CNAME when it is an alias), empty for NODATA. */
export interface LabAnswer {
  readonly rcode: LabRcode
  readonly answer: readonly ResourceRecord[]
}

/** One name server of a zone, with the addresses it has at a time, IPv4 only. */
export interface LabNameServer {
  readonly name: string
  addressesAt(at: number): readonly string[]
  /** When its addresses change next; null when they stay. */
  changesAfter(at: number): number | null
}

/** A zone that some servers are authoritative for. */
export interface AuthorityZone {
  readonly apex: string
  readonly nameServers: readonly LabNameServer[]
  /** TTL of the NS set at the zone's own servers. */
  readonly nsTtlSeconds: number
  /** The SOA record; its last number is the TTL of negative answers. */
  soa(at: number): ResourceRecord
  answer(question: Question, moment: Moment): LabAnswer
}

export type LabClass =
  | 'classic-single-flux'
  | 'one-address-ttl0-flux'
  | 'ns-flux'
  | 'double-flux'
  | 'slow-flux'
  | 'regional-flux'
  | 'cdn'
  | 'cdn-onnet'
  | 'round-robin'
  | 'volunteer-pool'
  | 'mirrors'
  | 'cloud-balancer'
  | 'dyn-dns'
  | 'static'
  | 'dns-seed'
  | 'migration'
  | 'nxdomain'
  | 'servfail'
  | 'timeout'

/** A zone with a name to watch and the judgement that watching it should bring. */
export interface LabZone extends AuthorityZone {
  readonly class: LabClass
  /** The name to submit: the apex or a name below it. */
  readonly host: string
  /** One or two sentences with the class's numbers and their source. */
  readonly summary: string
  /** Verdicts that are right after two hours of watching. `fluxType` is null unless `flux` is the only right one. */
  readonly expect: { readonly verdict: readonly VerdictName[]; readonly fluxType: FluxType | null }
  /** After how much watching the numbers suffice for the expected verdict; null when two hours do not settle the class. */
  readonly decidableAfterSeconds: number | null
  /** False for a name whose zone is not in the TLD (any more). */
  readonly delegated: boolean
}

/** What a class brings into the world: zones to watch, and zones that only have to be there (its CDN's, for instance). */
export interface ZoneSet {
  readonly watched: readonly LabZone[]
  readonly infrastructure?: readonly AuthorityZone[]
}

/** What every class builds with. */
export interface ZoneContext {
  readonly dice: Dice
  /** When the world begins; milliseconds since the epoch. */
  readonly startAt: number
  readonly plan: AddressPlan
  /** Sets of name servers of DNS hosting companies, for zones that do not run their own. */
  readonly dnsHosts: readonly (readonly LabNameServer[])[]
  /** Servers that have names and addresses, and answer nothing. */
  readonly retiredServers: readonly LabNameServer[]
}
