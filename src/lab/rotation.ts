// When a seat is taken by the next one: an endless sequence of terms whose lengths lie in a range. Decides times only;
// who takes the seat is the caller's business.
import type { Dice, Label } from './random.ts'

export interface Term {
  /** Counts up by one from term to term; may be negative before the epoch of the lab. */
  readonly index: number
  readonly startedAt: number
}

export interface Rotation {
  /** The term that runs at `at` (ms). */
  termAt(at: number): Term
  /** Start of the first term after `at` (ms). */
  nextAfter(at: number): number
}

/**
 * Terms of `minMs` to `maxMs`, mean in the middle. The n-th change comes at `phase + n × mean + jitter(n)` with a jitter
 * of at most half the range, so that any term is found without walking there.
 */
export function createRotation(
  range: { readonly minMs: number; readonly maxMs: number },
  dice: Dice,
  ...labels: readonly Label[]
): Rotation {
  const meanMs = (range.minMs + range.maxMs) / 2
  const jitterMs = (range.maxMs - range.minMs) / 2
  const phaseMs = Math.floor(dice.ratio('phase', ...labels) * meanMs)
  const startOf = (index: number): number =>
    phaseMs + Math.round(index * meanMs + dice.ratio('jitter', ...labels, index) * jitterMs)
  // Who watches asks about the same term again and again.
  let latest: { readonly term: Term; readonly endsAt: number } | null = null
  const lookUp = (at: number): { readonly term: Term; readonly endsAt: number } => {
    if (latest !== null && at >= latest.term.startedAt && at < latest.endsAt) return latest
    const guess = Math.floor((at - phaseMs) / meanMs)
    const index = startOf(guess) <= at ? guess : guess - 1
    latest = { term: { index, startedAt: startOf(index) }, endsAt: startOf(index + 1) }
    return latest
  }
  return { termAt: (at) => lookUp(at).term, nextAfter: (at) => lookUp(at).endsAt }
}
