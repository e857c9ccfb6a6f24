// Every feature there is, in the order in which a verdict lists them.
import type { Feature } from '../model/assessment.ts'
import { accessShare } from './access-share.ts'
import { addressCounts } from './address-count.ts'
import { answerTtl } from './answer-ttl.ts'
import { answerWidth } from './answer-width.ts'
import { asns } from './asns.ts'
import { changeWithinTtl } from './change-within-ttl.ts'
import { countries } from './countries.ts'
import { delegationChanges } from './delegation-changes.ts'
import { diurnal } from './diurnal.ts'
import type { DomainView } from './domain-view.ts'
import { failures } from './failures.ts'
import { roundForShow } from './feature-definition.ts'
import type { FeatureDefinition } from './feature-definition.ts'
import { flaggedNeighbours } from './flagged-neighbours.ts'
import { flaggedNetwork } from './flagged-network.ts'
import { growth } from './growth.ts'
import { lifetime } from './lifetime.ts'
import { nameServerAddresses } from './name-server-addresses.ts'
import { nameServerNames } from './name-server-names.ts'
import { nameServerOverlap } from './name-server-overlap.ts'
import { newAddresses } from './new-addresses.ts'
import { operators } from './operators.ts'
import { parentChild } from './parent-child.ts'
import { poolSize } from './pool-size.ts'
import { prefixSpread } from './prefix-spread.ts'
import { ptrNames } from './ptr-names.ts'
import { quiet } from './quiet.ts'
import { recurrence } from './recurrence.ts'
import { resolverCaches } from './resolver-caches.ts'
import { saturation } from './saturation.ts'
import { sensors } from './sensors.ts'
import { soa } from './soa.ts'
import { specialAddresses } from './special-addresses.ts'
import { vantageOverlap } from './vantage-overlap.ts'

const DEFINITIONS: readonly FeatureDefinition[] = [
  ...addressCounts,
  ...specialAddresses,
  ...newAddresses,
  ...growth,
  ...saturation,
  ...recurrence,
  ...lifetime,
  ...poolSize,
  ...quiet,
  ...changeWithinTtl,
  ...diurnal,
  ...operators,
  ...asns,
  ...countries,
  ...prefixSpread,
  ...vantageOverlap,
  ...answerWidth,
  ...answerTtl,
  ...accessShare,
  ...ptrNames,
  ...flaggedNeighbours,
  ...flaggedNetwork,
  ...sensors,
  ...nameServerNames,
  ...nameServerAddresses,
  ...nameServerOverlap,
  ...delegationChanges,
  ...parentChild,
  ...soa,
  ...failures,
  ...resolverCaches,
]

// The keys of an object are strings that the engine keeps once, whoever writes them: a feature is asked for by its id hundreds of
// times in an assessment, and two such strings are compared at a glance.
const IDS = Object.keys(Object.fromEntries(DEFINITIONS.map(({ id }) => [id, true])))

export const FEATURE_CATALOGUE: readonly FeatureDefinition[] = DEFINITIONS.map((definition, index) => ({
  ...definition,
  id: IDS[index]!,
}))

export function measureFeatures(view: DomainView): readonly Feature[] {
  const features: Feature[] = []
  for (const definition of FEATURE_CATALOGUE) {
    const { value, support } = definition.measure(view)
    const shown = value === null ? null : roundForShow(value)
    features.push({ id: definition.id, unit: definition.unit, value: shown, support })
  }
  return features
}
