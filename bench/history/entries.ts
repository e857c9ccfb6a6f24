// Rounds as entries of the observations streams: packed, and gathered as the commit script gathers them.
import type { StoredObservation } from '../../src/core/model/observation.ts'
import { parseTargetId } from '../../src/core/model/target.ts'
import { packObservations } from '../../src/core/outbox/pack-observations.ts'
import { FRAMED } from '../../src/core/outbox/round-frames.ts'
import { partitionOf, type Partition } from '../../src/store/keys.ts'

export interface BenchEntry {
  readonly partition: Partition
  readonly payload: Buffer
  readonly rows: number
}

/** Between the one of an idle service and the 64 of one that is behind. */
const ROUNDS_AN_ENTRY = 16

/** In the order in which they are full; what is left at the end comes last. */
export function* entriesOf(rounds: Iterable<StoredObservation[]>): Generator<BenchEntry> {
  const open = new Map<Partition, { packed: Buffer[]; rows: number }>()
  for (const rows of rounds) {
    const partition = partitionOf(parseTargetId(rows[0]!.target).name)
    const entry = open.get(partition) ?? { packed: [], rows: 0 }
    open.set(partition, entry)
    entry.packed.push(packObservations(rows))
    entry.rows += rows.length
    if (entry.packed.length < ROUNDS_AN_ENTRY) continue
    open.delete(partition)
    yield { partition, payload: framed(entry.packed), rows: entry.rows }
  }
  for (const [partition, { packed, rows }] of open) yield { partition, payload: framed(packed), rows }
}

function framed(packed: readonly Buffer[]): Buffer {
  const parts = packed.flatMap((round) => {
    const length = Buffer.alloc(4)
    length.writeUInt32LE(round.length)
    return [length, round]
  })
  return Buffer.concat([Buffer.of(FRAMED), ...parts])
}

/** The first rounds until so many rows are there, whole rounds only. */
export function* roundsUntil(
  rounds: Iterable<StoredObservation[]>,
  rows: number,
): Generator<StoredObservation[]> {
  let left = rows
  for (const round of rounds) {
    if (left <= 0) return
    left -= round.length
    yield round
  }
}
