// Identical questions that are in flight to the same vantage are asked once, whoever asks them: a name server's host
// series and a domain that is that host want the same packet.
import type { Clock } from '../core/clock.ts'
import type { Question } from '../core/dns/record.ts'
import type { Reply } from '../core/dns/reply.ts'
import type { Vantage } from './vantage.ts'

/** What the prober needs of a vantage. */
export type AskableVantage = Pick<Vantage, 'id' | 'ask'>

/** Who waits for a question, at one of several places. */
export interface Waiting {
  /** The replies are there. `at`: by the Clock; ms since the epoch. */
  arrived(place: number, replies: readonly Reply[], at: number): void
  /** The question rejected. */
  failed(error: unknown): void
}

/** A question in flight, with all who wait for it. Objects and no closures: there is one for each question that is asked. */
export class Flight {
  readonly #shared: SharedQuestions
  readonly #key: string
  /** Who asked first has this place; most flights have nobody else. */
  #first: Waiting | null
  readonly #firstPlace: number
  #others: { readonly who: Waiting; readonly place: number }[] | null = null
  landed = false

  constructor(shared: SharedQuestions, key: string, who: Waiting, place: number) {
    this.#shared = shared
    this.#key = key
    this.#first = who
    this.#firstPlace = place
  }

  get isWanted(): boolean {
    return this.#first !== null || (this.#others !== null && this.#others.length > 0)
  }

  join(who: Waiting, place: number): void {
    this.#others ??= []
    this.#others.push({ who, place })
  }

  /** Gives back every place of a caller; nothing reaches it any more. The question goes on. */
  leave(who: Waiting): void {
    if (this.#first === who) this.#first = null
    this.#others = this.#others?.filter((one) => one.who !== who) ?? null
  }

  /** Nobody joins it any more. */
  land(): void {
    this.landed = true
    this.#shared.forget(this.#key, this)
  }

  arrived(replies: readonly Reply[], at: number): void {
    this.land()
    const others = this.#others
    this.#first?.arrived(this.#firstPlace, replies, at)
    if (others !== null) for (const { who, place } of others) who.arrived(place, replies, at)
  }

  failed(error: unknown): void {
    this.land()
    // Who fails leaves: `leave` makes a new list, and this loop keeps the old one.
    const others = this.#others
    this.#first?.failed(error)
    if (others !== null) for (const { who } of others) who.failed(error)
  }
}

export class SharedQuestions {
  readonly #clock: Clock
  readonly #inFlight = new Map<string, Flight>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The same question to this vantage, when it is in flight: the caller has joined it. Null when it must be asked. */
  join(vantage: AskableVantage, question: Question, who: Waiting, place: number): Flight | null {
    const flight = this.#inFlight.get(keyOf(vantage, question))
    if (flight === undefined) return null
    flight.join(who, place)
    return flight
  }

  /** Asks it, for all who join until the replies are there. */
  start(
    vantage: AskableVantage,
    question: Question,
    who: Waiting,
    place: number,
    signal: AbortSignal | undefined,
  ): Flight {
    const key = keyOf(vantage, question)
    const flight = new Flight(this, key, who, place)
    this.#inFlight.set(key, flight)
    vantage.ask(question, signal).then(
      (replies) => flight.arrived(replies, this.#clock.now()),
      (error: unknown) => flight.failed(error),
    )
    return flight
  }

  forget(key: string, flight: Flight): void {
    if (this.#inFlight.get(key) === flight) this.#inFlight.delete(key)
  }
}

function keyOf(vantage: AskableVantage, question: Question): string {
  return `${vantage.id} ${question.type} ${question.name}`
}
