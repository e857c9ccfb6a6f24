// What is known about an address from outside of DNS. Where it comes from is enrich/'s business.

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
}
