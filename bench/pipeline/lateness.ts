// How late targets are claimed: time since they were due, in units of the wait that was planned for each. Keeps a distribution
// of fixed size, however many claims there are. Pure.

import type { TargetId } from '../../src/core/model/target.ts'

/** Values from a millionth on, in steps of five percent: percentiles are as exact as that. */
export class LogHistogram {
  readonly #counts: number[] = []
  #total = 0
  #max = 0

  get total(): number {
    return this.#total
  }

  get max(): number {
    return this.#max
  }

  add(value: number): void {
    const bucket = value <= LEAST ? 0 : 1 + Math.floor(Math.log(value / LEAST) / STEP)
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1
    this.#total += 1
    this.#max = Math.max(this.#max, value)
  }

  /** The value that the share of all values does not exceed (upper end of its bucket, though never above the greatest). */
  percentile(share: number): number {
    const wanted = Math.ceil(share * this.#total)
    let seen = 0
    for (const [bucket, count = 0] of this.#counts.entries()) {
      seen += count
      if (seen >= wanted && seen > 0)
        return bucket === 0 ? 0 : Math.min(this.#max, LEAST * Math.exp(STEP * bucket))
    }
    return 0
  }
}

const LEAST = 1e-6
const STEP = Math.log(1.05)

export interface Claim {
  readonly id: TargetId
  readonly partition: string
  readonly dueAt: number
}

/** Claims of one stretch of time, against when each target was probed last. */
export class Lateness {
  /** In units of the planned wait; of targets that had a round before. */
  readonly inWaits = new LogHistogram()
  /** Seconds; of all targets. */
  readonly inSeconds = new LogHistogram()
  /** Median and so on of one partition, seconds. */
  readonly byPartition = new Map<string, LogHistogram>()
  #worst: { readonly id: string; readonly waits: number } | null = null

  /** The target that was latest in its own waits; null before the first claim that counts. */
  get worst(): { readonly id: string; readonly waits: number } | null {
    return this.#worst
  }

  /** `lastProbeAt`: when the target's last round was, ms; null before its first. `now`: of the claim, ms. */
  note({ id, partition, dueAt }: Claim, lastProbeAt: number | null, now: number): void {
    const lateMs = Math.max(0, now - dueAt)
    this.inSeconds.add(lateMs / 1000)
    const ofPartition = this.byPartition.get(partition) ?? new LogHistogram()
    this.byPartition.set(partition, ofPartition)
    ofPartition.add(lateMs / 1000)
    if (lastProbeAt === null || dueAt <= lastProbeAt) return
    const waits = lateMs / (dueAt - lastProbeAt)
    this.inWaits.add(waits)
    if (this.#worst === null || waits > this.#worst.waits) this.#worst = { id, waits }
  }
}

/** Lowest and highest median of the partitions, seconds; zero where nothing was claimed. */
export function partitionSpread({ byPartition }: Lateness): {
  readonly lowest: number
  readonly highest: number
} {
  const medians = [...byPartition.values()].map((one) => one.percentile(0.5))
  return medians.length === 0
    ? { lowest: 0, highest: 0 }
    : { lowest: Math.min(...medians), highest: Math.max(...medians) }
}
