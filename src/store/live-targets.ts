// The live state of targets: what is due, the series, who needs whom, and the atomic commit. Decides nothing about DNS.
import { decodeSeries, encodeSeries } from '../core/series/codec.ts'
import type { HostSeries } from '../core/series/host-series.ts'
import type { ZoneSeries } from '../core/series/zone-series.ts'
import type { StoredObservation } from '../core/model/observation.ts'
import type { OutboxEntry, WatchEnd } from '../core/model/outbox.ts'
import { parseTargetId, type Target, type TargetId } from '../core/model/target.ts'
import {
  domainFields,
  readDomainWatch,
  standingOf,
  WATCH_FIELDS,
  type DomainUpdate,
  type DomainWatch,
} from './domain-record.ts'
import { keys, partitionOf, PARTITIONS, type Partition } from './keys.ts'
import type { LiveRedis } from './redis.ts'
import { runScript } from './script.ts'
import { CLAIM_DUE } from './scripts/claim-due.ts'
import { COMMIT_ROUND } from './scripts/commit-round.ts'
import { ADD_REFERENCE, HASTEN, RETIRE } from './scripts/references.ts'
import { RETENTION_MS } from './retention.ts'

export interface LoadedTarget {
  readonly id: TargetId
  readonly target: Target
  /** Rounds committed so far. */
  readonly round: number
  /** Null before the first round. */
  readonly series: HostSeries | ZoneSeries | null
  /** False when nobody needs the target any more. */
  readonly referenced: boolean
  /** Set when the target is the host of a domain that is being watched. */
  readonly watch: DomainWatch | null
}

export interface RoundCommit {
  readonly id: TargetId
  readonly expectedRound: number
  readonly series: HostSeries | ZoneSeries
  /** When the round is committed, ms. */
  readonly at: number
  readonly nextDueAt: number
  /** Whoever hastens the target does not get it before this; ms. */
  readonly earliestNextAt: number
  readonly observations: readonly StoredObservation[]
  /** Null when the target is not the host of a watched domain. */
  readonly domain: DomainUpdate | null
  /** Why the watch is over; null while it is not. */
  readonly watchOver: WatchEnd | null
  readonly entries: readonly OutboxEntry[]
}

/**
 * `committed` · `unwatched`: committed without its verdict, for the domain was stopped while it was probed · `stale`: somebody
 * else committed that round, or the domain was watched anew · `gone`: nobody needs the target. The last two write nothing.
 */
export type CommitResult = 'committed' | 'unwatched' | 'stale' | 'gone'

export interface ClaimedTarget {
  readonly id: TargetId
  readonly dueAt: number
}

export class LiveTargets {
  readonly #redis: LiveRedis

  constructor(redis: LiveRedis) {
    this.#redis = redis
  }

  /** Claims up to `limit` due targets of one partition until `leaseEnd`; oldest due first. */
  async claimDue(
    partition: Partition,
    now: number,
    leaseEnd: number,
    limit: number,
  ): Promise<ClaimedTarget[]> {
    const flat = (await runScript(
      this.#redis,
      CLAIM_DUE,
      [keys.due(partition), keys.leases(partition)],
      [now, leaseEnd, limit],
    )) as string[]
    const claimed: ClaimedTarget[] = []
    for (let index = 0; index < flat.length; index += 2) {
      claimed.push({ id: flat[index] as TargetId, dueAt: Number(flat[index + 1]) })
    }
    return claimed
  }

  async load(id: TargetId): Promise<LoadedTarget> {
    const target = parseTargetId(id)
    const [state, references, watch] = await Promise.all([
      this.#redis.hmget(keys.target(target.name, id), 'round', 'series'),
      this.#redis.scard(keys.references(target.name, id)),
      target.kind === 'host' ? this.#redis.hmget(keys.domain(target.name), ...WATCH_FIELDS) : null,
    ])
    return {
      id,
      target,
      round: Number(state[0] ?? 0),
      series: state[1] ? decodeSeries(state[1]) : null,
      referenced: references > 0,
      watch: watch && readDomainWatch(watch),
    }
  }

  /** The series of a target; null before its first round or when its retention is over. */
  async seriesOf(id: TargetId): Promise<HostSeries | ZoneSeries | null> {
    const text = await this.#redis.hget(keys.target(parseTargetId(id).name, id), 'series')
    return text ? decodeSeries(text) : null
  }

