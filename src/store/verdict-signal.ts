// Wakes requests that wait for a verdict: one subscription a process, however many wait.
import { keys } from './keys.ts'
import { isCluster, type LiveRedis } from './redis.ts'

export class VerdictSignal {
  readonly #redis: LiveRedis
  readonly #waiting = new Map<string, Set<() => void>>()
  /** Domains whose master has been asked for a sign of life. */
  readonly #asking = new Set<string>()
  #subscribed: Promise<unknown> | null = null

  /** `redis` is a connection of its own that waits for a server that is away: a subscribed one can do nothing else. */
  constructor(redis: LiveRedis) {
    this.#redis = redis
    redis.on('message', (_channel, domain) => this.#wake(domain))
    // What was published while the subscription was lost is lost: whoever waits looks again. A cluster does not tell when it
    // has moved the subscription to another node; it reads its slots anew then, and now and then in any case.
    if (isCluster(redis)) redis.on('refresh', () => this.#wakeWhereServed())
    else redis.on('ready', () => [...this.#waiting.keys()].forEach((domain) => this.#wake(domain)))
  }

  #wake(domain: string): void {
    for (const wake of this.#waiting.get(domain) ?? []) wake()
  }

  /** A request that looks again while the master of its domain is being replaced would fail: it is woken when that answers. */
  #wakeWhereServed(): void {
    for (const domain of this.#waiting.keys()) {
      if (this.#asking.has(domain)) continue
      this.#asking.add(domain)
      this.#redis
        .exists(keys.domain(domain))
        .then(
          () => this.#wake(domain),
          () => {},
        )
        .finally(() => this.#asking.delete(domain))
    }
  }

  /** Calls `wake` at every committed round of the domain, and for no reason at times, until the returned function is called. */
  async listen(domain: string, wake: () => void): Promise<() => void> {
    this.#subscribed ??= this.#redis.subscribe(keys.verdictChannel()).catch((error: unknown) => {
      // The next one tries again.
      this.#subscribed = null
      throw error
    })
    await this.#subscribed
    const listeners = this.#waiting.get(domain) ?? new Set()
    this.#waiting.set(domain, listeners.add(wake))
    return () => {
      listeners.delete(wake)
      if (listeners.size === 0 && this.#waiting.get(domain) === listeners) this.#waiting.delete(domain)
    }
  }
}
