// The properties of an address over which diversity is counted: whose it is and where it lies. Each one function, so that what one
// feature has counted, the next one finds.
import { operatorOf } from './operator.ts'
import type { Member } from './member.ts'

export const operatorOfMember = ({ facts }: Member): string | null => operatorOf(facts)
export const asnOfMember = ({ facts }: Member): number | null => facts.asn
export const countryOfMember = ({ facts }: Member): string | null => facts.country
export const networkOfMember = ({ network }: Member): string | number => network
