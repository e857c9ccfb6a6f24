// Puts domains into a scan and has them watched, many in a call. In which order things are written, so that a process that is killed in
// between loses nothing, is decided here; scans themselves are live-scans.ts'.
import { createHash } from 'node:crypto'
import type { Clock } from '../core/clock.ts'
import { verdictChange } from '../core/detect/verdict-change.ts'
import { VERDICT_NAMES, type Assessment, type VerdictName } from '../core/model/assessment.ts'
import type { ScanJoinedEntry } from '../core/model/outbox.ts'
import { targetId } from '../core/model/target.ts'
import { keys, partitionOf, type Partition } from './keys.ts'
import type { LiveDomains } from './live-domains.ts'
import type { LiveRedis } from './redis.ts'
import { RETENTION_MS } from './retention.ts'
import { runScript } from './script.ts'
import { ADD_TO_SCAN } from './scripts/scan-progress.ts'
import { WATCH_DOMAINS } from './scripts/watch-domains.ts'
import { scanOctets } from './target-record.ts'
import { queueKeys } from './target-script.ts'

/** What the domains of a scan are watched with. */
export interface ScanWatch {
  readonly scan: string
  readonly watchForSeconds: number
  /** 0: the scheduler decides. */
  readonly intervalSeconds: number
  /** JSON, as Redis holds them. */
  readonly tags: string
  /** Whether a watch may end when its question is answered. */
  readonly mayEnd: boolean
  readonly tenant: string
}

export interface ScanIntakeParts {
  readonly redis: LiveRedis
  readonly domains: Pick<LiveDomains, 'get'>
  readonly clock: Clock
  /** Counts the verdict that a domain has already. */
  readonly count: (
    scan: string,
    progress: { domain: string; verdict: VerdictName; version: number; settled: boolean },
  ) => Promise<void>
}

/** A domain as it stood when the scan joined it. */
interface StandingDomain {
  readonly domain: string
  readonly verdict: VerdictName
  /** The round that made it. */
  readonly version: number
  readonly firstFlaggedAt: number | null
  /** Null where none is kept. */
  readonly assessment: Assessment | null
}

/** Values of the script's answer for each domain. */
const ANSWERED = 4

export class ScanIntake {
  readonly #parts: ScanIntakeParts

  constructor(parts: ScanIntakeParts) {
    this.#parts = parts
  }

  /** `domains`: distinct; the first `express` go before others. Idempotent. Answers how many were new to the scan. */
  async add(watch: ScanWatch, domains: readonly string[], express: number): Promise<number> {
    const { redis, count } = this.#parts
    const { scan } = watch
    // The order matters for a process that is killed in between: the scan knows the domain before the domain can change
    // its verdict, so that no change can find the scan without it.
    const scanKeys = [keys.scan(scan), keys.scanVerdicts(scan), keys.scanDomains(scan)]
    const counted = (await runScript(redis, ADD_TO_SCAN, scanKeys, domains)) as number[] | null
    if (counted === null) return 0
    const isNew = new Set(domains.filter((_, index) => counted[index] === 1))
    const isExpress = new Set(domains.slice(0, express))
    const byPartition = Map.groupBy(domains, partitionOf)
    await Promise.all(
      [...byPartition].map(async ([partition, some]) => {
        const first = some.filter((domain) => isExpress.has(domain))
        const names = [...first, ...some.filter((domain) => !isExpress.has(domain))]
        for (const standing of await this.#watch(watch, partition, names, first.length)) {
          const { domain, verdict, version } = standing
          if (verdict === 'pending') continue
          await count(scan, { domain, verdict, version, settled: true })
          if (isNew.has(domain)) await this.#tellKnown(scan, standing)
        }
      }),
    )
    return isNew.size
  }

  /** Watches the names of one partition, the first `express` before others; answers how they stand. */
  async #watch(
    watch: ScanWatch,
    partition: Partition,
    names: readonly string[],
    express: number,
    alsoOf: readonly string[] = [],
  ): Promise<readonly StandingDomain[]> {
    const now = this.#parts.clock.now()
    const tenants = [...new Set([watch.tenant, ...alsoOf])]
    const touched = [
      keys.leases(partition),
      keys.tenants(partition),
      ...tenants.flatMap((tenant) => queueKeys(partition, tenant)),
      ...names.flatMap((name) => [
        keys.target(name, targetId({ kind: 'host', name })),
        keys.assessment(name),
      ]),
    ]
    const flat = (await runScript(this.#parts.redis, WATCH_DOMAINS, touched, [
      keys.prefix(partition),
      scanOctets(watch.scan),
      now,
      now + watch.watchForSeconds * 1000,
      watch.intervalSeconds,
      watch.tags,
      watch.mayEnd ? '1' : '0',
      watch.tenant,
      RETENTION_MS,
      express,
      ...names,
    ])) as (number | string)[]
    const here: StandingDomain[] = []
    const elsewhere: { readonly domain: string; readonly tenant: string }[] = []
    for (const [index, domain] of names.entries()) {
      const [number, made, flaggedAt, text] = flat.slice(index * ANSWERED, (index + 1) * ANSWERED)
      const verdict = VERDICT_NAMES[Number(number)]
      if (verdict === undefined) elsewhere.push({ domain, tenant: String(made) })
      else {
        here.push({
          domain,
          verdict,
          version: Number(made),
          firstFlaggedAt: Number(flaggedAt) || null,
          assessment: text === '' ? null : (JSON.parse(String(text)) as Assessment),
        })
      }
    }
    if (elsewhere.length === 0) return here
    // Hosts that another tenant's queue schedules: once more, with those queues.
    const others = elsewhere.map(({ tenant }) => tenant)
    const left = elsewhere.map(({ domain }) => domain)
    const first = names.slice(0, express).filter((name) => left.includes(name)).length
    return [...here, ...(await this.#watch(watch, partition, left, first, others))]
  }

  /**
   * Others watch the domain already and it has a verdict: for this scan that is news. The assessment is the one that stood
   * when the domain joined; every later one is told to the scan by the round that makes it. So is one that was at rest when the
   * domain joined, and is not what it was by the time that it is made.
   */
  async #tellKnown(
    scan: string,
    { domain, verdict, firstFlaggedAt, assessment }: StandingDomain,
  ): Promise<void> {
    const { redis, domains } = this.#parts
    const told = assessment ?? (await domains.get(domain))?.assessment ?? null
    if (told?.verdict !== verdict) return
    const change = verdictChange({ verdict: 'pending', fluxType: null, firstFlaggedAt }, told)
    if (!change) return
    const digest = createHash('sha256').update(`${scan}/${domain}`).digest('hex').slice(0, 24)
    const entry: ScanJoinedEntry = { kind: 'scan-joined', id: `evt_${digest}`, scan, change }
    await redis.xadd(keys.events(partitionOf(scan)), '*', 'event', JSON.stringify(entry))
  }
}
