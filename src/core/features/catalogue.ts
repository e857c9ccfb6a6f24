// Every feature there is, in the order in which a verdict lists them.
import type { Feature } from '../model/assessment.ts'
import { addressCounts } from './address-count.ts'
import { answerForm } from './answer-form.ts'
import { delegation } from './delegation.ts'
import { diversity } from './diversity.ts'
import type { DomainView } from './domain-view.ts'
import { failures } from './failures.ts'
import { roundForShow } from './feature-definition.ts'
import type { FeatureDefinition } from './feature-definition.ts'
import { growth } from './growth.ts'
import { nameServerChange } from './name-server-change.ts'
import { nameServerPool } from './name-server-pool.ts'
import { accessShare } from './network-kind.ts'
import { prefixSpread } from './prefix-spread.ts'
import { ptrNames } from './ptr-names.ts'
import { recurrence } from './recurrence.ts'
import { resolverCaches } from './resolver-caches.ts'
import { saturation } from './saturation.ts'
import { vantageOverlap } from './vantage-overlap.ts'

export const FEATURE_CATALOGUE: readonly FeatureDefinition[] = [
  ...addressCounts,
  ...growth,
  ...saturation,
  ...recurrence,
  ...diversity,
  ...prefixSpread,
  ...vantageOverlap,
  ...answerForm,
  ...accessShare,
  ...ptrNames,
  ...failures,
  ...nameServerChange,
  ...nameServerPool,
  ...delegation,
  ...resolverCaches,
]

export function measureFeatures(view: DomainView): readonly Feature[] {
  return FEATURE_CATALOGUE.map(({ id, unit, measure }) => {
    const { value, support } = measure(view)
    return { id, unit, value: value === null ? null : roundForShow(value), support }
  })
}
