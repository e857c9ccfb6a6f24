// Who was cleared, and when: what was judged before that may still come, and must not flag the name again.

/** How long older notes of a cleared name are still refused: as long as links live. Hand-set. */
const REMEMBERED_MS = 30 * 24 * 3600 * 1000

export class ClearedNames {
  /** Domain → when; in order of that, as they are cleared. */
  readonly #clearedAt = new Map<string, number>()

  cleared(domain: string, at: number): void {
    this.#clearedAt.delete(domain)
    this.#clearedAt.set(domain, at)
  }

  flagged(domain: string): void {
    this.#clearedAt.delete(domain)
  }

  /** Whether what was judged at `at` was taken back since. */
  refuses(domain: string, at: number): boolean {
    return at <= (this.#clearedAt.get(domain) ?? -1)
  }

  forgetOld(now: number): void {
    for (const [domain, at] of this.#clearedAt) {
      if (at >= now - REMEMBERED_MS) break
      this.#clearedAt.delete(domain)
    }
  }
}
