// Wakes requests that wait for a verdict: one subscription a process, however many wait.
import type { Redis } from 'ioredis'
import { keys } from './keys.ts'

export class VerdictSignal {
  readonly #redis: Redis
  readonly #waiting = new Map<string, Set<() => void>>()
  #subscribed: Promise<unknown> | null = null

  /** `redis` is a connection of its own: a subscribed one can do nothing else. */
  constructor(redis: Redis) {
    this.#redis = redis
    redis.on('message', (_channel, domain) => {
      for (const wake of this.#waiting.get(domain) ?? []) wake()
    })
  }

  /** Calls `wake` at every committed round of the domain until the returned function is called. */
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