  /** All or nothing: series, verdict, next due time and both streams. */
  async commit(commit: RoundCommit): Promise<CommitResult> {
    const { name } = parseTargetId(commit.id)
    const partition = partitionOf(name)
    return (await runScript(
      this.#redis,
      COMMIT_ROUND,
      [
        keys.target(name, commit.id),
        keys.references(name, commit.id),
        keys.due(partition),
        keys.observations(partition),
        keys.events(partition),
        keys.domain(name),
        keys.domainScans(name),
        keys.leases(partition),
      ],
      [
        commit.id,
        commit.expectedRound,
        commit.expectedRound + 1,
        encodeSeries(commit.series),
        commit.nextDueAt,
        commit.observations.length > 0 ? JSON.stringify(commit.observations) : '',
        commit.domain ? JSON.stringify(domainFields(commit.domain)) : '',
        JSON.stringify(commit.entries.map((entry) => JSON.stringify(entry))),
        keys.verdictChannel(),
        name,
        commit.watchOver ?? '',
        RETENTION_MS,
        commit.domain ? commit.domain.assessment.asOf : '',
        commit.domain ? standingOf(commit.domain.judgedAgainst) : '',
        commit.at,
        commit.earliestNextAt,
      ],
    )) as CommitResult
  }

  /** Makes sure that a shared target is watched for `referrer`. Idempotent. */
  async addReference(id: TargetId, referrer: TargetId, dueAt: number): Promise<void> {
    await runScript(this.#redis, ADD_REFERENCE, referenceKeys(id), [id, referrer, dueAt])
  }

  /** `referrer` does not need the target any more. Without others it is retired when its next turn comes. Idempotent. */
  async removeReference(id: TargetId, referrer: TargetId): Promise<void> {
    await this.#redis.srem(keys.references(parseTargetId(id).name, id), referrer)
  }

  /** Unschedules a target, unless somebody refers to it (again); its series stays for the retention time. */
  async retire(id: TargetId): Promise<void> {
    const leases = keys.leases(partitionOf(parseTargetId(id).name))
    await runScript(this.#redis, RETIRE, [...referenceKeys(id), leases], [id, RETENTION_MS])
  }

  /** Up to about `limit` of those who need the target, without the watch itself. */
  async referrersOf(id: TargetId, limit: number): Promise<TargetId[]> {
    const members = await this.#redis.srandmember(keys.references(parseTargetId(id).name, id), limit)
    return members.filter((member): member is TargetId => member !== 'watch')
  }

  /** Whether the target is the host of a domain that is being watched. */
  async isWatched(id: TargetId): Promise<boolean> {
    return (await this.#redis.sismember(keys.references(parseTargetId(id).name, id), 'watch')) === 1
  }

  /**
   * Makes a target due at `dueAt` if it would have been due later, though not before the least interval after its last
   * round, and not while a round is under way.
   */
  async hasten(id: TargetId, dueAt: number): Promise<void> {
    const { name } = parseTargetId(id)
    const partition = partitionOf(name)
    const scriptKeys = [keys.due(partition), keys.leases(partition), keys.target(name, id)]
    await runScript(this.#redis, HASTEN, scriptKeys, [id, dueAt])
  }

  /** How many targets are watched in all, and since how long the oldest of those that are due waits. */
  async lag(now: number): Promise<{ watched: number; oldestDueMs: number }> {
    const states = await Promise.all(
      PARTITIONS.map(async (partition) => {
        const [size, first] = await Promise.all([
          this.#redis.zcard(keys.due(partition)),
          this.#redis.zrange(keys.due(partition), 0, '0', 'WITHSCORES'),
        ])
        return { size, due: first[1] === undefined ? now : Number(first[1]) }
      }),
    )
    return {
      watched: states.reduce((sum, state) => sum + state.size, 0),
      oldestDueMs: Math.max(0, ...states.map((state) => now - state.due)),
    }
  }
}

function referenceKeys(id: TargetId): string[] {
  const { name } = parseTargetId(id)
  return [keys.references(name, id), keys.due(partitionOf(name)), keys.target(name, id)]
}
