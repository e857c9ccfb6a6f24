// The live state of targets in memory, for one process without Redis (`fluxwatch check`, tests of rounds). The same
// promises as LiveTargets where a single process can tell the difference; nothing outlives it.
import { parseTargetId, targetId, type TargetId } from '../core/model/target.ts'
import { DEFAULT_TENANT } from '../core/model/tenant.ts'
import type { WatchedDomain } from '../core/model/watch.ts'
import type { HostSeries } from '../core/series/host-series.ts'
import type { ZoneSeries } from '../core/series/zone-series.ts'
import type { ClaimedTarget, LoadedTarget } from './live-targets.ts'
import type { CommitResult, RoundCommit } from './round-commit.ts'
import type { DomainWatch } from './target-record.ts'

/** Due at no time: not scheduled, because nobody needs the target. It keeps its series and the number of its last round. */
const UNSCHEDULED = Infinity

interface Held {
  round: number
  series: HostSeries | ZoneSeries | null
  /** ms, or `UNSCHEDULED`. */
  dueAt: number
  /** Whether `dueAt` is the end of a lease: a round is under way. */
  isLeased: boolean
  /** Nobody makes it due before this, ms. */
  earliestAt: number
  /** Rounds since the verdict was assessed; null: the next one assesses. */
  stillRounds: number | null
  readonly referrers: Set<string>
}

export interface MemoryEvents {
  /** After each committed round. */
  onCommit?(commit: RoundCommit): void
}

export class MemoryTargets {
  readonly #targets = new Map<TargetId, Held>()
  readonly #watches = new Map<string, DomainWatch>()
  readonly #domains = new Map<string, WatchedDomain>()
  readonly #events: MemoryEvents

  constructor(events: MemoryEvents = {}) {
    this.#events = events
  }

