// Moves what is due from the due sets into probe batches. Decides how much, when, and whose; what to ask is the worker's.
import type { Clock } from '../core/clock.ts'
import type { TargetId } from '../core/model/target.ts'
import {
  shareRoom,
  spreadUnits,
  type Carried,
  type LaneDemand,
  type LaneQuota,
  type TenantWeights,
} from '../core/schedule/fair-shares.ts'
import { ClockLoop } from './clock-loop.ts'
import { PROBE_JOB_OPTIONS } from './job-catalogue.ts'
import { QUEUE_OF_KIND, type ProbeKind, type ProbeShard } from './probe-queues.ts'

interface Claimed {
  readonly id: TargetId
  readonly dueAt: number
}

export interface DueTargets {
  lookDue(
    partition: string,
    now: number,
  ): Promise<readonly (LaneDemand & { readonly oldestDueAt: number | null })[]>
  claimDue(
    partition: string,
    now: number,
    leaseEnd: number,
    quotas: readonly LaneQuota[],
  ): Promise<Readonly<Record<ProbeKind, readonly Claimed[]>>>
}

export interface PlannerOptions {
  /** How long a claimed target is left alone before it counts as lost; ms of the clock. */
  readonly leaseMs: number
  /** Pause between two looks at the due sets; ms of the clock. */
  readonly tickMs: number
  /** Targets in one job at most. */
  readonly batchSize: number
  /** Jobs of a kind that may wait in a shard; beyond that nothing is claimed, so that late targets stay ordered by due time. */
  readonly maxWaitingJobs: number
  /** @defaultValue all alike */
  readonly weights?: TenantWeights
  readonly onError: (error: unknown) => void
}

interface Look {
  readonly partition: string
  readonly lanes: Awaited<ReturnType<DueTargets['lookDue']>>
}

export class Planner {
  readonly #due: DueTargets
  readonly #shards: readonly ProbeShard[]
  readonly #clock: Clock
  readonly #options: PlannerOptions
  /** One a shard: a master that is away holds up its own shards alone. */
  readonly #loops: readonly ClockLoop[]
  readonly #carried: ReadonlyMap<ProbeShard, Record<ProbeKind, Carried>>

  constructor(parts: {
    due: DueTargets
    shards: readonly ProbeShard[]
    clock: Clock
    options: PlannerOptions
  }) {
    this.#due = parts.due
    this.#shards = parts.shards
    this.#clock = parts.clock
    this.#options = parts.options
    this.#loops = parts.shards.map((shard) => new ClockLoop(parts.clock, () => this.#planOrReport(shard)))
    this.#carried = new Map(parts.shards.map((shard) => [shard, { due: new Map(), express: new Map() }]))
  }

