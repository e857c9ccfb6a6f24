// A prober whose world is a script: what each question is answered at the moment, by one vantage, without a network.
import type { Clock } from '../../src/core/clock.ts'
import type { Question } from '../../src/core/dns/record.ts'
import type { Observation } from '../../src/core/model/observation.ts'
import type { RoundProber } from '../../src/queue/round-ports.ts'

export class ScriptedProber implements RoundProber {
  /** Every question in the order asked: `name type`. */
  readonly asked: string[] = []
  /** Called while a probe is under way, before its answers are there. */
  during: (questions: readonly Question[]) => Promise<void> | void = () => {}
  /** Names that the operator asked not to be probed. */
  readonly optedOut = new Set<string>()
  readonly #clock: Clock
  readonly #answers = new Map<string, { data: readonly string[]; ttlSeconds: number }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** From now on `name type` is answered with these records. What was never set is NXDOMAIN. */
  answer(question: string, data: readonly string[], ttlSeconds = 60): this {
    this.#answers.set(question, { data, ttlSeconds })
    return this
  }

  async probe(questions: readonly Question[], signal?: AbortSignal): Promise<Observation[]> {
    signal?.throwIfAborted()
    this.asked.push(...questions.map(({ name, type }) => `${name} ${type}`))
    await this.during(questions)
    signal?.throwIfAborted()
    return questions.map((question) => this.#observe(question))
  }

  #observe({ name, type }: Question): Observation {
    const scripted = this.#answers.get(`${name} ${type}`)
    if (this.optedOut.has(name)) return this.#unsent({ name, type })
    return {
      at: this.#clock.now(),
      vantage: 'v',
      qname: name,
      qtype: type,
      outcome: scripted ? 'answer' : 'nxdomain',
      rcode: scripted ? 'NOERROR' : 'NXDOMAIN',
      rttMs: 1,
      answer: (scripted?.data ?? []).map((data) => ({ name, type, ttlSeconds: scripted!.ttlSeconds, data })),
      authority: [],
      additional: [],
    }
  }

  #unsent({ name, type }: Question): Observation {
    return {
      at: this.#clock.now(),
      vantage: 'v',
      qname: name,
      qtype: type,
      outcome: 'failed',
      failure: 'opted_out',
      rcode: 'TIMEOUT',
      rttMs: 0,
      answer: [],
      authority: [],
      additional: [],
    }
  }
}
