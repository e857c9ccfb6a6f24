// Scans: opened, filled, sealed, counted, cancelled. A scan is a view on watched domains; it probes nothing itself.
import { randomBytes } from 'node:crypto'
import type { Clock } from '../core/clock.ts'
import type { VerdictName } from '../core/model/assessment.ts'
import type { OutboxEntry, ScanCompletedEntry } from '../core/model/outbox.ts'
import { targetId } from '../core/model/target.ts'
import { DEFAULT_TENANT } from '../core/model/tenant.ts'
import type { Page, Scan, ScanState, WatchedDomain } from '../core/model/watch.ts'
import { cursorOf, readCursor } from './cursor.ts'
import { keys, partitionOf, PARTITIONS } from './keys.ts'
import type { IntakeGate } from './intake-gate.ts'
import type { LiveDomains } from './live-domains.ts'
import type { LiveRedis } from './redis.ts'
import { replicated, type Replication } from './replicated.ts'
import { RETENTION_MS } from './retention.ts'
import { ScanIntake, type ScanWatch } from './scan-intake.ts'
import { readScan, scanFields, type ScanOptions } from './scan-record.ts'
import { runScript } from './script.ts'
import { COUNT_VERDICT, END_SCAN, SEAL_SCAN } from './scripts/scan-progress.ts'
import { LEAVE_SCAN } from './scripts/watch-domains.ts'
import { scanOctets } from './target-record.ts'

/** Domains of one scan that are put into Redis at the same time: bounds memory and how long a call holds Redis up, not the scan. */
const INTAKE_CHUNK = 500
/** The first names of every scan get their first look before what is due already: a person may wait for them. Hand-set. */
export const EXPRESS_NAMES = 100
/** Domains looked at per step of a filtered page. */
const PAGE_STEP = 500
/** Steps after which a page is handed out with what was found: a rare verdict must not cost a walk through a million names. */
const PAGE_STEPS = 20
/** Overdue scans ended in one go a partition. */
const OVERDUE_STEP = 20
/** The rounds that end the watches of its domains come first, as a rule. */
const GRACE_MS = 60_000

export interface LiveScansParts {
  readonly redis: LiveRedis
  readonly domains: LiveDomains
  readonly clock: Clock
  /** Without one whatever comes is taken in. */
  readonly gate?: Pick<IntakeGate, 'assertOpen'>
  /** What is taken in counts once so many replicas hold it. @defaultValue none */
  readonly replication?: Replication
}

export class LiveScans {
  readonly #redis: LiveRedis
  readonly #domains: LiveDomains
  readonly #clock: Clock
  readonly #gate: Pick<IntakeGate, 'assertOpen'> | null
  readonly #replication: Replication
  readonly #intake: ScanIntake

  constructor(parts: LiveScansParts) {
    this.#redis = parts.redis
    this.#domains = parts.domains
    this.#clock = parts.clock
    this.#gate = parts.gate ?? null
    this.#intake = new ScanIntake({ ...parts, count: (scan, progress) => this.countVerdict(scan, progress) })
    this.#replication = parts.replication ?? { replicas: 0, timeoutMs: 0 }
  }

  /** Throws FLUX_INTAKE_FULL while there is no room; so does `add`. */
  async open(options: ScanOptions): Promise<string> {
    await this.#gate?.assertOpen()
    const id = `scn_${randomBytes(12).toString('hex')}`
    const now = this.#clock.now()
    // A process that dies before the seal leaves a scan that nobody was told of: it is ended, and leaves its domains, at its
    // deadline, and goes after the retention time.
    await this.#redis.zadd(keys.scanDeadlines(partitionOf(id)), deadlineOf(options.watchForSeconds, now), id)
    await this.#redis.hset(keys.scan(id), scanFields(id, options, now))
    await this.#expireUnsealed(id, options.watchForSeconds)
    return id
  }

