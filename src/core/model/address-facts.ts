// What is known about an address from outside of DNS. Where it comes from is enrich/'s business.

export interface AddressFacts {
  /** Origin AS number; null when the database does not map the address or there is no database. */
  readonly asn: number | null
  /** The AS owner's name; null when unknown. */
  readonly organisation: string | null
  /** ISO 3166-1 alpha-2; null when unknown. */
  readonly country: string | null
}

/** The enrichment that `assess()` reads. Look-ups are synchronous and cheap: the databases are in memory. */
export interface Enrichment {
  /** False when no ASN database is loaded: the detector then asks for more evidence before it flags. */
  readonly hasAsn: boolean
  readonly hasCountry: boolean
  factsOf(address: string): AddressFacts
}
