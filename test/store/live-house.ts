// The live state on a real Redis, put together as the service does it, with a clock that the test moves. Also the smallest
// series, assessments and commits that its contracts allow: what is in them is the detector's business, not the store's.
import { Redis } from 'ioredis'
import type { Enrichment } from '../../src/core/model/address-facts.ts'
import type { Assessment, VerdictName } from '../../src/core/model/assessment.ts'
import type { StoredObservation } from '../../src/core/model/observation.ts'
import type { OutboxEntry } from '../../src/core/model/outbox.ts'
import { parseTargetId, targetId, type TargetId } from '../../src/core/model/target.ts'
import { readObservations } from '../../src/core/outbox/read-observations.ts'
import { DEFAULT_POLICY } from '../../src/core/policy.ts'
import { newHostSeries } from '../../src/core/series/host-series.ts'
import { newZoneSeries } from '../../src/core/series/zone-series.ts'
import { keys, partitionOf, type Partition } from '../../src/store/keys.ts'
import { roundsOf } from '../../src/core/outbox/round-frames.ts'
import { LiveDomains } from '../../src/store/live-domains.ts'
import { LiveScans } from '../../src/store/live-scans.ts'
import { LiveTargets, type ClaimedTarget } from '../../src/store/live-targets.ts'
import type { RoundCommit } from '../../src/store/round-commit.ts'
import { VerdictSignal } from '../../src/store/verdict-signal.ts'
import { SteppedClock } from '../lab/stepped-clock.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'

export const T = 1_770_000_000_000
export const HOUR_MS = 3_600_000

/** Nothing is known of any address. */
export const NO_ENRICHMENT: Enrichment = {
  hasAsn: false,
  hasCountry: false,
  factsOf: () => ({ asn: null, organisation: null, country: null }),
}

export class LiveHouse {
  readonly server: TestRedis
  readonly redis: Redis
  readonly subscriber: Redis
  readonly signal: VerdictSignal
  readonly targets: LiveTargets
  clock = new SteppedClock(T)
  domains!: LiveDomains
  scans!: LiveScans

  private constructor(server: TestRedis) {
    this.server = server
    this.redis = new Redis(server.path)
    this.subscriber = new Redis(server.path)
    this.signal = new VerdictSignal(this.subscriber)
    this.targets = new LiveTargets(this.redis)
  }

  static async open(): Promise<LiveHouse> {
    const house = new LiveHouse(await startRedis())
    await house.reset()
    return house
  }

  /** Empties Redis and sets the clock to `T`. */
  async reset(): Promise<void> {
    await this.redis.flushall()
    this.clock = new SteppedClock(T)
    const { redis, targets, signal, clock } = this
    this.domains = new LiveDomains({
      redis,
      targets,
      signal,
      clock,
      enrichment: NO_ENRICHMENT,
      policy: DEFAULT_POLICY,
    })
    this.scans = new LiveScans({ redis, domains: this.domains, clock })
  }

  async close(): Promise<void> {
    this.redis.disconnect()
    this.subscriber.disconnect()
    await this.server.stop()
  }

  /** A scan with these domains, sealed unless said otherwise. */
  async scan(
    domains: readonly string[],
    parts: {
      watchForSeconds?: number
      endsWhenAnswered?: boolean
      intervalSeconds?: number
      tags?: string[]
      sealed?: boolean
    } = {},
  ): Promise<string> {
    const {
      watchForSeconds = 3600,
      endsWhenAnswered,
      intervalSeconds = null,
      tags = [],
      sealed = true,
    } = parts
    const open = endsWhenAnswered === undefined ? {} : { endsWhenAnswered }
    const id = await this.scans.open({ tags, watchForSeconds, intervalSeconds, ...open })
    await this.scans.add(id, domains)
    if (sealed) await this.scans.seal(id)
    return id
  }

  /** When the target is due, null when it is not scheduled. */
  async dueAt(id: TargetId): Promise<number | null> {
    const partition = partitionOf(parseTargetId(id).name)
    const score =
      (await this.redis.zscore(keys.express(partition), id)) ??
      (await this.redis.zscore(keys.due(partition), id))
    return score === null ? null : Number(score)
  }

  /** Claims what is due of the tenant without a name, oldest first. */
  async claim(partition: Partition, now: number, leaseEnd: number, limit: number): Promise<ClaimedTarget[]> {
    return claimAll(this.targets, partition, now, leaseEnd, limit)
  }

  /** What waits in the events stream of a name's partition. */
  async events(name: string): Promise<OutboxEntry[]> {
    const entries = await this.redis.xrange(keys.events(partitionOf(name)), '-', '+')
    return entries.map(([, fields]) => JSON.parse(fields[1]!) as OutboxEntry)
  }

