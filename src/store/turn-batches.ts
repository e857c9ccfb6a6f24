// Gathers what is asked for in one turn of the event loop, so that many targets go to Redis in one call: what may go together is one
// group, which on a single server is all of it, and in a cluster what lies in one slot.

interface Waiting<I, O> {
  readonly item: I
  readonly resolve: (answer: O) => void
  readonly reject: (error: unknown) => void
}

/** One call may hold Redis up for about a millisecond, not longer: at about 10 µs a target. */
const BATCH_LIMIT = 64

export class TurnBatches<I, O> {
  readonly #send: (group: string, items: readonly I[]) => Promise<readonly O[]>
  readonly #waiting = new Map<string, Waiting<I, O>[]>()
  #isScheduled = false

  /** `send` answers one result an item, in order. When it rejects for a batch, its items are sent again one by one. */
  constructor(send: (group: string, items: readonly I[]) => Promise<readonly O[]>) {
    this.#send = send
  }

  add(group: string, item: I): Promise<O> {
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(group)
      if (waiting) waiting.push({ item, resolve, reject })
      else this.#waiting.set(group, [{ item, resolve, reject }])
      if (this.#isScheduled) return
      this.#isScheduled = true
      setImmediate(() => this.#flush())
    })
  }

  #flush(): void {
    this.#isScheduled = false
    const batches = [...this.#waiting]
    this.#waiting.clear()
    for (const [group, waiting] of batches) {
      for (let start = 0; start < waiting.length; start += BATCH_LIMIT) {
        void this.#sendBatch(group, waiting.slice(start, start + BATCH_LIMIT))
      }
    }
  }

  async #sendBatch(group: string, batch: readonly Waiting<I, O>[]): Promise<void> {
    try {
      const answers = await this.#send(
        group,
        batch.map(({ item }) => item),
      )
      for (const [index, { resolve }] of batch.entries()) resolve(answers[index]!)
    } catch (error) {
      // One that cannot be done must not take the others with it. Each is safe to repeat.
      if (batch.length === 1) batch[0]!.reject(error)
      else await Promise.all(batch.map((one) => this.#sendBatch(group, [one])))
    }
  }
}
