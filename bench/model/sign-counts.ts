// How often each class shows each step of a sign, and the log-likelihoods that come of it.
import type { Sign } from '../../src/core/detect/signs/sign.ts'

/** Members that count as what is expected of the class, where few were seen. */
const EXPECTED_MEMBERS = 4
/** Members that are spread evenly over the steps: no step is impossible. */
const EVEN_MEMBERS = 2
/** Share of a step that leaks to each of its neighbours: the world outside has other parameters. */
const LEAK = 0.05

/** Counts of one sign: members, not samples, because the samples of a member repeat each other. */
export class SignCounts {
  readonly #stages: number
  readonly #steps: number
  readonly #classes: number
  readonly #counts: Float64Array

  constructor(sign: Sign, classes: number) {
    this.#stages = (sign.stage?.edges.length ?? 0) + 1
    this.#steps = sign.edges.length + 1
    this.#classes = classes
    this.#counts = new Float64Array(this.#stages * classes * this.#steps)
  }

  add(stage: number, classOf: number, step: number, members: number): void {
    this.#counts[(stage * this.#classes + classOf) * this.#steps + step]! += members
  }

  /** [stage][class][step], ln P(step | stage, class), relative to the class that explains the step best. */
  logLikelihoods(): number[][][] {
    const counted = Array.from({ length: this.#stages }, (_, stage) =>
      Array.from({ length: this.#classes }, (__, one) => this.#row(stage, one)),
    )
    return counted.map((rows, stage) => {
      const pooled = this.#pooled(rows)
      const likely = rows.map((row, one) => smooth(row, this.#expected(counted, stage, one) ?? pooled))
      return likely.map((row) =>
        row.map((probability, step) => {
          const best = Math.max(...likely.map((other) => other[step]!))
          return Math.log(probability / best)
        }),
      )
    })
  }

  /**
   * What the class showed in the nearest other stage where it was seen: one that never comes as far as a stage does not look like
   * everybody there, it looks like itself. Null when it was seen nowhere else.
   */
  #expected(
    counted: readonly (readonly (readonly number[])[])[],
    stage: number,
    one: number,
  ): number[] | null {
    for (let away = 1; away < counted.length; away += 1) {
      for (const row of [counted[stage - away]?.[one], counted[stage + away]?.[one]]) {
        const total = row === undefined ? 0 : sumOf(row)
        if (row !== undefined && total > 0) return row.map((count) => count / total)
      }
    }
    return null
  }

  #row(stage: number, one: number): number[] {
    const start = (stage * this.#classes + one) * this.#steps
    return [...this.#counts.subarray(start, start + this.#steps)]
  }

  /** The mean over the classes that were seen; even where none was. */
  #pooled(rows: readonly (readonly number[])[]): number[] {
    const seen = rows.filter((row) => sumOf(row) > 0)
    if (seen.length === 0) return Array.from({ length: this.#steps }, () => 1 / this.#steps)
    return Array.from(
      { length: this.#steps },
      (_, step) => seen.reduce((sum, row) => sum + row[step]! / sumOf(row), 0) / seen.length,
    )
  }
}

function smooth(row: readonly number[], expected: readonly number[]): number[] {
  const total = sumOf(row) + EXPECTED_MEMBERS + EVEN_MEMBERS
  const shares = row.map(
    (count, step) => (count + EXPECTED_MEMBERS * expected[step]! + EVEN_MEMBERS / row.length) / total,
  )
  return shares.map((share, step) => {
    const below = shares[step - 1]
    const above = shares[step + 1]
    const left = share * (1 - (below === undefined ? 0 : LEAK) - (above === undefined ? 0 : LEAK))
    return left + LEAK * ((below ?? 0) + (above ?? 0))
  })
}

function sumOf(row: readonly number[]): number {
  return row.reduce((sum, count) => sum + count, 0)
}
