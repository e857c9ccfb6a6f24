// A world in process: every answer is computed from the question, the vantage and the time. Most names stand still; some have
// agents that come and go. No sockets, no randomness.
import type { Clock } from '../../src/core/clock.ts'
import type { Question } from '../../src/core/dns/record.ts'
import type { Observation } from '../../src/core/model/observation.ts'
import { targetId, type TargetId } from '../../src/core/model/target.ts'
import type { RoundProber } from '../../src/queue/round-ports.ts'
import { hosterOf, ipv4Of, nameServerAddresses, recordsOf, TTL_SECONDS, VANTAGES } from './watched-names.ts'

/** Addresses in an answer of a name that churns. */
const AGENTS_AN_ANSWER = 5
/** Agents of one name: they come again. */
const AGENTS = 600

export class ScriptedWorld implements RoundProber {
  readonly vantages = VANTAGES
  /** When each target was asked last, ms. */
  readonly askedAt = new Map<TargetId, number>()
  readonly #clock: Clock
  readonly #churnsEvery: number

  /** One name of `churnsEvery` churns; 0: none. */
  constructor(clock: Clock, churnsEvery: number) {
    this.#clock = clock
    this.#churnsEvery = churnsEvery
  }

  churns(index: number): boolean {
    return this.#churnsEvery > 0 && index % this.#churnsEvery === 0
  }

  async probe(
    questions: readonly Question[],
    signal?: AbortSignal,
    only: readonly string[] = this.vantages,
  ): Promise<Observation[]> {
    signal?.throwIfAborted()
    const now = this.#clock.now()
    for (const { name, type } of questions)
      this.askedAt.set(targetId({ kind: type === 'NS' || type === 'SOA' ? 'zone' : 'host', name }), now)
    return questions.flatMap((question) => only.map((vantage) => this.#observe(question, vantage, now)))
  }

  #observe({ name, type }: Question, vantage: string, at: number): Observation {
    const data = this.#answerOf(name, type, vantage, at)
    return {
      at,
      vantage,
      qname: name,
      qtype: type,
      outcome: data.length > 0 ? 'answer' : 'nodata',
      rcode: 'NOERROR',
      rttMs: 1,
      answer: data.map((one) => ({ name, type, ttlSeconds: TTL_SECONDS, data: one })),
      authority: [],
      additional: [],
    }
  }

  #answerOf(name: string, type: string, vantage: string, at: number): readonly string[] {
    const server = /^ns(\d)\.h(\d+)\.example$/.exec(name)
    if (server) return serverAddress(Number(server[2]), Number(server[1]) - 1, type)
    const index = Number(/^n(\d+)\.test$/.exec(name)?.[1])
    if ((type === 'A' || type === 'AAAA') && this.churns(index))
      return type === 'A' ? agentsOf(index, vantage, at) : []
    return recordsOf(name, type).map(({ data }) => data)
  }
}

function serverAddress(hoster: number, server: number, type: string): readonly string[] {
  const [a, aaaa] = nameServerAddresses(hoster, server)
  return type === 'A' ? [a] : type === 'AAAA' ? [aaaa] : []
}

/** Others in each TTL and to each vantage, out of as many as the name has. */
function agentsOf(index: number, vantage: string, at: number): readonly string[] {
  const turn = Math.floor(at / 1000 / TTL_SECONDS) * VANTAGES.length + VANTAGES.indexOf(vantage)
  return Array.from({ length: AGENTS_AN_ANSWER }, (_, seat) => {
    const agent = (turn * AGENTS_AN_ANSWER + seat) % AGENTS
    // Anywhere in the access networks, as botnets are: the low octets of another name, the first octet by the agent.
    return ipv4Of(index * AGENTS + agent).replace(/^45/, String(24 + ((agent * 7 + hosterOf(index)) % 90)))
  })
}
