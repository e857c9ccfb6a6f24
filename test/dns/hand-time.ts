// A TimeSource that stands still until a test moves it.
import type { TimeSource } from '../../src/dns/time-source.ts'

interface Timer {
  readonly dueMs: number
  readonly act: () => void
}

export class HandTime implements TimeSource {
  #nowMs = 1000
  readonly #timers = new Set<Timer>()

  now(): number {
    return this.#nowMs
  }

  after(ms: number, act: () => void): () => void {
    const timer = { dueMs: this.#nowMs + ms, act }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** How many timers wait. */
  get timers(): number {
    return this.#timers.size
  }

  /** Moves the time on without letting a timer act: a busy event loop. */
  skip(ms: number): void {
    this.#nowMs += ms
  }

  /** Moves the time on in steps; after each, timers that are due act in their order, and promises get their turn. */
  async run(ms: number, stepMs: number): Promise<void> {
    const endMs = this.#nowMs + ms
    await settled()
    while (this.#nowMs < endMs) {
      this.#nowMs = Math.min(endMs, this.#nowMs + stepMs)
      const due = [...this.#timers].filter((timer) => timer.dueMs <= this.#nowMs)
      for (const timer of due.toSorted((a, b) => a.dueMs - b.dueMs)) {
        if (this.#timers.delete(timer)) timer.act()
      }
      await settled()
    }
  }
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
