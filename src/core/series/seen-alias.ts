// A CNAME target on the way to a host's addresses, and how many fresh answers of each vantage and type led through it.
// Whether it is a steady part of the way is judged elsewhere.
import type { AddressType } from './host-view.ts'
import { mergeSeenName } from './seen-name.ts'
import type { SeenName } from './seen-name.ts'

export interface AliasUse {
  readonly vantage: string
  readonly type: AddressType
  /** Fresh answers with addresses that led through the name; compare with `freshAnswers` of the same view. */
  readonly freshAnswers: number
}

export interface SeenAlias extends SeenName {
  /** Sorted by vantage, then type. */
  readonly uses: readonly AliasUse[]
}

export function mergeSeenAlias(held: SeenAlias, fresh: SeenAlias): SeenAlias {
  return { ...mergeSeenName(held, fresh), uses: fresh.uses.reduce(addUse, held.uses) }
}

function addUse(uses: readonly AliasUse[], one: AliasUse): readonly AliasUse[] {
  const isSame = (use: AliasUse): boolean => use.vantage === one.vantage && use.type === one.type
  const freshAnswers = one.freshAnswers + (uses.find(isSame)?.freshAnswers ?? 0)
  return [...uses.filter((use) => !isSame(use)), { ...one, freshAnswers }].toSorted(byVantageAndType)
}

function byVantageAndType(a: AliasUse, b: AliasUse): number {
  if (a.vantage !== b.vantage) return a.vantage < b.vantage ? -1 : 1
  return a.type < b.type ? -1 : 1
}
