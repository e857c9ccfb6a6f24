// Whether there is room for more domains. Refused in time, with a sentence that says what is full: what was accepted must go on.
import { FluxError } from '../core/errors.ts'

export interface IntakeGateParts {
  /** Of the Redis that is fullest; `maxBytes` null where it has no limit. */
  readonly memory: () => Promise<{ readonly usedBytes: number; readonly maxBytes: number | null }>
  readonly lag: () => Promise<{ readonly watched: number; readonly oldestDueMs: number }>
  /** Null: no such limit. */
  readonly limits: { readonly targets: number | null; readonly lagMs: number | null }
}

/** What is left of Redis' memory is for those who are in: series grow, streams fill while history is slow. Hand-set. */
const MEMORY_SHARE = 0.85
/** How long an answer is good for; real time. */
const KEPT_MS = 1_000

export class IntakeGate {
  readonly #parts: IntakeGateParts
  #look: Promise<string | null> = Promise.resolve(null)
  #lookedAtMs = -Infinity

  constructor(parts: IntakeGateParts) {
    this.#parts = parts
  }

  /** Throws FLUX_INTAKE_FULL while there is no room; as much as a second old. */
  async assertOpen(): Promise<void> {
    const now = performance.now()
    if (now - this.#lookedAtMs > KEPT_MS) {
      this.#lookedAtMs = now
      this.#look = this.#whatIsFull()
      // Whoever waits for it hears of it; the next one looks for itself.
      this.#look.catch(() => (this.#lookedAtMs = -Infinity))
    }
    const full = await this.#look
    if (full !== null) throw new FluxError('FLUX_INTAKE_FULL', full)
  }

  async #whatIsFull(): Promise<string | null> {
    const { memory, lag, limits } = this.#parts
    const [{ usedBytes, maxBytes }, { watched, oldestDueMs }] = await Promise.all([memory(), lag()])
    if (maxBytes !== null && usedBytes > MEMORY_SHARE * maxBytes) {
      return `Redis has used ${percent(usedBytes / maxBytes)} of its memory; intake stops at ${percent(MEMORY_SHARE)}.`
    }
    if (limits.targets !== null && watched >= limits.targets) {
      return `${watched} targets are watched; FLUXWATCH_MAX_TARGETS is ${limits.targets}.`
    }
    if (limits.lagMs !== null && oldestDueMs > limits.lagMs) {
      return `Probing is ${Math.round(oldestDueMs / 1000)} s late; FLUXWATCH_MAX_LAG is ${Math.round(limits.lagMs / 1000)} s.`
    }
    return null
  }
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
