// The two families of a name's own addresses. Where a feature exists for both, it is one definition made twice.
import type { AddressType } from '../series/host-view.ts'
import type { DomainView } from './domain-view.ts'
import type { FeatureDefinition } from './feature-definition.ts'
import type { Pool } from './pool.ts'

export interface AddressFamily {
  /** Of the feature's id. */
  readonly prefix: 'a' | 'aaaa'
  readonly type: AddressType
  pool(view: DomainView): Pool
}

export const A: AddressFamily = { prefix: 'a', type: 'A', pool: ({ a }) => a }
export const AAAA: AddressFamily = { prefix: 'aaaa', type: 'AAAA', pool: ({ aaaa }) => aaaa }

/** The features of A, then those of AAAA. */
export function inBothFamilies(
  define: (family: AddressFamily) => readonly FeatureDefinition[],
): readonly FeatureDefinition[] {
  return [A, AAAA].flatMap(define)
}