  /** Rounds that wait in the observations stream of a name's partition. */
  async rounds(name: string): Promise<StoredObservation[][]> {
    const entries = await this.redis.xrangeBuffer(keys.observations(partitionOf(name)), '-', '+')
    return entries.flatMap(([, fields]) => roundsOf(fields[1]!).map(readObservations))
  }

  /** Everything that is in Redis, and what of it will go by itself, for "nothing changed". */
  async everything(): Promise<Record<string, string>> {
    const all = (await this.redis.keys('*')).toSorted()
    const dump = async (key: string): Promise<string> => {
      const [content, expires] = await Promise.all([this.redis.dumpBuffer(key), this.redis.pttl(key)])
      return `${content?.toString('base64')} ${expires === -1 ? 'stays' : 'expires'}`
    }
    return Object.fromEntries(await Promise.all(all.map(async (key) => [key, await dump(key)] as const)))
  }
}

/** As `LiveHouse.claim`, of any store. */
export async function claimAll(
  targets: LiveTargets,
  partition: Partition,
  now: number,
  leaseEnd: number,
  limit: number,
): Promise<ClaimedTarget[]> {
  const { express, due } = await targets.claimDue(partition, now, leaseEnd, [
    { tenant: '', express: limit, due: limit },
  ])
  return [...express, ...due].toSorted((a, b) => a.dueAt - b.dueAt)
}

export function host(name: string): TargetId {
  return targetId({ kind: 'host', name })
}

export function zone(name: string): TargetId {
  return targetId({ kind: 'zone', name })
}

export function assessmentOf(domain: string, parts: Partial<Assessment> = {}): Assessment {
  return {
    domain,
    verdict: 'pending',
    fluxType: null,
    score: 0.078,
    asOf: T,
    rounds: 1,
    observedForSeconds: 0,
    evidence: [],
    context: [],
    features: [],
    panel: [],
    notes: [],
    model: 'test',
    nextProbeAt: T + 30_000,
    ...parts,
  }
}

export function verdictEntryOf(domain: string, verdict: VerdictName, version: number): OutboxEntry {
  return {
    kind: 'verdict',
    id: `evt_${domain.replaceAll('.', '-')}_${version}`,
    version,
    change: {
      domain,
      verdict,
      previous_verdict: 'pending',
      flux_type: verdict === 'flux' ? 'single' : null,
      score: 0.5,
      as_of: new Date(T).toISOString(),
      first_flagged_at: null,
      reasons: [],
      links: {},
    },
  }
}

/**
 * The commit of the round after `expectedRound`; with a verdict it is one of a watched domain that had the verdict `against`
 * (pending) when the round began. Without `earliestNextAt` there is no least interval.
 */
export function commitOf(
  id: TargetId,
  expectedRound: number,
  parts: {
    verdict?: VerdictName
    against?: VerdictName
    watchOver?: boolean | 'answered'
    nextDueAt?: number
    earliestNextAt?: number
    asOf?: number
    isAtRest?: boolean
  } = {},
): RoundCommit {
  const { kind, name } = parseTargetId(id)
  const { verdict, against = 'pending', watchOver = false, nextDueAt = T + 30_000, asOf = T } = parts
  const version = expectedRound + 1
  const why = watchOver === true ? 'time_up' : watchOver || null
  const rounds = { rounds: version, firstAt: T, lastAt: T }
  const ended: OutboxEntry[] =
    why && verdict ? [{ kind: 'watch-ended', domain: name, verdict, version, reason: why, at: asOf }] : []
  return {
    id,
    expectedRound,
    series: kind === 'host' ? { ...newHostSeries(name), ...rounds } : { ...newZoneSeries(name), ...rounds },
    at: asOf,
    nextDueAt,
    earliestNextAt: parts.earliestNextAt ?? asOf,
    observations: [observationOf(id, version)],
    domain: verdict
      ? {
          judgedAgainst: { verdict: against, fluxType: against === 'flux' ? 'single' : null },
          verdict,
          fluxType: verdict === 'flux' ? 'single' : null,
          firstFlaggedAt: verdict === 'flux' ? asOf : null,
          version,
          isAtRest: parts.isAtRest ?? false,
          assessment: assessmentOf(name, { verdict, asOf, fluxType: verdict === 'flux' ? 'single' : null }),
        }
      : null,
    watchOver: why,
    entries: [...(verdict ? [verdictEntryOf(name, verdict, version)] : []), ...ended],
  }
}

export function observationOf(id: TargetId, round: number): StoredObservation {
  const { kind, name } = parseTargetId(id)
  const qtype = kind === 'host' ? 'A' : 'NS'
  return {
    id: `${id}/${round}/v/${name}/${qtype}`,
    target: id,
    round,
    at: T,
    vantage: 'v',
    qname: name,
    qtype,
    outcome: 'nodata',
    rcode: 'NOERROR',
    rttMs: 1,
    answer: [],
    authority: [],
    additional: [],
  }
}
