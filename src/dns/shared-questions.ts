// Identical questions that are in flight to the same vantage are asked once, whoever asks them: a name server's host
// series and a domain that is that host want the same packet.
import type { Clock } from '../core/clock.ts'
import type { Question } from '../core/dns/record.ts'
import type { Reply } from '../core/dns/reply.ts'
import type { Vantage } from './vantage.ts'

/** What the prober needs of a vantage. */
export type AskableVantage = Pick<Vantage, 'id' | 'ask'>

export interface TimedReply {
  readonly reply: Reply
  /** When the reply came, by the Clock. */
  readonly at: number
}

/** One caller's share of a question in flight. */
export interface Share {
  readonly reply: Promise<TimedReply>
  /** Gives the share back. When nobody holds one any more, a question still in flight is aborted. */
  release(reason: unknown): void
}

interface InFlight {
  readonly reply: Promise<TimedReply>
  readonly controller: AbortController
  shares: number
  settled: boolean
}

export class SharedQuestions {
  readonly #clock: Clock
  readonly #inFlight = new Map<string, InFlight>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Joins the same question when it is in flight to this vantage, else asks it. */
  ask(vantage: AskableVantage, question: Question): Share {
    const key = `${vantage.id} ${question.type} ${question.name}`
    const flight = this.#inFlight.get(key) ?? this.#start(key, vantage, question)
    flight.shares += 1
    let held = true
    return {
      reply: flight.reply,
      release: (reason) => {
        if (!held) return
        held = false
        flight.shares -= 1
        if (flight.shares > 0 || flight.settled) return
        this.#forget(key, flight)
        flight.controller.abort(reason)
      },
    }
  }

  #start(key: string, vantage: AskableVantage, question: Question): InFlight {
    const controller = new AbortController()
    const reply = vantage
      .ask(question, controller.signal)
      .then((answer): TimedReply => ({ reply: answer, at: this.#clock.now() }))
    const flight: InFlight = { reply, controller, shares: 0, settled: false }
    this.#inFlight.set(key, flight)
    const done = (): void => {
      flight.settled = true
      this.#forget(key, flight)
    }
    reply.then(done, done)
    return flight
  }

  #forget(key: string, flight: InFlight): void {
    if (this.#inFlight.get(key) === flight) this.#inFlight.delete(key)
  }
}
