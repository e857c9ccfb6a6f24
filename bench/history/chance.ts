// Numbers that look like chance and are the same in every run. Fast: millions of rounds are made of them.

export class Chance {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** Uniform in [0, 1). Mulberry32. */
  ratio(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let value = this.#state
    value = Math.imul(value ^ (value >>> 15), value | 1)
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61)
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32
  }

  /** Uniform integer in [0, limit). */
  below(limit: number): number {
    return Math.floor(this.ratio() * limit)
  }

  /** Integer in [0, limit), small ones far more often: as customers choose hosters (Zipf, exponent 1). */
  popular(limit: number): number {
    return Math.min(limit - 1, Math.floor(limit ** this.ratio()) - 1)
  }
}
