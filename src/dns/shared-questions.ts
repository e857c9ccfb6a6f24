// Identical questions that are in flight to the same vantage are asked once, whoever asks them: a name server's host
// series and a domain that is that host want the same packet.
import type { Clock } from '../core/clock.ts'
import type { Question, QuestionType } from '../core/dns/record.ts'
import type { Reply } from '../core/dns/reply.ts'
import type { Pending, ReplyListener } from './pending.ts'
import type { Vantage } from './vantage.ts'

/** What the prober needs of a vantage. */
export type AskableVantage = Pick<Vantage, 'id' | 'start' | 'backlogMs'>

/** Who waits for questions. */
export interface Waiting {
  /** The replies of one are there, in its flight. */
  arrived(): void
  /** One rejected. */
  failed(error: unknown): void
}

/**
 * That somebody waits for a flight. Links itself into the lists of both, instead of standing in their arrays: V8 comes to
 * think that such arrays live long, and then everything that they point to does.
 */
export class Seat {
  readonly who: Waiting
  readonly flight: Flight
  /** The next seat of the same flight. */
  nextOfFlight: Seat | null = null
  /** The next seat of the same waiting one: for that one to use. */
  nextOfWaiting: Seat | null = null

  constructor(who: Waiting, flight: Flight) {
    this.who = who
    this.flight = flight
  }

  /** Nothing of the flight reaches the waiting one any more. When nobody else waits, the question is given up. */
  leave(reason: unknown): void {
    this.flight.leave(this, reason)
  }
}

const NO_REPLIES: readonly Reply[] = []

/** A question in flight, with all who wait for it. Objects and no closures: there is one for each question that is asked. */
export class Flight implements ReplyListener {
  readonly vantage: AskableVantage
  readonly question: Question
  readonly #shared: SharedQuestions
  #seats: Seat | null = null
  #pending: Pending | null = null
  #landed = false
  replies = NO_REPLIES
  /** When they came: by the Clock; ms since the epoch. */
  at = 0
  /** The next of those that ask about the same name: NameInFlight's business. */
  next: Flight | null = null

  constructor(shared: SharedQuestions, vantage: AskableVantage, question: Question) {
    this.#shared = shared
    this.vantage = vantage
    this.question = question
  }

  /** May bring the replies before it returns. */
  start(urgent: boolean): void {
    this.#pending = this.vantage.start(this.question, this, urgent)
  }

  join(who: Waiting): Seat {
    const seat = new Seat(who, this)
    seat.nextOfFlight = this.#seats
    this.#seats = seat
    return seat
  }

  leave(seat: Seat, reason: unknown): void {
    if (this.#landed) return
    let before: Seat | null = null
    for (let one = this.#seats; one !== null && one !== seat; one = one.nextOfFlight) before = one
    if (before === null) this.#seats = seat.nextOfFlight
    else before.nextOfFlight = seat.nextOfFlight
    if (this.#seats !== null) return
    this.#land()
    this.#pending?.abandon(reason)
  }

  answered(replies: readonly Reply[]): void {
    if (this.#landed) return
    this.replies = replies
    this.at = this.#shared.now()
    this.#land()
    for (let seat = this.#seats; seat !== null; seat = seat.nextOfFlight) seat.who.arrived()
  }

  rejected(reason: unknown): void {
    if (this.#landed) return
    this.#land()
    for (let seat = this.#seats; seat !== null; seat = seat.nextOfFlight) seat.who.failed(reason)
  }

  /** Nobody joins it any more. */
  #land(): void {
    this.#landed = true
    this.#shared.forget(this)
  }
}

/**
 * The questions about one name that are in flight: a few, linked. Emptied when the last has landed: V8 keeps what a Map once
 * held until the next full collection, and that must not be flights with all that they brought.
 */
class NameInFlight {
  first: Flight | null = null

  find(vantage: AskableVantage, type: QuestionType): Flight | null {
    for (let flight = this.first; flight !== null; flight = flight.next)
      if (flight.question.type === type && flight.vantage === vantage) return flight
    return null
  }

  add(flight: Flight): void {
    flight.next = this.first
    this.first = flight
  }

  remove(flight: Flight): void {
    if (this.first === flight) this.first = flight.next
    else {
      let before = this.first
      while (before !== null && before.next !== flight) before = before.next
      if (before !== null) before.next = flight.next
    }
    flight.next = null
  }
}

export class SharedQuestions {
  readonly #clock: Clock
  /** By name, so that no text is built to find a question. */
  readonly #inFlight = new Map<string, NameInFlight>()

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
  ask(vantage: AskableVantage, question: Question, who: Waiting, urgent: boolean): Seat {
    let ofName = this.#inFlight.get(question.name)
    if (ofName === undefined) {
      ofName = new NameInFlight()
      this.#inFlight.set(question.name, ofName)
    } else {
      const known = ofName.find(vantage, question.type)
      if (known !== null) return known.join(who)
    }
    const flight = new Flight(this, vantage, question)
    const seat = flight.join(who)
    ofName.add(flight)
    flight.start(urgent)
    return seat
  }

  forget(flight: Flight): void {
    const { name } = flight.question
    const ofName = this.#inFlight.get(name)
    if (ofName === undefined) return
    ofName.remove(flight)
    if (ofName.first === null) this.#inFlight.delete(name)
  }
}