  /** Adds domains and starts watching them. Idempotent; answers how many were new to the scan. */
  async add(scan: string, domains: readonly string[]): Promise<{ added: number }> {
    await this.#gate?.assertOpen()
    const partitions = new Set(domains.map(partitionOf))
    const touched = [keys.scan(scan), ...[...partitions].map((partition) => keys.due(partition))]
    return replicated(this.#redis, touched, this.#replication, () => this.#add(scan, domains))
  }

  async #add(scan: string, domains: readonly string[]): Promise<{ added: number }> {
    const fields = ['watchFor', 'interval', 'tags', 'state', 'open', 'tenant', 'domains'] as const
    const [watchFor, interval, tags, state, open, tenant, held] = await this.#redis.hmget(
      keys.scan(scan),
      ...fields,
    )
    let added = 0
    if (state !== 'running') return { added }
    const watchForSeconds = Number(watchFor)
    // Filling a scan can take longer than its first domains are watched. One that was ended meanwhile has no deadline.
    const deadline = deadlineOf(watchForSeconds, this.#clock.now())
    await this.#redis.zadd(keys.scanDeadlines(partitionOf(scan)), 'XX', 'GT', deadline, scan)
    const watch: ScanWatch = {
      scan,
      watchForSeconds,
      intervalSeconds: Number(interval || 0),
      tags: tags ?? '[]',
      mayEnd: open === '1',
      tenant: tenant ?? DEFAULT_TENANT,
    }
    const expressAfter = Number(held ?? 0)
    for (let start = 0; start < domains.length; start += INTAKE_CHUNK) {
      const chunk = [...new Set(domains.slice(start, start + INTAKE_CHUNK))]
      const express = Math.max(0, EXPRESS_NAMES - expressAfter - start)
      added += await this.#intake.add(watch, chunk, express)
      // Cancelled meanwhile: what this chunk began to watch may have come after the canceller had passed.
      if ((await this.#redis.hget(keys.scan(scan), 'state')) === ('cancelled' satisfies ScanState)) {
        await this.cancel(scan)
        return { added }
      }
    }
    await this.#expireUnsealed(scan, watchForSeconds)
    return { added }
  }

  /** From now on it can complete. Changes nothing where it was cancelled or its time is up. */
  async seal(scan: string): Promise<void> {
    const now = this.#clock.now()
    const deadline = deadlineOf(Number(await this.#redis.hget(keys.scan(scan), 'watchFor')), now)
    const deadlines = keys.scanDeadlines(partitionOf(scan))
    const scriptKeys = [...this.#progressKeys(scan), deadlines, keys.scanDomains(scan)]
    const values = [now, completion(scan, now), scan, deadline]
    await replicated(this.#redis, [keys.scan(scan)], this.#replication, () =>
      runScript(this.#redis, SEAL_SCAN, scriptKeys, values),
    )
  }

  /** Ends the scans whose time is up, decided or not, and takes them off their domains. Safe to repeat after a crash. */
  async endOverdue(): Promise<number> {
    const now = this.#clock.now()
    let ended = 0
    for (const partition of PARTITIONS) {
      const overdue = await this.#redis.zrangebyscore(
        keys.scanDeadlines(partition),
        '-inf',
        now,
        'LIMIT',
        0,
        OVERDUE_STEP,
      )
      for (const scan of overdue) {
        await runScript(
          this.#redis,
          END_SCAN,
          [keys.scan(scan), keys.events(partition)],
          [now, completion(scan, now)],
        )
        await this.#eachDomain(scan, (domain) => this.#leaveScan(scan, domain))
        await this.#redis.zrem(keys.scanDeadlines(partition), scan)
      }
      ended += overdue.length
    }
    return ended
  }

  async get(scan: string): Promise<Scan | null> {
    return readScan(await this.#redis.hgetall(keys.scan(scan)))
  }

  /**
   * A page of the scan's domains. With a filter it may hold less than asked for, or nothing, and still have a `next`: then
   * that many steps were searched.
   */
  async verdicts(
    scan: string,
    query: { verdict: VerdictName | null; cursor: string | null; limit: number },
  ): Promise<Page<WatchedDomain> | null> {
    if ((await this.#redis.exists(keys.scan(scan))) === 0) return null
    let after = query.cursor === null ? 0 : readCursor(query.cursor)
    const items: WatchedDomain[] = []
    for (let steps = 0; steps < PAGE_STEPS; steps += 1) {
      const size = query.verdict === null ? query.limit - items.length + 1 : PAGE_STEP
      const names = await this.#redis.lrange(keys.scanDomains(scan), after, after + size - 1)
      const found = await this.#ofVerdict(names, query.verdict)
      for (const name of names) {
        const domain = found.get(name)
        if (domain && items.length === query.limit) return { items, next: cursorOf(after) }
        if (domain) items.push(domain)
        after += 1
      }
      if (names.length < size) return { items, next: null }
    }
    return { items, next: cursorOf(after) }
  }

  async #ofVerdict(
    names: readonly string[],
    verdict: VerdictName | null,
  ): Promise<ReadonlyMap<string, WatchedDomain>> {
    const found = await this.#domains.getMany(names)
    const wanted = found.filter((domain) => verdict === null || domain.verdict === verdict)
    return new Map(wanted.map((domain) => [domain.domain, domain]))
  }

  /** Stops watching what no other running scan watches. Idempotent, and safe to repeat after a crash in the middle. */
  async cancel(scan: string): Promise<boolean> {
    const state = await this.#redis.hget(keys.scan(scan), 'state')
    if (state === null) return false
    if (state === 'running') {
      await this.#redis.hset(
        keys.scan(scan),
        'state',
        'cancelled' satisfies ScanState,
        'endedAt',
        String(this.#clock.now()),
      )
    }
    await this.#eachDomain(scan, (domain) => this.#leave(scan, domain))
    await this.expire(scan)
    return true
  }

  /** In chunks: a scan can hold any number of domains. */
  async #eachDomain(scan: string, visit: (domain: string) => Promise<unknown>): Promise<void> {
    for (let start = 0; ; start += INTAKE_CHUNK) {
      const names = await this.#redis.lrange(keys.scanDomains(scan), start, start + INTAKE_CHUNK - 1)
      if (names.length === 0) return
      await Promise.all(names.map(visit))
    }
  }

  async #leave(scan: string, domain: string): Promise<void> {
    if ((await this.#leaveScan(scan, domain)) === 0) await this.#domains.stop(domain)
  }

  /** Answers how many other scans the domain is in. */
  async #leaveScan(scan: string, domain: string): Promise<number> {
    const partition = partitionOf(domain)
    const record = keys.target(domain, targetId({ kind: 'host', name: domain }))
    const values = [keys.prefix(partition), scanOctets(scan), domain]
    return (await runScript(this.#redis, LEAVE_SCAN, [record], values)) as number
  }

  /** The scans that a domain is in. */
  scansOf(domain: string): Promise<readonly string[]> {
    return this.#domains.scansOf(domain)
  }

  /** Counts a domain's verdict in a scan; an older version never replaces a newer one. Idempotent. */
  async countVerdict(
    scan: string,
    progress: { domain: string; verdict: VerdictName; version: number; settled: boolean },
  ): Promise<void> {
    const now = this.#clock.now()
    const { domain, verdict, version, settled } = progress
    const values = [domain, verdict, version, settled ? '1' : '0', now, completion(scan, now)]
    await runScript(this.#redis, COUNT_VERDICT, this.#progressKeys(scan), values)
  }

  #progressKeys(scan: string): string[] {
    return [keys.scan(scan), keys.scanVerdicts(scan), keys.events(partitionOf(scan))]
  }

  /** It has ended: it stays readable for the retention time only. */
  async expire(scan: string): Promise<void> {
    await this.#expireIn(scan, RETENTION_MS)
  }

  /** Until it is sealed: not before its deadline, at which it must be known which domains it is in. */
  async #expireUnsealed(scan: string, watchForSeconds: number): Promise<void> {
    await this.#expireIn(scan, deadlineOf(watchForSeconds, 0) + RETENTION_MS)
  }

  async #expireIn(scan: string, ms: number): Promise<void> {
    const all = [keys.scan(scan), keys.scanDomains(scan), keys.scanVerdicts(scan)]
    await Promise.all(all.map((key) => this.#redis.pexpire(key, ms)))
  }
}

/** When a scan that begins to watch its last domain at `now` is over at the latest, ms. */
function deadlineOf(watchForSeconds: number, now: number): number {
  return now + watchForSeconds * 1000 + GRACE_MS
}

function completion(scan: string, at: number): string {
  return JSON.stringify({ kind: 'scan-completed', scan, at } satisfies ScanCompletedEntry & OutboxEntry)
}
