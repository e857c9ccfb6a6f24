// Which stored observations are asked for: what the API asks and every history answers.
import type { TargetId } from './target.ts'

export interface ObservationQuery {
  /** Named twice counts once; an empty list answers an empty page. */
  readonly targets: readonly TargetId[]
  /** Inclusive; ms since the epoch. */
  readonly from: number | null
  /** Exclusive; ms since the epoch. */
  readonly to: number | null
  readonly vantage: string | null
  /** A question type, e.g. `AAAA`. */
  readonly type: string | null
  /**
   * For plotting: of each target the first round in each window of so many ms (windows begin at multiples of it since the
   * epoch), and nothing else. Null: everything.
   */
  readonly everyMs: number | null
  /** Of an earlier page; the filters stay the same from page to page. */
  readonly cursor: string | null
  /** Rows a page, at least 1. */
  readonly limit: number
}
