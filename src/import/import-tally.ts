// What came of the lines of an import: counted by reason, the first ones that could not be read word for word.
import type { LineRefusal, RefusedLine, SkipReason } from '../core/import/line-reading.ts'

export interface ShownLine {
  readonly file: string
  /** The first one is 1. */
  readonly line: number
  readonly reason: LineRefusal
  readonly sentence: string
}

/** Refused lines that are shown one by one. */
const SHOWN_LINES = 10

export class ImportTally {
  /** Without empty ones. */
  lines = 0
  /** Observations that history was given; those that it had stay as they were. */
  rows = 0
  /** Of them those older than history is kept for. */
  outdated = 0
  readonly skipped = new Map<SkipReason, number>()
  readonly refused = new Map<LineRefusal, number>()
  readonly shown: ShownLine[] = []

  skip(reason: SkipReason): void {
    this.skipped.set(reason, (this.skipped.get(reason) ?? 0) + 1)
  }

  refuse(file: string, line: number, { reason, sentence }: RefusedLine): void {
    this.refused.set(reason, (this.refused.get(reason) ?? 0) + 1)
    if (this.shown.length < SHOWN_LINES) this.shown.push({ file, line, reason, sentence })
  }

  get skippedLines(): number {
    return sumOf(this.skipped)
  }

  get refusedLines(): number {
    return sumOf(this.refused)
  }
}

function sumOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0)
}

/** `bad_name 3, not_json 1`: the most frequent first. */
export function byReason(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .toSorted(([x, a], [y, b]) => b - a || (x < y ? -1 : 1))
    .map(([reason, count]) => `${reason} ${count}`)
    .join(', ')
}
