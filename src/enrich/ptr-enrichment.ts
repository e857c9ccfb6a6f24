// Adds the names of addresses to what the databases know. Each address that an assessment looks at is one that has entered
// a series: asking for its facts is what makes its name wanted, and the next assessment has it.
import type { AddressFacts, Enrichment } from '../core/model/address-facts.ts'

/** What is needed of PtrNames: see `nameOf` there. */
export interface AddressNames {
  nameOf(address: string): string | null | undefined
}

export class PtrEnrichment implements Enrichment {
  readonly #databases: Enrichment
  readonly #names: AddressNames

  constructor(databases: Enrichment, names: AddressNames) {
    this.#databases = databases
    this.#names = names
  }

  get hasAsn(): boolean {
    return this.#databases.hasAsn
  }

  get hasCountry(): boolean {
    return this.#databases.hasCountry
  }

  /** `address`: canonical text. */
  factsOf(address: string): AddressFacts {
    const facts = this.#databases.factsOf(address)
    const ptr = this.#names.nameOf(address)
    return ptr === undefined ? facts : { ...facts, ptr }
  }
}
