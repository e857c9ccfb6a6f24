// Does something again and again in the clock's time until it is stopped. What and how often is its user's business.
import type { Clock } from '../core/clock.ts'

export class ClockLoop {
  readonly #clock: Clock
  readonly #act: () => Promise<number>
  readonly #stop = new AbortController()
  #running: Promise<void> = Promise.resolve()

  /** `act` answers how long to wait before the next time, ms of the clock. It must not reject. */
  constructor(clock: Clock, act: () => Promise<number>) {
    this.#clock = clock
    this.#act = act
  }

  start(): void {
    this.#running = this.#run()
  }

  /** Resolves when what is under way is over; nothing begins after that. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const waitMs = await this.#act()
      if (waitMs > 0) await this.#clock.sleep(waitMs, this.#stop.signal)
    }
  }
}
