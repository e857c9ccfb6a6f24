// QNAME minimisation (RFC 9156): how much of a name a server above the zone is told. Pure; who is asked is the walk's.
import { labelsOf } from '../../core/dns/name-tree.ts'

/** Minimised questions of one walk at most: MAX_MINIMISE_COUNT of RFC 9156, section 2.3. */
const MAX_MINIMISED = 10
/** The first so many add one label each: MINIMISE_ONE_LAB of the same section. */
const ONE_LABEL_EACH = 4

/**
 * The next name to ask on the way to `name`: `known` (an ancestor, whose place is known already) with some labels more.
 * `asked`: minimised questions of this walk so far. Is `name` itself at the end, and when `asked` has reached the limit.
 */
export function minimisedName(name: string, known: string, asked: number): string {
  const labels = labelsOf(name)
  const knownCount = labelsOf(known).length
  const missing = labels.length - knownCount
  return labels.slice(labels.length - knownCount - step(missing, asked)).join('.')
}

/** Labels to add: one at first, then the rest in equal parts, so that a name of 127 labels costs no more than ten. */
function step(missing: number, asked: number): number {
  if (asked >= MAX_MINIMISED) return missing
  if (asked < ONE_LABEL_EACH) return Math.min(1, missing)
  return Math.ceil(missing / (MAX_MINIMISED - asked))
}
