// Identical questions that are in flight to the same vantage are asked once, whoever asks them: a name server's host
// series and a domain that is that host want the same packet.
import type { Clock } from '../core/clock.ts'
import type { Question, QuestionType } from '../core/dns/record.ts'
import type { Reply } from '../core/dns/reply.ts'
import type { Pending, ReplyListener } from './pending.ts'
import type { Vantage } from './vantage.ts'

/** What the prober needs of a vantage. */
export type AskableVantage = Pick<Vantage, 'id' | 'start' | 'backlogMs'>

/** Who waits for a question; told once for each time that it joined. */
export interface Waiting {
  /** The replies are there, in the flight. */
  arrived(): void
  /** The question rejected. */
  failed(error: unknown): void
}

const NO_REPLIES: readonly Reply[] = []

/** A question in flight, with all who wait for it. Objects and no closures: there is one for each question that is asked. */
export class Flight implements ReplyListener {
  readonly vantage: AskableVantage
  readonly question: Question
  readonly #shared: SharedQuestions
  /** Who asked first; most flights have nobody else. */
  #first: Waiting | null
  #others: Waiting[] | null = null
  #pending: Pending | null = null
  #landed = false
  replies = NO_REPLIES
  /** When they came: by the Clock; ms since the epoch. */
  at = 0
  /** The next of those that ask about the same name. The rest is SharedQuestions' business. */
  next: Flight | null = null

  constructor(shared: SharedQuestions, vantage: AskableVantage, question: Question, who: Waiting) {
    this.#shared = shared
    this.vantage = vantage
    this.question = question
    this.#first = who
  }

  /** May bring the replies before it returns. */
  start(urgent: boolean): void {
    this.#pending = this.vantage.start(this.question, this, urgent)
  }

  join(who: Waiting): void {
    this.#others ??= []
    this.#others.push(who)
  }

  /** Nothing reaches the caller any more. When nobody else waits, the question is given up. */
  leave(who: Waiting, reason: unknown): void {
    if (this.#landed) return
    if (this.#first === who) this.#first = null
    if (this.#others !== null) this.#others = this.#others.filter((one) => one !== who)
    if (this.#first !== null || (this.#others !== null && this.#others.length > 0)) return
    this.#land()
    this.#pending?.abandon(reason)
  }

  answered(replies: readonly Reply[]): void {
    if (this.#landed) return
    this.replies = replies
    this.at = this.#shared.now()
    this.#land()
    const others = this.#others
    this.#first?.arrived()
    if (others !== null) for (const who of others) who.arrived()
  }

  rejected(reason: unknown): void {
    if (this.#landed) return
    this.#land()
    const others = this.#others
    this.#first?.failed(reason)
    if (others !== null) for (const who of others) who.failed(reason)
  }

  /** Nobody joins it any more. */
  #land(): void {
    this.#landed = true
    this.#shared.forget(this)
  }
}

export class SharedQuestions {
  readonly #clock: Clock
  /** By name: the few questions about it that are in flight, linked. No text is built to find one. */
  readonly #inFlight = new Map<string, Flight>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  now(): number {
    return this.#clock.now()
  }

  /**
   * Joins the same question to this vantage when it is in flight, and else asks it, for all who join until the replies are
   * there: which may be before this returns.
   */
  ask(vantage: AskableVantage, question: Question, who: Waiting, urgent: boolean): Flight {
    const first = this.#inFlight.get(question.name)
    const known = find(first, vantage, question.type)
    if (known !== null) {
      known.join(who)
      return known
    }
    const flight = new Flight(this, vantage, question, who)
    if (first === undefined) this.#inFlight.set(question.name, flight)
    else {
      // Behind the first, so that the map stays as it is.
      flight.next = first.next
      first.next = flight
    }
    flight.start(urgent)
    return flight
  }

  forget(flight: Flight): void {
    const { name } = flight.question
    const first = this.#inFlight.get(name)
    if (first === flight) {
      if (flight.next === null) this.#inFlight.delete(name)
      else this.#inFlight.set(name, flight.next)
      return
    }
    let before = first
    while (before !== undefined && before.next !== flight) before = before.next ?? undefined
    if (before !== undefined) before.next = flight.next
  }
}

function find(first: Flight | undefined, vantage: AskableVantage, type: QuestionType): Flight | null {
  for (let flight = first ?? null; flight !== null; flight = flight.next)
    if (flight.question.type === type && flight.vantage === vantage) return flight
  return null
}
