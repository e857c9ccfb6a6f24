// Questions × vantages → observations: what was seen, by whom, when. Judges nothing; rates, jitter and retries are below.
import type { Clock } from '../core/clock.ts'
import type { Question } from '../core/dns/record.ts'
import type { Observation } from '../core/model/observation.ts'
import { observationOf } from './observation-of-reply.ts'
import { SharedQuestions, type AskableVantage, type Seat, type Waiting } from './shared-questions.ts'

export interface ProberOptions {
  readonly vantages: readonly AskableVantage[]
  /** Only stamps `at`; time-outs and rates run on real time. */
  readonly clock: Clock
}

export interface ProbeOptions {
  /** Has its turn at the vantages' rates before what is not. @defaultValue false */
  readonly urgent?: boolean
}

export class Prober {
  readonly #vantages: readonly AskableVantage[]
  readonly #ids: readonly string[]
  readonly #shared: SharedQuestions
  readonly #abortable = new WeakMap<AbortSignal, SweepList>()

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
   * How long a question that arrives now waits for its turn: at the vantage where it waits longest; milliseconds, 0 when
   * each has a turn at once. Jitter is not in it, and neither are urgent questions that come later.
   */
  backlogMs(): number {
    let longestMs = 0
    for (const vantage of this.#vantages) longestMs = Math.max(longestMs, vantage.backlogMs())
    return longestMs
  }

  /**
   * Asks every question of every vantage at the same time, or of those in `only` (ids; unknown ones are nobody). At least one
   * observation per pair, in the order of the questions and within a question of the vantages; from the `direct` vantage one
   * an authority, in its order. Never rejects for what DNS does; an aborted signal rejects with its reason at once, and what
   * was asked for this call alone is dropped. A question that is in flight already is not asked again, and keeps the turn
   * that it has. The prober does not close the vantages.
   */
  probe(
    questions: readonly Question[],
    signal?: AbortSignal,
    only?: readonly string[],
    { urgent = false }: ProbeOptions = {},
  ): Promise<Observation[]> {
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error)
    const vantages = only ? this.#vantages.filter(({ id }) => only.includes(id)) : this.#vantages
    if (questions.length === 0 || vantages.length === 0) return Promise.resolve([])
    const peers = signal === undefined ? null : this.#abortableBy(signal)
    return new Promise((resolve, reject) => {
      const sweep = new Sweep(questions.length * vantages.length, peers, resolve, reject)
      sweep.ask(questions, vantages, this.#shared, urgent)
    })
  }

  /**
   * The sweeps that end with the signal. One listener for all of them: a signal walks through its listeners whenever one
   * comes or goes, which many sweeps under one signal would pay with the square of their number.
   */
  #abortableBy(signal: AbortSignal): SweepList {
    const known = this.#abortable.get(signal)
    if (known) return known
    const sweeps = new SweepList()
    this.#abortable.set(signal, sweeps)
    signal.addEventListener('abort', () => sweeps.fail(signal.reason))
    return sweeps
  }
}

/** Sweeps that can be aborted together. They link themselves, since one comes and goes with each round. */
class SweepList {
  #first: Sweep | null = null

  add(sweep: Sweep): void {
    sweep.next = this.#first
    if (this.#first !== null) this.#first.previous = sweep
    this.#first = sweep
  }

  remove(sweep: Sweep): void {
    const { previous, next } = sweep
    if (previous !== null) previous.next = next
    else if (this.#first === sweep) this.#first = next
    if (next !== null) next.previous = previous
    sweep.previous = null
    sweep.next = null
  }

  /** Each removes itself as it fails. */
  fail(reason: unknown): void {
    while (this.#first !== null) this.#first.failed(reason)
  }
}

/** One call of `probe`: waits for its flights until all have landed. */
class Sweep implements Waiting {
  /** In the order of the observations. */
  #firstSeat: Seat | null = null
  #lastSeat: Seat | null = null
  readonly #peers: SweepList | null
  readonly #resolve: (observations: Observation[]) => void
  readonly #reject: (reason: unknown) => void
  /** Flights, and one for the asking itself: replies may be there before all is asked. */
  #missing: number
  #failure: { readonly reason: unknown } | null = null
  /** The list's. */
  previous: Sweep | null = null
  next: Sweep | null = null

  constructor(
    flights: number,
    peers: SweepList | null,
    resolve: (observations: Observation[]) => void,
    reject: (reason: unknown) => void,
  ) {
    this.#missing = flights + 1
    this.#peers = peers
    this.#resolve = resolve
    this.#reject = reject
    peers?.add(this)
  }

  ask(
    questions: readonly Question[],
    vantages: readonly AskableVantage[],
    shared: SharedQuestions,
    urgent: boolean,
  ): void {
    for (const question of questions)
      for (const vantage of vantages) {
        const seat = shared.ask(vantage, question, this, urgent)
        // A question can reject in the very call that asks it.
        if (this.#failure !== null) return seat.leave(this.#failure.reason)
        if (this.#lastSeat === null) this.#firstSeat = seat
        else this.#lastSeat.nextOfWaiting = seat
        this.#lastSeat = seat
      }
    this.arrived()
  }

  arrived(): void {
    this.#missing -= 1
    if (this.#missing > 0 || this.#failure !== null) return
    this.#peers?.remove(this)
    const seen: Observation[] = []
    for (let seat = this.#firstSeat; seat !== null; seat = seat.nextOfWaiting) {
      const { question, vantage, replies, at } = seat.flight
      for (const reply of replies) seen.push(observationOf(question, vantage.id, reply, at))
    }
    this.#resolve(seen)
  }

  /** Rejects, and gives up what is still missing. Where somebody else waits for any of it, that runs to its own end. */
  failed(reason: unknown): void {
    if (this.#failure !== null) return
    this.#failure = { reason }
    this.#peers?.remove(this)
    this.#reject(reason)
    for (let seat = this.#firstSeat; seat !== null; seat = seat.nextOfWaiting) seat.leave(reason)
  }
}
