// What is known about an address from outside of DNS. Where it comes from is enrich/'s business.
import type { StandingNetwork } from './network.ts'

export interface AddressFacts {
  /** Origin AS number; null when the database does not map the address or there is no database. */
  readonly asn: number | null
  /** The AS owner's name; null when unknown. */
  readonly organisation: string | null
  /** ISO 3166-1 alpha-2; null when unknown. */
  readonly country: string | null
  /**
   * The name in the address's PTR record, lower case, presentation form; null when it has none; absent while that is not known,
   * or not looked up at all. Whoever holds the address chose it: a hint, never a proof.
   */
  readonly ptr?: string | null
}

/** The enrichment that `assess()` reads. Look-ups are synchronous and cheap: the databases are in memory. */
export interface Enrichment {
  /** False when no ASN database is loaded: the detector then asks for more evidence before it flags. */
  readonly hasAsn: boolean
  readonly hasCountry: boolean
  factsOf(address: string): AddressFacts
  /**
   * What was noted of flagged names at the addresses of the domain that is assessed. Fetched before, for that one domain;
   * absent where nobody remembers (a check or a replay of one process).
   */
  readonly flagged?: FlaggedAgents
  /** What sensors of others saw of the domain that is assessed. Likewise; absent also where no sensor saw it. */
  readonly sensors?: SensorSightings
}

/**
 * Per role: each address that was looked up → the registrable domains that were flagged as flux, standing on their own, while
 * it served them (the latest, at most 16). Empty when there are none; an address that serves a crowd is left out.
 */
export interface FlaggedAgents {
  readonly addresses: ReadonlyMap<string, readonly string[]>
  readonly nameServers: ReadonlyMap<string, readonly string[]>
  /** Of those registrable domains: the networks in which they stand. Absent where nobody keeps networks. */
  readonly networks?: ReadonlyMap<string, readonly StandingNetwork[]>
}

/** Where one name was seen to lead by sensors: resolvers of an organisation, whose logs were imported. Never empty. */
export type SensorSightings = readonly SensedAddress[]

export interface SensedAddress {
  /** Canonical text; never a special-purpose address. */
  readonly address: string
  /** ms since the epoch. */
  readonly first: number
  readonly last: number
  /** Names of the sensors, sorted; at least one. */
  readonly sensors: readonly string[]
}

/** The same enrichment, with what was noted of flagged names. */
export function withFlagged(enrichment: Enrichment, flagged: FlaggedAgents): Enrichment {
  return { ...parts(enrichment), flagged }
}

/** The same enrichment, with what sensors saw of the domain. */
export function withSensors(enrichment: Enrichment, sensors: SensorSightings): Enrichment {
  return { ...parts(enrichment), sensors }
}

function parts(enrichment: Enrichment): Enrichment {
  const { hasAsn, hasCountry, flagged, sensors } = enrichment
  return {
    hasAsn,
    hasCountry,
    factsOf: (address) => enrichment.factsOf(address),
    ...(flagged && { flagged }),
    ...(sensors && { sensors }),
  }
}
