// A map whose entries end with their TTL, and that forgets what was used longest ago when it is full. Times are
// arguments, in milliseconds of one clock.

interface Entry<Value> {
  readonly value: Value
  readonly untilMs: number
}

export class TtlCache<Value> {
  readonly #limit: number
  /** Least recently used first. */
  readonly #entries = new Map<string, Entry<Value>>()

  /** @param limit entries at most; at least 1 */
  constructor(limit: number) {
    this.#limit = limit
  }

  get size(): number {
    return this.#entries.size
  }

  /** Undefined when there is none, or its time is over. Counts as a use. */
  get(key: string, nowMs: number): Value | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    this.#entries.delete(key)
    if (entry.untilMs <= nowMs) return undefined
    this.#entries.set(key, entry)
    return entry.value
  }

  /** Replaces what was there. A time that is over already only removes it. */
  set(key: string, value: Value, untilMs: number, nowMs: number): void {
    this.#entries.delete(key)
    if (untilMs <= nowMs) return
    this.#entries.set(key, { value, untilMs })
    if (this.#entries.size <= this.#limit) return
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest)
      break
    }
  }

  delete(key: string): void {
    this.#entries.delete(key)
  }
}
