// Every rule of evidence. The order means nothing: an assessment lists evidence by weight.
import type { EvidenceRule } from '../evidence-rule.ts'
import { aAccessShare } from './a-access-share.ts'
import { aAddressCount } from './a-address-count.ts'
import { aAsnRatio } from './a-asn-ratio.ts'
import { aCountries } from './a-countries.ts'
import { aGrowth } from './a-growth.ts'
import { aNetworks } from './a-networks.ts'
import { aOneAddress } from './a-one-address.ts'
import { aOperators } from './a-operators.ts'
import { aPrefixEntropy } from './a-prefix-entropy.ts'
import { aSaturation } from './a-saturation.ts'
import { aServesDns } from './a-serves-dns.ts'
import { aSuccession } from './a-succession.ts'
import { aTtl } from './a-ttl.ts'
import { aVantageOverlap } from './a-vantage-overlap.ts'
import { aWidth } from './a-width.ts'
import { aaaaGrowth } from './aaaa-growth.ts'
import { aaaaOperators } from './aaaa-operators.ts'
import { nsAccessShare } from './ns-access-share.ts'
import { nsAddressChange } from './ns-address-change.ts'
import { nsAddressGrowth } from './ns-address-growth.ts'
import { nsNameChange } from './ns-name-change.ts'
import { nsNetworks } from './ns-networks.ts'
import { nsOperators } from './ns-operators.ts'
import { nsServesSite } from './ns-serves-site.ts'
import { nsStable } from './ns-stable.ts'

export const EVIDENCE_CATALOGUE: readonly EvidenceRule[] = [
  aAccessShare,
  aAddressCount,
  aAsnRatio,
  aCountries,
  aGrowth,
  aNetworks,
  aOneAddress,
  aOperators,
  aPrefixEntropy,
  aSaturation,
  aServesDns,
  aSuccession,
  aTtl,
  aVantageOverlap,
  aWidth,
  aaaaGrowth,
  aaaaOperators,
  nsAccessShare,
  nsAddressChange,
  nsAddressGrowth,
  nsNameChange,
  nsNetworks,
  nsOperators,
  nsServesSite,
  nsStable,
]
