// A stream of numbers that a seed decides (xorshift32, Marsaglia 2003): fast and repeatable. Not for secrets.

export class RandomStream {
  #state: number

  /** Any seed; zero, which the generator could not leave, counts as one. */
  constructor(seed: number) {
    this.#state = seed >>> 0 || 1
  }

  uint32(): number {
    let state = this.#state
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    this.#state = state
    return state >>> 0
  }

  /** Integer in [0, limit); `limit` far below 2^32. */
  below(limit: number): number {
    return this.uint32() % limit
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!
  }
}
