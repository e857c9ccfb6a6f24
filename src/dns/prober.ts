// Questions × vantages → observations: what was seen, by whom, when. Judges nothing; rates and retries are below.
import type { Clock } from '../core/clock.ts'
import type { Question } from '../core/dns/record.ts'
import type { Observation } from '../core/model/observation.ts'
import { SharedQuestions, type AskableVantage, type TimedReply } from './shared-questions.ts'

export interface ProberOptions {
  readonly vantages: readonly AskableVantage[]
  /** Only stamps `at`; time-outs and rates run on real time. */
  readonly clock: Clock
}

export class Prober {
  readonly #vantages: readonly AskableVantage[]
  readonly #shared: SharedQuestions

  constructor({ vantages, clock }: ProberOptions) {
    this.#vantages = vantages
    this.#shared = new SharedQuestions(clock)
  }

  /**
   * Asks every question of every vantage at the same time. One observation per pair, in the order of the questions and
   * within a question of the vantages. Never rejects for what DNS does; an aborted signal rejects with its reason at
   * once, and questions that nobody else waits for are dropped. The prober does not close the vantages.
   */
  async probe(questions: readonly Question[], signal?: AbortSignal): Promise<Observation[]> {
    signal?.throwIfAborted()
    const pairs = questions.flatMap((question) => this.#vantages.map((vantage) => ({ question, vantage })))
    const shares = pairs.map(({ question, vantage }) => this.#shared.ask(vantage, question))
    const aborted = Promise.withResolvers<never>()
    const abort = (): void => {
      for (const share of shares) share.release(signal?.reason)
      aborted.reject(signal?.reason)
    }
    signal?.addEventListener('abort', abort)
    try {
      const replies = await Promise.race([Promise.all(shares.map((share) => share.reply)), aborted.promise])
      return pairs.map(({ question, vantage }, index) => observationOf(question, vantage.id, replies[index]!))
    } finally {
      signal?.removeEventListener('abort', abort)
      for (const share of shares) share.release(new Error('another question of the round failed'))
    }
  }
}

function observationOf(question: Question, vantage: string, { reply, at }: TimedReply): Observation {
  const { outcome, failure, rcode, rttMs, answer, authority, additional } = reply
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
  }
}
