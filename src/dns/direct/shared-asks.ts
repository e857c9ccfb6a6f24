// The same question to the same authority is on its way once, whoever waits for it: looks that start together walk the
// same way. It is dropped when nobody waits any more.
import type { Reply } from '../../core/dns/reply.ts'

interface Flight {
  readonly reply: Promise<Reply>
  readonly controller: AbortController
  holders: number
}

export class SharedAsks {
  readonly #flights = new Map<string, Flight>()

  get size(): number {
    return this.#flights.size
  }

  /** Joins the flight of that key or starts one. Rejects with the signal's reason at once, or as `start` does. */
  async ask(
    key: string,
    start: (signal: AbortSignal) => Promise<Reply>,
    signal: AbortSignal,
  ): Promise<Reply> {
    signal.throwIfAborted()
    const flight = this.#flights.get(key) ?? this.#start(key, start)
    flight.holders += 1
    const aborted = Promise.withResolvers<never>()
    const abort = (): void => aborted.reject(signal.reason)
    signal.addEventListener('abort', abort)
    try {
      return await Promise.race([flight.reply, aborted.promise])
    } finally {
      signal.removeEventListener('abort', abort)
      flight.holders -= 1
      if (flight.holders === 0 && this.#flights.get(key) === flight) {
        this.#flights.delete(key)
        flight.controller.abort(signal.reason)
      }
    }
  }

  #start(key: string, start: (signal: AbortSignal) => Promise<Reply>): Flight {
    const controller = new AbortController()
    const reply = start(controller.signal)
    const flight: Flight = { reply, controller, holders: 0 }
    this.#flights.set(key, flight)
    const over = (): void => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key)
    }
    reply.then(over, over)
    return flight
  }
}
