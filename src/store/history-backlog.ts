// How far behind history is, and what it has missed. Decides how much may wait for it; what is done about it is told by
// scripts/commit-rounds.ts, and how it is shown by those who ask.
import { keys, PARTITIONS, type Partition } from './keys.ts'
import type { LiveRedis } from './redis.ts'
import { runScript } from './script.ts'
import { READ_BACKLOG } from './scripts/read-backlog.ts'

/**
 * What may wait for history unless told otherwise. Hand-set: of the measured 35 octets an observation it is seven million of them,
 * which is more than half an hour of a million names and days of ten thousand, and it leaves most of even a small Redis to what is live.
 */
export const HISTORY_BACKLOG_OCTETS = 256 * 1024 * 1024

export interface HistoryBacklog {
  /** Of up to 64 rounds each. */
  readonly entries: number
  readonly octets: number
  /** How long the oldest of them waits, ms. */
  readonly oldestMs: number
  /** Of what may wait, 0…1 and a little above: of the fullest partition, for that one loses first. */
  readonly fullness: number
  /** Committed without their observations, because too much waited: since the live state began. */
  readonly lostRounds: number
  readonly lostObservations: number
  /** The latest time in which that happened, ms; null when it never did. */
  readonly gap: { readonly from: number; readonly to: number } | null
  /** Entries that nobody could read and that were set aside. */
  readonly unreadable: number
}

/** Of all partitions together. `limitOctets`: what may wait in all of them. */
export async function readHistoryBacklog(redis: LiveRedis, limitOctets: number): Promise<HistoryBacklog> {
  const all = await Promise.all(PARTITIONS.map((partition) => readPartition(redis, partition)))
  const sum = (of: (one: PartitionBacklog) => number): number =>
    all.reduce((total, one) => total + of(one), 0)
  const gaps = all.filter(({ lostAt }) => lostAt > 0)
  const share = limitOctets / PARTITIONS.length
  return {
    entries: sum(({ entries }) => entries),
    octets: sum(({ octets }) => octets),
    oldestMs: Math.max(...all.map(({ oldestMs }) => oldestMs)),
    fullness: Math.max(...all.map(({ octets }) => octets)) / share,
    lostRounds: sum(({ lostRounds }) => lostRounds),
    lostObservations: sum(({ lostObservations }) => lostObservations),
    gap:
      gaps.length === 0
        ? null
        : {
            from: Math.min(...latest(gaps).map(({ lostSince }) => lostSince)),
            to: Math.max(...gaps.map(({ lostAt }) => lostAt)),
          },
    unreadable: sum(({ unreadable }) => unreadable),
  }
}

type PartitionBacklog = Awaited<ReturnType<typeof readPartition>>

async function readPartition(redis: LiveRedis, partition: Partition) {
  const answer = (await runScript(
    redis,
    READ_BACKLOG,
    [keys.observations(partition), keys.observationsBacklog(partition)],
    [],
  )) as number[]
  const [entries, oldestMs, octets, lostRounds, lostObservations, lostSince, lostAt, unreadable] = answer
  return {
    entries: entries!,
    oldestMs: oldestMs!,
    octets: octets!,
    lostRounds: lostRounds!,
    lostObservations: lostObservations!,
    lostSince: lostSince!,
    lostAt: lostAt!,
    unreadable: unreadable!,
  }
}

/** Those whose gap overlaps the latest one; an old gap of another partition is another story. */
function latest(gaps: readonly PartitionBacklog[]): readonly PartitionBacklog[] {
  const newest = gaps.reduce((best, gap) => (gap.lostAt > best.lostAt ? gap : best))
  return gaps.filter(({ lostAt }) => lostAt >= newest.lostSince)
}
