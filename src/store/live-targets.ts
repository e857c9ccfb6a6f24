// The live state of targets: what is due, the series, who needs whom, and the atomic commit. Decides nothing about DNS. What is
// loaded and committed in one turn of the event loop goes in one call (on a cluster one a partition).
import { isCluster, type LiveRedis } from './redis.ts'
import type { HostSeries } from '../core/series/host-series.ts'
import type { ZoneSeries } from '../core/series/zone-series.ts'
import type { LaneDemand, LaneQuota } from '../core/schedule/fair-shares.ts'
import { parseTargetId, type Target, type TargetId } from '../core/model/target.ts'
import { DEFAULT_TENANT } from '../core/model/tenant.ts'
import { keys, partitionOf, PARTITIONS, type Partition } from './keys.ts'
import { TurnBatches } from './turn-batches.ts'
import { HISTORY_BACKLOG_OCTETS } from './history-backlog.ts'
import { runScript } from './script.ts'
import { CLAIM_DUE, LOOK_DUE } from './scripts/claim-due.ts'
import { COMMIT_ROUNDS } from './scripts/commit-rounds.ts'
import { ADD_REFERENCE, HASTEN, REMOVE_REFERENCE, RETIRE } from './scripts/references.ts'
import { RETENTION_MS } from './retention.ts'
import { argumentsOf, type CommitResult, type RoundCommit } from './round-commit.ts'
import { queueKeys, runOnTarget } from './target-script.ts'
import { readRecord, seriesOfRecord, type DomainWatch, type TargetRecord } from './target-record.ts'

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
  /** Rounds since the verdict was assessed; null: the next one assesses. */
  readonly stillRounds: number | null
  /** Whose share of the probing it is probed from. */
  readonly tenant: string
}

export interface ClaimedTarget {
  readonly id: TargetId
  readonly dueAt: number
}

export interface LaneLook extends LaneDemand {
  /** Targets scheduled in all. */
  readonly scheduled: number
  /** The oldest due time, ms; null when nothing is scheduled. */
  readonly oldestDueAt: number | null
}

export class LiveTargets {
  readonly #redis: LiveRedis
  /** Of a name: what may go to Redis in one call. */
  readonly #groupOf: (name: string) => string
  readonly #backlogOctets: number
  readonly #records: TurnBatches<string, TargetRecord | null>
  readonly #commits: TurnBatches<RoundCommit, CommitResult>

  /** `historyBacklogOctets`: what may wait for history, in all partitions together. */
  constructor(redis: LiveRedis, { historyBacklogOctets = HISTORY_BACKLOG_OCTETS } = {}) {
    this.#redis = redis
    this.#backlogOctets = historyBacklogOctets / PARTITIONS.length
    this.#groupOf = isCluster(redis) ? partitionOf : () => ''
    this.#records = new TurnBatches((_group, targetKeys) => this.#readRecords(targetKeys))
    this.#commits = new TurnBatches((_group, commits) => this.#sendCommits(commits))
  }

