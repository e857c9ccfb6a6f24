// Questions × vantages → observations: what was seen, by whom, when. Judges nothing; rates, jitter and retries are below.
import type { Clock } from '../core/clock.ts'
import type { Question } from '../core/dns/record.ts'
import type { Reply } from '../core/dns/reply.ts'
import type { Observation } from '../core/model/observation.ts'
import { SharedQuestions, type AskableVantage, type Flight, type Waiting } from './shared-questions.ts'

export interface ProberOptions {
  readonly vantages: readonly AskableVantage[]
  /** Only stamps `at`; time-outs and rates run on real time. */
  readonly clock: Clock
}

export class Prober {
  readonly #vantages: readonly AskableVantage[]
  readonly #ids: readonly string[]
  readonly #shared: SharedQuestions
  readonly #abortable = new WeakMap<AbortSignal, Set<Sweep>>()

  constructor({ vantages, clock }: ProberOptions) {
    this.#vantages = vantages
    this.#ids = vantages.map(({ id }) => id)
    this.#shared = new SharedQuestions(clock)
  }

  /** Ids of the vantages, in order. */
  get vantages(): readonly string[] {
    return this.#ids
  }

  /**
   * Asks every question of every vantage at the same time, or of those in `only` (ids; unknown ones are nobody). At least one
   * observation per pair, in the order of the questions and within a question of the vantages; from the `direct` vantage one
   * an authority, in its order. Never rejects for what DNS does; an aborted signal rejects with its reason at once, and what
   * was asked for this call alone is dropped. The prober does not close the vantages.
   */
  async probe(
    questions: readonly Question[],
    signal?: AbortSignal,
    only?: readonly string[],
  ): Promise<Observation[]> {
    signal?.throwIfAborted()
    const vantages = only ? this.#vantages.filter(({ id }) => only.includes(id)) : this.#vantages
    if (questions.length === 0 || vantages.length === 0) return []
    // One controller a sweep, not one a question: they are the dearest part of a question that nobody aborts.
    const controller = signal ? new AbortController() : null
    const sweep = new Sweep(questions, vantages, this.#shared, controller)
    if (signal === undefined) return sweep.whole
    const abortable = this.#abortableBy(signal)
    abortable.add(sweep)
    try {
      return await sweep.whole
    } finally {
      abortable.delete(sweep)
    }
  }

  /**
   * The sweeps that end with the signal. One listener for all of them: a signal walks through its listeners whenever one
   * comes or goes, which many sweeps under one signal would pay with the square of their number.
   */
  #abortableBy(signal: AbortSignal): Set<Sweep> {
    const known = this.#abortable.get(signal)
    if (known) return known
    const sweeps = new Set<Sweep>()
    this.#abortable.set(signal, sweeps)
    signal.addEventListener('abort', () => {
      for (const sweep of sweeps) sweep.end(signal.reason)
    })
    return sweeps
  }
}

/** One call of `probe`: collects the replies of its pairs until all are there. */
class Sweep implements Waiting {
  readonly whole: Promise<Observation[]>
  readonly #questions: readonly Question[]
  readonly #vantages: readonly AskableVantage[]
  readonly #controller: AbortController | null
  /** Started by this sweep, so that its controller ends them. */
  readonly #own: Flight[] = []
  readonly #joined: Flight[] = []
  readonly #seen: Observation[][] = []
  readonly #resolve: (observations: Observation[]) => void
  readonly #reject: (reason: unknown) => void
  #missing: number

  constructor(
    questions: readonly Question[],
    vantages: readonly AskableVantage[],
    shared: SharedQuestions,
    controller: AbortController | null,
  ) {
    const { promise, resolve, reject } = Promise.withResolvers<Observation[]>()
    this.whole = promise
    this.#resolve = resolve
    this.#reject = reject
    this.#questions = questions
    this.#vantages = vantages
    this.#controller = controller
    this.#missing = questions.length * vantages.length
    let place = 0
    for (const question of questions)
      for (const vantage of vantages) {
        const flight = shared.join(vantage, question, this, place)
        if (flight === null) this.#own.push(shared.start(vantage, question, this, place, controller?.signal))
        else this.#joined.push(flight)
        place += 1
      }
  }

  arrived(place: number, replies: readonly Reply[], at: number): void {
    const vantage = this.#vantages[place % this.#vantages.length]!
    const question = this.#questions[Math.floor(place / this.#vantages.length)]!
    this.#seen[place] = replies.map((reply) => observationOf(question, vantage.id, reply, at))
    this.#missing -= 1
    if (this.#missing === 0) this.#resolve(this.#seen.flat())
  }

  failed(error: unknown): void {
    this.end(error)
  }

  /** Rejects, and gives up what is still missing. Where somebody else waits for any of it, it runs to its own end. */
  end(reason: unknown): void {
    this.#reject(reason)
    for (const flight of this.#joined) flight.leave(this)
    for (const flight of this.#own) flight.leave(this)
    const open = this.#own.filter((flight) => !flight.landed)
    if (this.#controller === null || open.some((flight) => flight.isWanted)) return
    for (const flight of open) flight.land()
    this.#controller.abort(reason)
  }
}

function observationOf(question: Question, vantage: string, reply: Reply, at: number): Observation {
  const { outcome, failure, rcode, rttMs, answer, authority, additional } = reply
  const { authoritative, clientSubnetScope, extendedErrors, server, side } = reply
  return {
    at,
    vantage,
    qname: question.name,
    qtype: question.type,
    outcome,
    ...(failure && { failure }),
    rcode,
    rttMs,
    answer,
    authority,
    additional,
    ...(authoritative !== undefined && { authoritative }),
    ...(clientSubnetScope !== undefined && { clientSubnetScope }),
    ...(extendedErrors !== undefined && extendedErrors.length > 0 && { extendedErrors }),
    ...(server && { server }),
    ...(side && { side }),
  }
}
