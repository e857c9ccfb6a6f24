// Time that passes when it is told to: nothing happens to be late because the machine is slow.
import type { Clock } from '../../src/core/clock.ts'

interface Sleeper {
  readonly untilMs: number
  readonly wake: () => void
}

export class VirtualClock implements Clock {
  #nowMs: number
  readonly #sleepers = new Set<Sleeper>()

  constructor(nowMs: number) {
    this.#nowMs = nowMs
  }

  now(): number {
    return this.#nowMs
  }

  /** Forward only; wakes who has slept long enough then. */
  advanceTo(nowMs: number): void {
    this.#nowMs = Math.max(this.#nowMs, nowMs)
    for (const sleeper of this.#sleepers) if (sleeper.untilMs <= this.#nowMs) sleeper.wake()
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms <= 0 || signal?.aborted) return Promise.resolve()
    const { promise, resolve } = Promise.withResolvers<void>()
    const sleeper: Sleeper = { untilMs: this.#nowMs + ms, wake: () => wake() }
    const wake = (): void => {
      this.#sleepers.delete(sleeper)
      signal?.removeEventListener('abort', wake)
      resolve()
    }
    this.#sleepers.add(sleeper)
    signal?.addEventListener('abort', wake)
    return promise
  }
}
