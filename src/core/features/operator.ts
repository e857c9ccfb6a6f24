// Who runs a network.
import type { AddressFacts } from '../model/address-facts.ts'

/** Whose an address is, and where; its name (PTR) is no part of that. */
export type Owner = Pick<AddressFacts, 'asn' | 'organisation' | 'country'>

/** The organisation where it is known (one anycast owner has many ASNs), else the ASN. Null when neither is. */
export function operatorOf(owner: Owner): string | null {
  if (owner.organisation !== null) return owner.organisation
  return owner.asn === null ? null : `AS${owner.asn}`
}
