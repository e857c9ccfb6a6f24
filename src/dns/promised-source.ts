// Lets a source that promises be used as one that tells: for the `direct` vantage, whose looks are many packets each.
import type { Question } from '../core/dns/record.ts'
import type { ExchangeCounters } from './exchange.ts'
import type { Pending, ReplyListener } from './pending.ts'
import type { ImmediateSource, ReplySource } from './resolver.ts'

export class PromisedSource implements ImmediateSource {
  readonly #source: ReplySource

  constructor(source: ReplySource) {
    this.#source = source
  }

  start(question: Question, listener: ReplyListener): Pending {
    const controller = new AbortController()
    this.#source.look(question, controller.signal).then(
      (replies) => listener.answered(replies),
      (reason: unknown) => listener.rejected(reason),
    )
    return { abandon: (reason) => controller.abort(reason) }
  }

  get counters(): ExchangeCounters {
    return this.#source.counters
  }

  get inFlight(): number {
    return this.#source.inFlight
  }

  get lastError(): string | null {
    return this.#source.lastError ?? null
  }

  async close(): Promise<void> {
    await this.#source.close()
  }
}
