// Ends scans whose time is up, decided or not, and takes them off the domains that they were about.
import type { Clock } from '../core/clock.ts'

export interface ExpiringScans {
  /** Ends what is past its deadline; answers how many scans that were. */
  endOverdue(): Promise<number>
}

export class ScanSweeper {
  readonly #scans: ExpiringScans
  readonly #clock: Clock
  readonly #everyMs: number
  readonly #onError: (error: unknown) => void
  readonly #stop = new AbortController()
  #running: Promise<void> = Promise.resolve()

  /** `everyMs` in the clock's time. */
  constructor(parts: {
    scans: ExpiringScans
    clock: Clock
    everyMs: number
    onError: (error: unknown) => void
  }) {
    this.#scans = parts.scans
    this.#clock = parts.clock
    this.#everyMs = parts.everyMs
    this.#onError = parts.onError
  }

  start(): void {
    this.#running = this.#run()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#scans.endOverdue().catch(this.#onError)
      await this.#clock.sleep(this.#everyMs, this.#stop.signal)
    }
  }
}
