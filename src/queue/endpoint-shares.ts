// How much of one delivery worker an endpoint may take. An endpoint that answers slowly or not at all must not hold up the
// deliveries of all others; one that answers at once may have everything. Per process; nothing of it is stored.

/** An attempt of this length or more makes its endpoint a slow one, a shorter one ends that; ms. Hand-set. */
export const SLOW_ATTEMPT_MS = 1_000
/** Attempts that a slow endpoint may have under way at the same time. Hand-set: two, so that it can recover. */
export const SLOW_ENDPOINT_SHARE = 2

const DEFER_STEP_MS = 1_000
const DEFER_LIMIT_MS = 60_000

export class EndpointShares {
  readonly #running = new Map<string, number>()
  readonly #slow = new Set<string>()

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
    if (durationMs >= SLOW_ATTEMPT_MS) this.#slow.add(endpoint)
    else this.#slow.delete(endpoint)
  }
}

/** How long a job is put off that found no share, in ms: longer each time, so that a long queue does not keep Redis busy. */
export function deferralMs(timesStarted: number): number {
  return Math.min(DEFER_STEP_MS * Math.max(1, timesStarted), DEFER_LIMIT_MS)
}
