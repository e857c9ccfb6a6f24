// Submitted domains: read them, wait for their verdict, stop watching them.
import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../core/clock.ts'
import { isNearlyFlux } from '../core/detect/flux-bar.ts'
import type { Assessment } from '../core/model/assessment.ts'
import { targetId, type TargetId } from '../core/model/target.ts'
import type { WatchedDomain } from '../core/model/watch.ts'
import { zoneOf } from '../core/schedule/zone-of.ts'
import { currentNameServers } from '../core/series/zone-series.ts'
import { keys } from './keys.ts'
import type { LiveNetworks } from './live-networks.ts'
import type { LiveTargets } from './live-targets.ts'
import type { LiveRedis } from './redis.ts'
import { assessResting, type RestingParts } from './resting-assessment.ts'
import { RETENTION_MS } from './retention.ts'
import { STOP_DOMAIN } from './scripts/stop-domain.ts'
import { runOnTarget } from './target-script.ts'
import { readRecord, STAMP_OCTETS, submittedOf, watchedDomainOf } from './target-record.ts'
import type { VerdictSignal } from './verdict-signal.ts'

export interface LiveDomainsParts extends Omit<RestingParts, 'targets'> {
  readonly redis: LiveRedis
  readonly targets: LiveTargets
  readonly signal: VerdictSignal
  readonly clock: Clock
  /** Absent where nobody keeps networks. */
  readonly networks?: Pick<LiveNetworks, 'networkOf'>
}

/** Pause of a request that waits while Redis is away; real time. */
const ASK_AGAIN_MS = 200
/** Domains of a page whose assessments are made at a time, before others get a turn on the event loop. */
const TOGETHER = 16

export class LiveDomains {
  readonly #redis: LiveRedis
  readonly #targets: LiveTargets
  readonly #signal: VerdictSignal
  readonly #clock: Clock
  readonly #resting: RestingParts
  readonly #networks: LiveDomainsParts['networks']

  constructor(parts: LiveDomainsParts) {
    this.#redis = parts.redis
    this.#targets = parts.targets
    this.#signal = parts.signal
    this.#clock = parts.clock
    this.#networks = parts.networks
    this.#resting = { targets: parts.targets, enrichment: parts.enrichment, policy: parts.policy }
  }

  async get(domain: string): Promise<WatchedDomain | null> {
    const host = keys.target(domain, targetId({ kind: 'host', name: domain }))
    const [bytes, text] = await this.#redis.mgetBuffer(host, keys.assessment(domain))
    const record = bytes ? readRecord(bytes) : null
    const submitted = submittedOf(record, this.#clock.now())
    if (record === null || submitted === null) return null
    const kept = text ? (JSON.parse(text.toString()) as Assessment) : null
    const isAtRest = kept === null && submitted.version > 0
    const assessment = isAtRest ? await assessResting(domain, record, submitted, this.#resting) : kept
    const watched = watchedDomainOf(domain, submitted, assessment)
    // Most names were never flagged, nor nearly, and are in no network.
    const mayBeInOne =
      submitted.firstFlaggedAt !== null ||
      (assessment !== null && isNearlyFlux(assessment, this.#resting.policy))
    if (!mayBeInOne || !this.#networks) return watched
    return { ...watched, network: await this.#networks.networkOf(domain) }
  }

  /** A short text that is another one as soon as anything of the domain is written; null when there is nothing of it. */
  async stampOf(domain: string): Promise<string | null> {
    const host = keys.target(domain, targetId({ kind: 'host', name: domain }))
    return (await this.#redis.getrangeBuffer(host, 0, STAMP_OCTETS - 1)).toString('hex') || null
  }

  /** Several at once, in the order asked; what is unknown is left out. */
  async getMany(domains: readonly string[]): Promise<WatchedDomain[]> {
    const found: WatchedDomain[] = []
    for (let start = 0; start < domains.length; start += TOGETHER) {
      const some = await Promise.all(domains.slice(start, start + TOGETHER).map((domain) => this.get(domain)))
      found.push(...some.filter((domain) => domain !== null))
    }
    return found
  }

  /** Resolves at the first verdict other than `pending`, or with what there is after `ms` of real time, or at abort. */
  async waitForVerdict(domain: string, ms: number, signal: AbortSignal): Promise<WatchedDomain | null> {
    // Asked first, on the connection that fails at once while Redis is away; the subscription would wait for it.
    const first = await this.get(domain)
    if (!first || first.verdict !== 'pending' || !first.watching) return first
    const { promise: over, resolve: end } = Promise.withResolvers<void>()
    let changed = Promise.withResolvers<void>()
    const timer = setTimeout(end, ms)
    const abort = (): void => end()
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) end()
    let isOver = false
    void over.then(() => (isOver = true))
    const listening = this.#signal.listen(domain, () => changed.resolve())
    try {
      // Redis may go away at any moment, and the subscription waits for it: the request must not.
      await Promise.race([listening, over])
      for (;;) {
        changed = Promise.withResolvers<void>()
        // Redis may be away when the news comes (a fail-over): who waits has time to ask again.
        const found = await this.get(domain).catch((error: unknown) => {
          if (isOver) throw error
          return 'away' as const
        })
        if (found === 'away') await Promise.race([delay(ASK_AGAIN_MS, undefined, { ref: false }), over])
        else if (!found || found.verdict !== 'pending' || !found.watching || isOver) return found
        else await Promise.race([changed.promise, over])
      }
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      listening.then(
        (stopListening) => stopListening(),
        () => {},
      )
    }
  }

  async stop(domain: string): Promise<boolean> {
    const host = targetId({ kind: 'host', name: domain })
    const values = [domain, this.#clock.now(), keys.verdictChannel(), RETENTION_MS]
    const known = await runOnTarget(this.#redis, STOP_DOMAIN, host, values)
    if (known !== 1) return false
    // A process that dies before this leaves a reference that the zone drops at its next turn.
    await this.#targets.removeReference(targetId({ kind: 'zone', name: zoneOf(domain) }), host)
    return true
  }

  /** The scans that a domain is in. */
  async scansOf(domain: string): Promise<readonly string[]> {
    const record = await this.#targets.recordOf(targetId({ kind: 'host', name: domain }))
    return submittedOf(record, this.#clock.now())?.scans ?? []
  }

  async targetsOf(domain: string): Promise<readonly TargetId[]> {
    const zone = targetId({ kind: 'zone', name: zoneOf(domain) })
    const series = await this.#targets.seriesOf(zone)
    const hosts = series?.kind === 'zone' ? currentNameServers(series, this.#clock.now()) : []
    return [
      targetId({ kind: 'host', name: domain }),
      zone,
      ...hosts.map((name) => targetId({ kind: 'host', name })),
    ]
  }
}
