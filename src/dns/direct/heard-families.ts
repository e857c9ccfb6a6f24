// Whether our own network reaches a family of addresses at all: somebody has answered over it lately. Then a socket that
// fails is the other side's doing (nobody listens there, its network is gone), as silence would be; else it may be ours.

/** How long a reply proves that. Hand-set; milliseconds. */
const PROOF_MS = 60_000

export class HeardFamilies {
  readonly #heardAtMs = { v4: Number.NEGATIVE_INFINITY, v6: Number.NEGATIVE_INFINITY }

  /** A server has answered, whatever it said. */
  heard(address: string, nowMs: number): void {
    this.#heardAtMs[familyOf(address)] = nowMs
  }

  isReached(address: string, nowMs: number): boolean {
    return nowMs - this.#heardAtMs[familyOf(address)] < PROOF_MS
  }
}

function familyOf(address: string): 'v4' | 'v6' {
  return address.includes(':') ? 'v6' : 'v4'
}