  start(): void {
    for (const loop of this.#loops) loop.start()
  }

  /** Nothing is claimed after this resolves; what was claimed is in the queue. */
  async stop(): Promise<void> {
    await Promise.all(this.#loops.map((loop) => loop.stop()))
  }

  async #planOrReport(shard: ProbeShard): Promise<number> {
    const claimed = await this.#planShard(shard).catch((error: unknown) => {
      this.#options.onError(error)
      return 0
    })
    // A full batch means that more may be due: look again at once.
    return claimed < this.#options.batchSize ? this.#options.tickMs : 0
  }

  /** One look at all due sets; answers how many targets were put into the queues. */
  async plan(): Promise<number> {
    const planned = await Promise.allSettled(this.#shards.map((shard) => this.#planShard(shard)))
    const counts = planned.map((shard) => {
      if (shard.status === 'rejected') throw shard.reason
      return shard.value
    })
    return counts.reduce((sum, count) => sum + count, 0)
  }

  /** A partition that fails holds the others of its shard up no longer than it takes to fail: then this rejects. */
  async #planShard(shard: ProbeShard): Promise<number> {
    const { leaseMs } = this.#options
    const now = this.#clock.now()
    const failures: unknown[] = []
    const unlessItFails = <T>(work: Promise<T>): Promise<T | null> =>
      work.catch((error: unknown) => {
        failures.push(error)
        return null
      })
    const [looks, due, express] = await Promise.all([
      Promise.all(
        shard.partitions.map(async (partition): Promise<Look> => {
          const lanes = (await unlessItFails(this.#due.lookDue(partition, now))) ?? []
          return { partition, lanes: lanes.filter((lane) => lane.due + lane.express > 0) }
        }),
      ),
      this.#roomOf(shard, 'due'),
      this.#roomOf(shard, 'express'),
    ])
    // The rounding of shares favours whoever waits longest.
    const late = looks.filter(({ lanes }) => lanes.length > 0).toSorted((a, b) => oldestOf(a) - oldestOf(b))
    const quotas = this.#quotasOf(shard, late, { due, express })
    const claims = await Promise.all(
      late.map(({ partition }, place) => {
        const wanted = quotas[place]!.filter((quota) => quota.due + quota.express > 0)
        if (wanted.length === 0) return null
        return unlessItFails(this.#due.claimDue(partition, now, now + leaseMs, wanted))
      }),
    )
    const added = await Promise.all(
      (['express', 'due'] as const).map((kind) => {
        const claimed = claims.flatMap((claim) => claim?.[kind] ?? [])
        return this.#add(shard, kind, claimed, now + leaseMs)
      }),
    )
    // What others claimed is in the queues by now, and does not wait for its lease to end.
    if (failures.length > 0) throw failures[0]
    return added.reduce((sum, count) => sum + count, 0)
  }

  /** Targets that may be claimed of a kind. */
  async #roomOf({ queues }: ProbeShard, kind: ProbeKind): Promise<number> {
    const { maxWaitingJobs, batchSize } = this.#options
    return Math.max(0, maxWaitingJobs - (await queues[kind].getWaitingCount())) * batchSize
  }

  /** For each look, what may be claimed there. */
  #quotasOf(
    shard: ProbeShard,
    looks: readonly Look[],
    room: Readonly<Record<ProbeKind, number>>,
  ): LaneQuota[][] {
    const carriedOver = this.#carried.get(shard)!
    const tenants = [...new Set(looks.flatMap(({ lanes }) => lanes.map(({ tenant }) => tenant)))]
    const demandOf = (look: Look, tenant: string, kind: ProbeKind): number =>
      look.lanes.find((lane) => lane.tenant === tenant)?.[kind] ?? 0
    const share = (kind: ProbeKind): ReadonlyMap<string, readonly number[]> => {
      const there = new Map(
        tenants.map((tenant) => [tenant, looks.map((look) => demandOf(look, tenant, kind))]),
      )
      const wanted = new Map(
        [...there].map(([tenant, places]) => [tenant, places.reduce((sum, here) => sum + here, 0)]),
      )
      const { shares, carried } = shareRoom(
        wanted,
        this.#options.weights ?? new Map(),
        room[kind],
        carriedOver[kind],
      )
      carriedOver[kind] = carried
      return new Map(
        [...there].map(([tenant, places]) => [tenant, spreadUnits(shares.get(tenant) ?? 0, places)]),
      )
    }
    const due = share('due')
    const express = share('express')
    return looks.map((_, place) =>
      tenants.map((tenant) => ({
        tenant,
        due: due.get(tenant)![place]!,
        express: express.get(tenant)![place]!,
      })),
    )
  }

  async #add(
    shard: ProbeShard,
    kind: ProbeKind,
    claimed: readonly Claimed[],
    leaseEnd: number,
  ): Promise<number> {
    if (claimed.length === 0) return 0
    const { batchSize } = this.#options
    const targets = claimed.toSorted((a, b) => a.dueAt - b.dueAt)
    const jobs = Array.from({ length: Math.ceil(targets.length / batchSize) }, (_, index) => ({
      name: QUEUE_OF_KIND[kind],
      data: { targets: targets.slice(index * batchSize, (index + 1) * batchSize), leaseEnd },
      opts: PROBE_JOB_OPTIONS,
    }))
    await shard.queues[kind].addBulk(jobs)
    return claimed.length
  }
}

function oldestOf({ lanes }: Look): number {
  return lanes.reduce((oldest, { oldestDueAt }) => Math.min(oldest, oldestDueAt ?? Infinity), Infinity)
}
