// One process of all keeps the networks of flagged names; any that probes may be it. Decides who is, and when it is not any more;
// what a keeper does is keeper-term.ts'.
import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../../core/clock.ts'
import type { Policy } from '../../core/policy.ts'
import { ClockLoop } from '../clock-loop.ts'
import type { FlaggedReader, NetworkStore } from './keeper-ports.ts'
import { KeeperTerm } from './keeper-term.ts'

export interface NetworkKeeperParts {
  readonly store: NetworkStore
  /** A reader for one term. */
  readonly reader: () => FlaggedReader
  readonly policy: Policy
  readonly clock: Clock
  /** Between two sweeps; ms of the clock. */
  readonly sweepMs: number
  readonly onError: (error: unknown) => void
}

/** Of the time that the lock lives: so often it is renewed, or asked for. */
const RENEWED_SHARE = 1 / 3
/** While more is due than one sweep takes, the next follows so many times sooner. */
const SOONER = 60
/** What is under way when the place is lost is refused by itself. */
const LOST_LIMIT_MS = 1_000

export class NetworkKeeper {
  readonly #parts: NetworkKeeperParts
  readonly #stop = new AbortController()
  #running: Promise<void> = Promise.resolve()
  #isKeeping = false
  #drainMs = 0

  constructor(parts: NetworkKeeperParts) {
    this.#parts = parts
  }

  /** Whether this process is the keeper, as far as it knows. */
  get isKeeping(): boolean {
    return this.#isKeeping
  }

  start(): void {
    this.#running = this.#run()
  }

  /** Deals with what is in the streams, for at most `limitMs`, and leaves the place to another process. */
  async stop(limitMs: number): Promise<void> {
    this.#drainMs = limitMs
    this.#stop.abort()
    await Promise.race([this.#running, delay(limitMs + LOST_LIMIT_MS, undefined, { ref: false })])
  }

  async #run(): Promise<void> {
    const { store, onError } = this.#parts
    const waitMs = store.lockMs * RENEWED_SHARE
    while (!this.#stop.signal.aborted) {
      try {
        const generation = await store.take()
        if (generation !== null) await this.#keep(generation)
      } catch (error) {
        onError(error)
      }
      await this.#pause(waitMs)
    }
  }

  /** Until the place is lost or this process stops. */
  async #keep(generation: number): Promise<void> {
    const { store, reader: open, clock, sweepMs, onError } = this.#parts
    const lost = new AbortController()
    const renewal = this.#renew(generation, lost)
    try {
      const term = await KeeperTerm.begin(this.#parts, generation)
      const reader = open()
      const sweeps = new ClockLoop(clock, async () => {
        if (lost.signal.aborted) return sweepMs
        const isDue = await term.sweep(clock.now()).catch((error: unknown) => {
          onError(error)
          return false
        })
        return isDue ? sweepMs / SOONER : sweepMs
      })
      try {
        await reader.start((payloads) =>
          term.handle(payloads, clock.now()).catch(async (error: unknown) => {
            if (!(await store.renew(generation))) lost.abort()
            throw error
          }),
        )
        sweeps.start()
        this.#isKeeping = true
        await until(lost.signal, this.#stop.signal)
      } finally {
        this.#isKeeping = false
        if (lost.signal.aborted) term.end()
        await sweeps.stop()
        await reader.stop(lost.signal.aborted ? LOST_LIMIT_MS : this.#drainMs)
        term.end()
      }
    } finally {
      lost.abort()
      await renewal
      await store.release().catch(onError)
    }
  }

  /** Renews the lock until it is lost, or `lost` is told. A Redis that does not answer is a lock that may be somebody else's. */
  async #renew(generation: number, lost: AbortController): Promise<void> {
    const { store, onError } = this.#parts
    let renewedAt = performance.now()
    while (!lost.signal.aborted) {
      await delay(store.lockMs * RENEWED_SHARE, undefined, { signal: lost.signal }).catch(() => {})
      if (lost.signal.aborted) return
      const late = delay(store.lockMs - (performance.now() - renewedAt), false, { ref: false })
      const askedAt = performance.now()
      const isOurs = await Promise.race([
        store.renew(generation).catch((error: unknown) => {
          onError(error)
          return null
        }),
        late,
      ])
      if (isOurs === false || performance.now() - renewedAt >= store.lockMs) lost.abort()
      else if (isOurs) renewedAt = askedAt
    }
  }

  #pause(ms: number): Promise<unknown> {
    return delay(ms, undefined, { signal: this.#stop.signal }).catch(() => {})
  }
}

async function until(...signals: readonly AbortSignal[]): Promise<void> {
  const any = AbortSignal.any([...signals])
  if (any.aborted) return
  await new Promise<void>((resolve) => any.addEventListener('abort', () => resolve(), { once: true }))
}
