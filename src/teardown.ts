// Takes down what was opened, in reverse order, within a time limit, whatever fails on the way.
import { setTimeout as delay } from 'node:timers/promises'

/** `limitMs`: how long it may take. */
export type Close = (limitMs: number) => Promise<unknown>

/** Even when the time is used up, each part gets this long to close; most need none. One part never gets more than half of it. */
const LEAST_MS = 250

export class Teardown {
  readonly #parts: { readonly name: string; readonly close: Close }[] = []
  readonly #onError: (error: unknown, name: string) => void

  constructor(onError: (error: unknown, name: string) => void) {
    this.#onError = onError
  }

  /** What is pushed later is closed earlier. */
  push(name: string, close: Close): void {
    this.#parts.push({ name, close })
  }

  /** Closes every part; a part that fails or takes too long is reported and left behind. Idempotent. */
  async run(limitMs: number): Promise<void> {
    const deadline = performance.now() + limitMs
    for (let part = this.#parts.pop(); part; part = this.#parts.pop()) {
      const left = Math.max(LEAST_MS, (deadline - performance.now()) / 2)
      const over = new AbortController()
      const late = delay(left, 'late' as const, { signal: over.signal }).catch(() => null)
      try {
        if ((await Promise.race([part.close(left), late])) === 'late') {
          throw new Error(`not closed within ${Math.round(left)} ms`)
        }
      } catch (error) {
        this.#onError(error, part.name)
      } finally {
        over.abort()
      }
    }
  }
}
