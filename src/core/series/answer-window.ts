// A window: one independent look at a pool, and how its addresses follow from those of the window before. When a window opens is
// decided in host-view.ts.
import { stableHash } from './stable-hash.ts'

/** Addresses of one window that the next one is compared with, those with the smallest hash. */
export const COMPARED_ADDRESSES = 64
/** As many are looked through faster than a set of them is made. */
const FEW = 16

export interface AnswerWindow {
  /** Addresses in the answer; of several authorities, in all their answers together. */
  readonly width: number
  /** Of those, how many the series holds (all, until it becomes a sketch), without the belated ones. */
  readonly sampled: number
  /** Of the sampled: never seen by this vantage before. */
  readonly fresh: number
  /** Of the sampled: in the window before too (an estimate where not all of that is kept). The rest was away and has come back. */
  readonly continuing: number
}

/** The window before, as far as it is kept. */
interface WindowBefore {
  readonly windowSet: readonly string[]
  readonly recent: readonly AnswerWindow[]
}

/** What the series knew of this vantage before the answer. */
export interface Recollection {
  isSampled(address: string): boolean
  wasSeenHere(address: string): boolean
}

/** What a look tells, `before` it the latest window of the same vantage. `addresses`: distinct. */
export function lookAt(
  before: WindowBefore | null,
  addresses: readonly string[],
  belated: ReadonlySet<string>,
  known: Recollection,
): AnswerWindow {
  const sampled: string[] = []
  let fresh = 0
  for (const address of addresses) {
    if (belated.has(address) || !known.isSampled(address)) continue
    sampled.push(address)
    if (!known.wasSeenHere(address)) fresh += 1
  }
  const continuing = Math.min(sampled.length - fresh, countContinuing(before, sampled))
  return { width: addresses.length, sampled: sampled.length, fresh, continuing }
}

/** Of a window that is kept in part: the share among the addresses that would have been kept, for all of them. */
function countContinuing(before: WindowBefore | null, sampled: readonly string[]): number {
  if (before === null) return 0
  const hits = countHits(before.windowSet, sampled)
  const widthBefore = before.recent.at(-1)?.width ?? 0
  if (widthBefore <= before.windowSet.length) return hits
  const bar = stableHash(before.windowSet.at(-1)!)
  const comparable = sampled.filter((address) => stableHash(address) <= bar).length
  return comparable === 0 ? 0 : Math.round((hits * sampled.length) / comparable)
}

function countHits(windowSet: readonly string[], sampled: readonly string[]): number {
  let hits = 0
  if (windowSet.length <= FEW) {
    for (const address of sampled) if (windowSet.includes(address)) hits += 1
    return hits
  }
  const kept = new Set(windowSet)
  for (const address of sampled) if (kept.has(address)) hits += 1
  return hits
}

/** The addresses of a window that the next one is compared with; `addresses`: distinct, `windowSet`: those of the window before. */
export function comparedAddresses(
  addresses: readonly string[],
  windowSet: readonly string[],
): readonly string[] {
  // The order follows from the set, so the same few addresses are the same list.
  if (addresses.length <= FEW && addresses.length === windowSet.length) {
    if (addresses.every((address) => windowSet.includes(address))) return windowSet
  }
  if (addresses.length === 1) return addresses
  return addresses
    .map((address) => ({ address, hash: stableHash(address) }))
    .toSorted((a, b) => a.hash - b.hash || (a.address < b.address ? -1 : 1))
    .slice(0, COMPARED_ADDRESSES)
    .map(({ address }) => address)
}
