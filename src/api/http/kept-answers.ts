// Answers that are costly to make and asked for again and again, kept as they were sent. Decides how many and for how long;
// whether one is still right, its stamp tells, which its user reads from the store for each request.

/** A JSON answer with its weak entity tag. */
export interface TaggedAnswer {
  /** The bytes that are sent: a text would be measured and turned into them for each request. */
  readonly body: Buffer
  readonly tag: string
}

interface Kept {
  readonly stamp: string
  readonly answer: TaggedAnswer
  readonly untilMs: number
}

/** Octets of all kept answers together: two thousand verdicts. */
const ROOM = 32 * 1024 * 1024
/** Facts that have no stamp (address databases) may change: an answer is as old as this at most. Real time. */
const KEPT_MS = 60_000

export class KeptAnswers {
  readonly #kept = new Map<string, Kept>()
  readonly #room: number
  #used = 0

  constructor(room = ROOM) {
    this.#room = room
  }

  /** Null where none is kept, or one of another stamp. */
  get(key: string, stamp: string): TaggedAnswer | null {
    const kept = this.#kept.get(key)
    if (kept === undefined || kept.stamp !== stamp || performance.now() > kept.untilMs) return null
    return kept.answer
  }

  /** Beyond the room those that were set first go. */
  set(key: string, stamp: string, answer: TaggedAnswer): void {
    this.#remove(key)
    this.#kept.set(key, { stamp, answer, untilMs: performance.now() + KEPT_MS })
    this.#used += answer.body.length
    for (const oldest of this.#kept.keys()) {
      if (this.#used <= this.#room) return
      this.#remove(oldest)
    }
  }

  #remove(key: string): void {
    this.#used -= this.#kept.get(key)?.answer.body.length ?? 0
    this.#kept.delete(key)
  }
}
