// Remembers values for a moment, in this process alone, so that Redis is not asked or told the same thing again at once.

interface Held<V> {
  readonly value: V
  readonly until: number
}

export class MomentMemory<V> {
  readonly #held = new Map<string, Held<V>>()
  readonly #keepMs: number
  readonly #limit: number

  /** `keepMs`: of the clock whose `now` is given. Beyond `limit` keys the one that was set first goes. */
  constructor(keepMs: number, limit: number) {
    this.#keepMs = keepMs
    this.#limit = limit
  }

  get(key: string, now: number): V | undefined {
    const held = this.#held.get(key)
    return held !== undefined && now < held.until ? held.value : undefined
  }

  set(key: string, value: V, now: number): void {
    this.#held.delete(key)
    this.#held.set(key, { value, until: now + this.#keepMs })
    if (this.#held.size <= this.#limit) return
    const [oldest] = this.#held.keys()
    if (oldest !== undefined) this.#held.delete(oldest)
  }

  delete(key: string): void {
    this.#held.delete(key)
  }
}
