// Who runs a network.
import type { AddressFacts } from '../model/address-facts.ts'

/** The organisation where it is known (one anycast owner has many ASNs), else the ASN. Null when neither is. */
export function operatorOf(facts: AddressFacts): string | null {
  if (facts.organisation !== null) return facts.organisation
  return facts.asn === null ? null : `AS${facts.asn}`
}