  /** What is due in a partition, tenant by tenant. */
  async lookDue(partition: Partition, now: number): Promise<LaneLook[]> {
    const named = await this.#redis.smembers(keys.tenants(partition))
    const tenants = [DEFAULT_TENANT, ...named.toSorted()]
    const queues = tenants.flatMap((tenant) => queueKeys(partition, tenant))
    const flat = (await runScript(this.#redis, LOOK_DUE, queues, [now])) as string[]
    return tenants.map((tenant, index) => {
      const [express, due, scheduled, oldest] = flat.slice(index * 4, index * 4 + 4)
      return {
        tenant,
        express: Number(express),
        due: Number(due),
        scheduled: Number(scheduled),
        oldestDueAt: oldest === '' ? null : Number(oldest),
      }
    })
  }

  /** Claims due targets of one partition until `leaseEnd`, at most as many of each tenant as told; oldest due first. */
  async claimDue(
    partition: Partition,
    now: number,
    leaseEnd: number,
    quotas: readonly LaneQuota[],
  ): Promise<{ express: ClaimedTarget[]; due: ClaimedTarget[] }> {
    const wanted = quotas.flatMap(({ tenant, express, due }) => [
      { queue: 'express' as const, key: keys.express(partition, tenant), limit: express },
      { queue: 'due' as const, key: keys.due(partition, tenant), limit: due },
    ])
    const asked = wanted.filter(({ limit }) => limit > 0)
    const answers = (await runScript(
      this.#redis,
      CLAIM_DUE,
      [keys.leases(partition), ...asked.map(({ key }) => key)],
      [now, leaseEnd, ...asked.map(({ limit }) => limit)],
    )) as string[][]
    const claimed: { express: ClaimedTarget[]; due: ClaimedTarget[] } = { express: [], due: [] }
    for (const [place, { queue }] of asked.entries()) {
      const flat = answers[place]!
      for (let index = 0; index < flat.length; index += 2) {
        claimed[queue].push({ id: flat[index] as TargetId, dueAt: Number(flat[index + 1]) })
      }
    }
    return claimed
  }

  /** The record of a target; null when there is none. */
  recordOf(id: TargetId): Promise<TargetRecord | null> {
    const { name } = parseTargetId(id)
    return this.#records.add(this.#groupOf(name), keys.target(name, id))
  }

  async load(id: TargetId): Promise<LoadedTarget> {
    const target = parseTargetId(id)
    const record = await this.recordOf(id)
    const submitted = record?.submitted ?? null
    return {
      id,
      target,
      round: record?.round ?? 0,
      series: record && seriesOfRecord(record, id),
      referenced: record !== null && isNeeded(record),
      watch: submitted !== null && submitted.watching ? watchOf(submitted) : null,
      stillRounds: record?.stillRounds ?? null,
      tenant: record?.tenant ?? DEFAULT_TENANT,
    }
  }

  /** The series of a target; null before its first round or when its retention is over. */
  async seriesOf(id: TargetId): Promise<HostSeries | ZoneSeries | null> {
    const record = await this.recordOf(id)
    return record && seriesOfRecord(record, id)
  }

  /** All or nothing: series, verdict, next due time and both streams. */
  commit(commit: RoundCommit): Promise<CommitResult> {
    return this.#commits.add(this.#groupOf(parseTargetId(commit.id).name), commit)
  }

  async #readRecords(targetKeys: readonly string[]): Promise<(TargetRecord | null)[]> {
    const found = await this.#redis.mgetBuffer(...targetKeys)
    return found.map((bytes) => bytes && readRecord(bytes))
  }

  async #sendCommits(commits: readonly RoundCommit[]): Promise<CommitResult[]> {
    const touched = new Set<string>()
    const values: (string | number | Buffer)[] = [keys.verdictChannel(), RETENTION_MS, this.#backlogOctets]
    for (const commit of commits) {
      const { id, tenant = DEFAULT_TENANT } = commit
      const { name } = parseTargetId(id)
      const partition = partitionOf(name)
      for (const key of sharedKeys(partition, tenant)) touched.add(key)
      touched.add(keys.target(name, id))
      if (commit.domain || commit.still?.rounds === 1) touched.add(keys.assessment(name))
      values.push(keys.prefix(partition), ...argumentsOf(commit))
    }
    return (await runScript(this.#redis, COMMIT_ROUNDS, [...touched], values)) as CommitResult[]
  }

  /**
   * Makes sure that a shared target is watched for `referrer`. Idempotent. One that nobody needed is probed from the share of
   * `tenant`, before others when `isExpress`.
   */
  async addReference(
    id: TargetId,
    referrer: TargetId,
    dueAt: number,
    { tenant, isExpress }: { tenant: string; isExpress: boolean } = {
      tenant: DEFAULT_TENANT,
      isExpress: false,
    },
  ): Promise<void> {
    const values = [id, referrer, dueAt, tenant, isExpress ? '1' : '0']
    await runOnTarget(this.#redis, ADD_REFERENCE, id, values, tenant)
  }

  /** `referrer` does not need the target any more. Without others it is retired when its next turn comes. Idempotent. */
  async removeReference(id: TargetId, referrer: TargetId): Promise<void> {
    await runOnTarget(this.#redis, REMOVE_REFERENCE, id, [id, referrer])
  }

  /** Unschedules a target, unless somebody refers to it (again); its series stays for the retention time. */
  async retire(id: TargetId): Promise<void> {
    await runOnTarget(this.#redis, RETIRE, id, [id, RETENTION_MS])
  }

  /** Up to about `limit` of those who need the target, without the watch itself. */
  async referrersOf(id: TargetId, limit: number): Promise<TargetId[]> {
    const record = await this.recordOf(id)
    if (record === null) return []
    if (!record.isCrowded) return record.referrers.slice(0, limit)
    const { name } = parseTargetId(id)
    return (await this.#redis.srandmember(keys.references(name, id), limit)) as TargetId[]
  }

  /** Whether the target is the host of a domain that is being watched. */
  async isWatched(id: TargetId): Promise<boolean> {
    return (await this.recordOf(id))?.submitted?.watching ?? false
  }

  /**
   * Makes a target due at `dueAt` if it would have been due later, though not before the least interval after its last
   * round, and not while a round is under way. Its next round assesses.
   */
  async hasten(id: TargetId, dueAt: number): Promise<void> {
    await runOnTarget(this.#redis, HASTEN, id, [id, dueAt])
  }

  /** When a target of that tenant is due, ms; null when it is not scheduled, or for its first look. */
  async dueAt(id: TargetId, tenant: string): Promise<number | null> {
    const score = await this.#redis.zscore(keys.due(partitionOf(parseTargetId(id).name), tenant), id)
    return score === null ? null : Number(score)
  }

  /** How many targets are watched in all, and since how long the oldest of those that are due waits. */
  async lag(now: number): Promise<{ watched: number; oldestDueMs: number }> {
    const lanes = (await Promise.all(PARTITIONS.map((partition) => this.lookDue(partition, now)))).flat()
    return {
      watched: lanes.reduce((sum, lane) => sum + lane.scheduled, 0),
      oldestDueMs: Math.max(0, ...lanes.map(({ oldestDueAt }) => now - (oldestDueAt ?? now))),
    }
  }
}

/** What the commits of a partition touch, whichever targets they are of. */
function sharedKeys(partition: Partition, tenant: string): readonly string[] {
  return [
    keys.leases(partition),
    keys.observations(partition),
    keys.observationsBacklog(partition),
    keys.events(partition),
    ...queueKeys(partition, tenant),
  ]
}

function isNeeded({ submitted, referrers, isCrowded }: TargetRecord): boolean {
  return (submitted?.watching ?? false) || referrers.length > 0 || isCrowded
}

function watchOf({
  watchUntil,
  openSince,
  intervalSeconds,
  verdict,
  fluxType,
  firstFlaggedAt,
}: DomainWatch): DomainWatch {
  return { watchUntil, openSince, intervalSeconds, verdict, fluxType, firstFlaggedAt }
}
