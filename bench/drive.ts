// Puts questions to a client: as many in flight as agreed, or at a steady rate. Counts what came; the client's own
// retries and time-outs are its business.
import { performance } from 'node:perf_hooks'
import type { BenchQuestion } from './bench-zone.ts'
import type { Asker } from './contenders/asker.ts'

export interface Load {
  /** The first question's index; questions are taken in order and from the beginning again. */
  readonly from: number
  readonly count: number
  /** Questions in flight at most. */
  readonly inFlight: number
  /** Questions per second; null: as fast as it goes. */
  readonly ratePerSecond: number | null
}

/** Questions that ended without an answer, and with another one than the zone's. */
export interface Driven {
  readonly unanswered: number
  readonly wrong: number
}

/** How often a steady rate hands out what is due: as a prober that asks in ticks. */
const TICK_MS = 1

export async function drive(asker: Asker, questions: readonly BenchQuestion[], load: Load): Promise<Driven> {
  return new Drive(asker, questions, load).run()
}

class Drive {
  readonly #asker: Asker
  readonly #questions: readonly BenchQuestion[]
  readonly #load: Load
  readonly #over = Promise.withResolvers<Driven>()
  #asked = 0
  #ended = 0
  #unanswered = 0
  #wrong = 0

  constructor(asker: Asker, questions: readonly BenchQuestion[], load: Load) {
    this.#asker = asker
    this.#questions = questions
    this.#load = load
  }

  run(): Promise<Driven> {
    const { inFlight, count, ratePerSecond } = this.#load
    if (ratePerSecond === null) for (let lane = Math.min(inFlight, count); lane > 0; lane--) this.#askNext()
    else this.#pace(ratePerSecond)
    return this.#over.promise
  }

  #pace(ratePerSecond: number): void {
    const startedAtMs = performance.now()
    const timer = setInterval(() => {
      const due = Math.ceil(((performance.now() - startedAtMs) / 1000) * ratePerSecond)
      while (this.#asked < Math.min(due, this.#load.count)) this.#askNext()
      if (this.#asked === this.#load.count) clearInterval(timer)
    }, TICK_MS)
  }

  #askNext(): void {
    const question = this.#questions[(this.#load.from + this.#asked) % this.#questions.length]!
    this.#asked += 1
    this.#asker.ask(question, (data) => {
      if (data === null) this.#unanswered += 1
      else if (data !== question.expected) this.#wrong += 1
      this.#ended += 1
      if (this.#ended === this.#load.count)
        this.#over.resolve({ unanswered: this.#unanswered, wrong: this.#wrong })
      else if (this.#load.ratePerSecond === null && this.#asked < this.#load.count) this.#askNext()
    })
  }
}
