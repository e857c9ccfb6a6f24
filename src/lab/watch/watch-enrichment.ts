// What a watch knows of addresses from outside of DNS: everything that the address plan has, or less, as services have that
// run without some database.
import type { AddressFacts, Enrichment } from '../../core/model/address-facts.ts'

/**
 * `full`: ASN, owner's name, country, PTR name · `no-ptr` · `no-names`: ASN and country alone · `none`: no database and no
 * PTR look-ups.
 */
export type Knowledge = 'full' | 'no-ptr' | 'no-names' | 'none'
export const KNOWLEDGE = ['full', 'no-ptr', 'no-names', 'none'] as const satisfies readonly Knowledge[]

export interface KnownAddresses {
  factsOf(address: string): AddressFacts
}

const NOTHING: AddressFacts = { asn: null, organisation: null, country: null }

export function enrichmentOf(plan: KnownAddresses, knowledge: Knowledge = 'full'): Enrichment {
  if (knowledge === 'none') return { hasAsn: false, hasCountry: false, factsOf: () => NOTHING }
  if (knowledge === 'full') return { hasAsn: true, hasCountry: true, factsOf: plan.factsOf }
  // The same object for the same address: the service's databases keep theirs, and a look-up is the commonest thing here.
  const known = new Map<string, AddressFacts>()
  const factsOf = (address: string): AddressFacts => {
    let facts = known.get(address)
    if (facts === undefined) {
      const { asn, organisation, country } = plan.factsOf(address)
      facts = { asn, organisation: knowledge === 'no-names' ? null : organisation, country }
      known.set(address, facts)
    }
    return facts
  }
  return { hasAsn: true, hasCountry: true, factsOf }
}
