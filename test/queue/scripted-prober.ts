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
  /** Names that the operator asked not to be probed, and vantages that may ask nobody. */
  readonly optedOut = new Set<string>()
  /** Who can be asked; the one named `direct` asks authorities. */
  vantages: readonly string[] = ['v']
  /** Whom each probe asked. */
  readonly askedOf: (readonly string[])[] = []
  /** What the parent gives as addresses of name servers, by name, when `direct` is asked for a zone's. */
  glue: Readonly<Record<string, readonly string[]>> = {}
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

  async probe(
    questions: readonly Question[],
    signal?: AbortSignal,
    only: readonly string[] = this.vantages,
  ): Promise<Observation[]> {
    signal?.throwIfAborted()
    this.askedOf.push(only)
    this.asked.push(...questions.map(({ name, type }) => `${name} ${type}`))
    await this.during(questions)
    signal?.throwIfAborted()
    return questions.flatMap((question) => only.map((vantage) => this.#observe(question, vantage)))
  }

  #observe({ name, type }: Question, vantage: string): Observation {
    const scripted = this.#answers.get(`${name} ${type}`)
    if (this.optedOut.has(name) || this.optedOut.has(vantage)) return this.#unsent({ name, type }, vantage)
    if (vantage === 'direct' && type === 'NS') return this.#referral(name)
    return {
      at: this.#clock.now(),
      vantage,
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

  /** Of the zone's parent, with two days as TTL. */
  #referral(zone: string): Observation {
    const names = Object.entries(this.glue)
    return {
      at: this.#clock.now(),
      vantage: 'direct',
      qname: zone,
      qtype: 'NS',
      outcome: 'nodata',
      rcode: 'NOERROR',
      rttMs: 1,
      authoritative: false,
      side: 'parent',
      server: { name: 'a.tld.example', address: '192.0.2.53' },
      answer: [],
      authority: names.map(([data]) => ({ name: zone, type: 'NS', ttlSeconds: 172_800, data })),
      additional: names.flatMap(([name, addresses]) =>
        addresses.map((data) => ({ name, type: 'A', ttlSeconds: 172_800, data })),
      ),
    }
  }

  #unsent({ name, type }: Question, vantage: string): Observation {
    return {
      at: this.#clock.now(),
      vantage,
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
