// Every sign there is. About the addresses there is one list for each family; the AAAA signs are those A signs whose feature
// exists for AAAA too.
import { aServesDns } from './a-serves-dns.ts'
import { accessShareSign } from './access-share.ts'
import { changesWithinTtlSign } from './changes-within-ttl.ts'
import { continuingSign } from './continuing.ts'
import { countriesSign } from './countries.ts'
import { glueChange } from './glue-change.ts'
import { growthSign } from './growth.ts'
import { lifetimeSign } from './lifetime.ts'
import { newAddressesSign } from './new-addresses.ts'
import { nsAccessShare } from './ns-access-share.ts'
import { nsAddressChange } from './ns-address-change.ts'
import { nsContinuing } from './ns-continuing.ts'
import { nsGrowth } from './ns-growth.ts'
import { nsNameChange } from './ns-name-change.ts'
import { nsNetworks } from './ns-networks.ts'
import { nsOperators } from './ns-operators.ts'
import { nsOwnZone } from './ns-own-zone.ts'
import { nsPtrConsumerShare } from './ns-ptr-consumer-share.ts'
import { nsServesSite } from './ns-serves-site.ts'
import { nsTtl } from './ns-ttl.ts'
import { operatorsSign } from './operators.ts'
import { poolCoverageSign } from './pool-coverage.ts'
import { prefixEntropySign } from './prefix-entropy.ts'
import { ptrConsumerShareSign } from './ptr-consumer-share.ts'
import { returningSign } from './returning.ts'
import { saturationSign } from './saturation.ts'
import type { Family, Sign } from './sign.ts'
import { ttlSign } from './ttl.ts'
import { vantageOverlapSign } from './vantage-overlap.ts'
import { widthSign } from './width.ts'

const A: Family = { prefix: 'a', type: 'A' }
const AAAA: Family = { prefix: 'aaaa', type: 'AAAA' }

const IN_BOTH_FAMILIES: readonly ((family: Family) => Sign)[] = [
  growthSign,
  newAddressesSign,
  operatorsSign,
  accessShareSign,
  saturationSign,
  continuingSign,
  returningSign,
  vantageOverlapSign,
  changesWithinTtlSign,
  widthSign,
  ttlSign,
]

export const A_SIGNS: readonly Sign[] = [
  ...IN_BOTH_FAMILIES.map((make) => make(A)),
  prefixEntropySign(A),
  ptrConsumerShareSign(A),
  countriesSign(A),
  poolCoverageSign(A),
  lifetimeSign(A),
  aServesDns,
]

export const AAAA_SIGNS: readonly Sign[] = IN_BOTH_FAMILIES.map((make) => make(AAAA))

export const NAME_SERVER_SIGNS: readonly Sign[] = [
  nsAddressChange,
  nsGrowth,
  nsOperators,
  nsNetworks,
  nsAccessShare,
  nsPtrConsumerShare,
  nsServesSite,
  nsNameChange,
  nsContinuing,
  glueChange,
  nsOwnZone,
  nsTtl,
]
