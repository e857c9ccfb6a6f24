// Whether one server is asked with EDNS. Servers that understand none are few, and they are asked without it for a while
// instead of twice for each question.
import type { ClientSubnet } from './wire/client-subnet.ts'
import type { QueryOptions } from './wire/query-encoder.ts'

/** How long a server that dislikes EDNS is asked without it from the start. Hand-set. */
const MEMORY_MS = 600_000

export class EdnsHabit {
  readonly options: QueryOptions
  readonly plainOptions: QueryOptions
  #dislikedUntilMs = -Infinity

  constructor(recursionDesired: boolean, clientSubnet: ClientSubnet | undefined) {
    this.options = { edns: clientSubnet ? { clientSubnet } : {}, recursionDesired }
    this.plainOptions = { edns: null, recursionDesired }
  }

  get dislikesEdns(): boolean {
    return this.#dislikedUntilMs !== -Infinity && performance.now() < this.#dislikedUntilMs
  }

  /** The server answered a plain question after it had refused the same one with EDNS. */
  remember(): void {
    this.#dislikedUntilMs = performance.now() + MEMORY_MS
  }
}