  /** Without `openSince` the watch is ordered: it ends at `watchUntil`. */
  watch(
    domain: string,
    now: number,
    watch: Pick<DomainWatch, 'watchUntil' | 'intervalSeconds'> & Partial<Pick<DomainWatch, 'openSince'>>,
  ): void {
    this.#watches.set(domain, {
      openSince: null,
      ...watch,
      verdict: 'pending',
      fluxType: null,
      firstFlaggedAt: null,
    })
    this.#domains.set(domain, {
      domain,
      tags: [],
      addedAt: now,
      watchUntil: watch.watchUntil,
      watching: true,
      firstFlaggedAt: null,
      verdict: 'pending',
      assessment: null,
    })
    const held = this.#hold(targetId({ kind: 'host', name: domain }), now)
    // As in Redis: a name server's host may have had a later turn.
    if (!held.referrers.has('watch')) {
      held.stillRounds = null
      dueSoon(held, now)
    }
    held.referrers.add('watch')
  }

  get(domain: string): WatchedDomain | null {
    return this.#domains.get(domain) ?? null
  }

  claimDue(now: number, leaseEnd: number): ClaimedTarget[] {
    const due = [...this.#targets].filter(([, held]) => held.dueAt <= now)
    const claimed = due.map(([id, held]) => ({ id, dueAt: held.dueAt }))
    for (const [, held] of due) Object.assign(held, { dueAt: leaseEnd, isLeased: true })
    return claimed.toSorted((a, b) => a.dueAt - b.dueAt)
  }

  /** When the next target is due; null when nothing is watched. */
  nextDueAt(): number | null {
    const times = [...this.#targets.values()].map((held) => held.dueAt)
    const next = Math.min(...times)
    return next === UNSCHEDULED ? null : next
  }

  /** When this target is due; null when it is not scheduled. */
  dueAt(id: TargetId): number | null {
    const at = this.#targets.get(id)?.dueAt ?? UNSCHEDULED
    return at === UNSCHEDULED ? null : at
  }

  async load(id: TargetId): Promise<LoadedTarget> {
    const target = parseTargetId(id)
    const held = this.#targets.get(id)
    return {
      id,
      target,
      round: held?.round ?? 0,
      series: held?.series ?? null,
      referenced: (held?.referrers.size ?? 0) > 0,
      watch: this.#watchOf(target.name, held),
      stillRounds: held?.stillRounds ?? null,
      tenant: DEFAULT_TENANT,
    }
  }

  async seriesOf(id: TargetId): Promise<HostSeries | ZoneSeries | null> {
    return this.#targets.get(id)?.series ?? null
  }

  async commit(commit: RoundCommit): Promise<CommitResult> {
    const held = this.#targets.get(commit.id)
    if (!held || held.referrers.size === 0) {
      await this.retire(commit.id)
      return 'gone'
    }
    if (held.round !== commit.expectedRound) return 'stale'
    const { name } = parseTargetId(commit.id)
    const watch = this.#watchOf(name, held)
    const domain = this.#domains.get(name)
    const against = commit.domain?.judgedAgainst ?? commit.still?.judgedAgainst
    if (watch && against && (watch.verdict !== against.verdict || watch.fluxType !== against.fluxType)) {
      held.isLeased = false
      dueSoon(held, commit.at)
      return 'stale'
    }
    held.round += 1
    held.series = commit.series
    held.dueAt = watch && !against ? Math.min(commit.nextDueAt, commit.earliestNextAt) : commit.nextDueAt
    held.isLeased = false
    held.earliestAt = commit.earliestNextAt
    held.stillRounds = commit.domain ? 0 : (commit.still?.rounds ?? null)
    if (commit.domain && watch && domain) {
      const { verdict, fluxType, firstFlaggedAt, assessment } = commit.domain
      this.#watches.set(name, { ...watch, verdict, fluxType, firstFlaggedAt })
      // As in Redis: a watch that was made longer meanwhile is not over.
      const isOver =
        commit.watchOver === 'time_up'
          ? watch.watchUntil <= assessment.asOf
          : commit.watchOver === 'answered' && watch.openSince !== null
      this.#domains.set(name, { ...domain, verdict, firstFlaggedAt, assessment, watching: !isOver })
      if (isOver) {
        this.#watches.delete(name)
        held.referrers.delete('watch')
        if (held.referrers.size === 0) held.dueAt = UNSCHEDULED
      }
    }
    this.#events.onCommit?.(commit)
    return against && !watch ? 'unwatched' : 'committed'
  }

  async addReference(id: TargetId, referrer: TargetId, dueAt: number): Promise<void> {
    this.#hold(id, dueAt).referrers.add(referrer)
  }

  async removeReference(id: TargetId, referrer: TargetId): Promise<void> {
    this.#targets.get(id)?.referrers.delete(referrer)
  }

  async retire(id: TargetId): Promise<void> {
    const held = this.#targets.get(id)
    if (held?.referrers.size === 0) Object.assign(held, { dueAt: UNSCHEDULED, isLeased: false })
  }

  async referrersOf(id: TargetId, limit: number): Promise<TargetId[]> {
    const referrers = [...(this.#targets.get(id)?.referrers ?? [])]
    return referrers.filter((referrer): referrer is TargetId => referrer !== 'watch').slice(0, limit)
  }

  async isWatched(id: TargetId): Promise<boolean> {
    return this.#targets.get(id)?.referrers.has('watch') ?? false
  }

  async hasten(id: TargetId, dueAt: number): Promise<void> {
    const held = this.#targets.get(id)
    if (!held || held.dueAt === UNSCHEDULED) return
    held.stillRounds = null
    dueSoon(held, dueAt)
  }

  #watchOf(domain: string, host: Held | undefined): DomainWatch | null {
    return (host?.referrers.has('watch') && this.#watches.get(domain)) || null
  }

  #hold(id: TargetId, dueAt: number): Held {
    const held = this.#targets.get(id) ?? {
      round: 0,
      series: null,
      dueAt: UNSCHEDULED,
      isLeased: false,
      earliestAt: 0,
      stillRounds: null,
      referrers: new Set<string>(),
    }
    if (held.dueAt === UNSCHEDULED) held.dueAt = Math.max(dueAt, held.earliestAt)
    this.#targets.set(id, held)
    return held
  }
}

/** As the `due_soon` of the scripts: a round that is under way and the least interval hold it back. */
function dueSoon(held: Held, at: number): void {
  if (!held.isLeased) held.dueAt = Math.min(held.dueAt, Math.max(at, held.earliestAt))
}
