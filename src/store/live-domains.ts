// Submitted domains: read them, wait for their verdict, stop watching them.
import type { Clock } from '../core/clock.ts'
import { targetId, type TargetId } from '../core/model/target.ts'
import type { WatchedDomain } from '../core/model/watch.ts'
import { zoneOf } from '../core/schedule/zone-of.ts'
import { currentNameServers } from '../core/series/zone-series.ts'
import { readWatchedDomain } from './domain-record.ts'
import { keys, partitionOf } from './keys.ts'
import type { LiveTargets } from './live-targets.ts'
import type { LiveRedis } from './redis.ts'
import { RETENTION_MS } from './retention.ts'
import { runScript } from './script.ts'
import { STOP_DOMAIN } from './scripts/stop-domain.ts'
import type { VerdictSignal } from './verdict-signal.ts'

export class LiveDomains {
  readonly #redis: LiveRedis
  readonly #targets: LiveTargets
  readonly #signal: VerdictSignal
  readonly #clock: Clock

  constructor(parts: { redis: LiveRedis; targets: LiveTargets; signal: VerdictSignal; clock: Clock }) {
    this.#redis = parts.redis
    this.#targets = parts.targets
    this.#signal = parts.signal
    this.#clock = parts.clock
  }

  async get(domain: string): Promise<WatchedDomain | null> {
    return readWatchedDomain(await this.#redis.hgetall(keys.domain(domain)))
  }

  /** Several at once, in the order asked; what is unknown is left out. */
  async getMany(domains: readonly string[]): Promise<WatchedDomain[]> {
    const found = await Promise.all(domains.map((domain) => this.get(domain)))
    return found.filter((domain) => domain !== null)
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
        const found = await this.get(domain)
        if (!found || found.verdict !== 'pending' || !found.watching || isOver) return found
        await Promise.race([changed.promise, over])
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
    const partition = partitionOf(domain)
    const known = await runScript(
      this.#redis,
      STOP_DOMAIN,
      [
        keys.domain(domain),
        keys.references(domain, host),
        keys.due(partition),
        keys.events(partition),
        keys.target(domain, host),
        keys.domainScans(domain),
        keys.leases(partition),
      ],
      [host, this.#clock.now(), keys.verdictChannel(), domain, RETENTION_MS],
    )
    if (known !== 1) return false
    // A process that dies before this leaves a reference that the zone drops at its next turn.
    await this.#targets.removeReference(targetId({ kind: 'zone', name: zoneOf(domain) }), host)
    return true
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
