// How much of one delivery worker an endpoint may take. An endpoint that answers slowly or not at all must not hold up the
// deliveries of all others; one that answers at once may have everything. Per process; nothing of it is stored.

/** An attempt of this length or more makes its endpoint a slow one, a shorter one ends that; ms. Hand-set. */
export const SLOW_ATTEMPT_MS = 1_000
/** Attempts that a slow endpoint may have under way at the same time. Hand-set: two, so that it can recover. */
export const SLOW_ENDPOINT_SHARE = 2
/** A job that found no share comes back after this, or later: ms. Hand-set. */
export const DEFER_MS = 1_000
/** Jobs of one slow endpoint come back this far apart, so that a long queue costs Redis 50 a second, however long; ms. Hand-set. */
export const DEFER_SPACING_MS = 20

export class EndpointShares {
  readonly #running = new Map<string, number>()
  /** Slow endpoints, and when the last job that was put off comes back. */
  readonly #slow = new Map<string, number>()

  /** False when the endpoint is a slow one and has its share under way. Call `end` for each true. */
  begin(endpoint: string): boolean {
    const running = this.#running.get(endpoint) ?? 0
    if (this.#slow.has(endpoint) && running >= SLOW_ENDPOINT_SHARE) return false
    this.#running.set(endpoint, running + 1)
    return true
  }

  /** `durationMs`: how long the attempt took; null when that says nothing, because it was interrupted. */
  end(endpoint: string, durationMs: number | null): void {
    const running = (this.#running.get(endpoint) ?? 1) - 1
    if (running > 0) this.#running.set(endpoint, running)
    else this.#running.delete(endpoint)
    if (durationMs === null) return
    if (durationMs < SLOW_ATTEMPT_MS) this.#slow.delete(endpoint)
    else if (!this.#slow.has(endpoint)) this.#slow.set(endpoint, 0)
  }

  /** When a job that found no share is to come back; `nowMs` and the answer are in ms since the epoch. */
  deferUntil(endpoint: string, nowMs: number): number {
    const until = Math.max(nowMs + DEFER_MS, (this.#slow.get(endpoint) ?? 0) + DEFER_SPACING_MS)
    if (this.#slow.has(endpoint)) this.#slow.set(endpoint, until)
    return until
  }
}
