// One address of a scripted Internet as a resolver: no sockets, the same outcomes as a stub brings.
import type { Question, ResourceRecord } from '../../../src/core/dns/record.ts'
import type { FailureKind, Reply } from '../../../src/core/dns/reply.ts'
import { answerChain } from '../../../src/dns/answer-chain.ts'
import type { MeteredResolver } from '../../../src/dns/resolver.ts'
import type { ScriptedInternet } from './scripted-internet.ts'

const FAILURES = new Map<string, FailureKind>([
  ['SERVFAIL', 'servfail'],
  ['REFUSED', 'refused'],
])

export class ScriptedAuthority implements MeteredResolver {
  readonly counters = { late: 0, mismatched: 0, truncated: 0, retried: 0 }
  readonly #internet: ScriptedInternet
  readonly #address: string
  /** Set while questions are held back. */
  readonly #gate: Promise<void> | null
  inFlight = 0
  closed = false

  constructor(internet: ScriptedInternet, address: string, gate: Promise<void> | null = null) {
    this.#internet = internet
    this.#address = address
    this.#gate = gate
  }

  async ask(question: Question, signal?: AbortSignal): Promise<Reply> {
    this.inFlight += 1
    try {
      if (this.#gate !== null) await Promise.race([this.#gate, aborted(signal)])
      signal?.throwIfAborted()
      return this.#reply(question)
    } finally {
      this.inFlight -= 1
    }
  }

  async close(): Promise<void> {
    this.closed = true
  }

  #reply(question: Question): Reply {
    const isRefused = this.closed || this.#internet.isRefused(this.#address)
    const said = isRefused ? null : this.#internet.answer(this.#address, question)
    const nothing = { rttMs: 1, transport: 'udp', answer: [], authority: [], additional: [] } as const
    if (said === null) {
      this.counters.retried += 1
      const failure = isRefused ? 'network' : 'timeout'
      return { ...nothing, outcome: 'failed', failure, rcode: 'TIMEOUT', attempts: 2 }
    }
    const chain = answerChain(question.name, question.type, lowered(said.answer))
    const failure = FAILURES.get(said.rcode)
    return {
      ...nothing,
      outcome: failure
        ? 'failed'
        : said.rcode === 'NXDOMAIN'
          ? 'nxdomain'
          : chain.complete
            ? 'answer'
            : 'nodata',
      ...(failure && { failure }),
      rcode: said.rcode,
      attempts: 1,
      answer: chain.records,
      authority: lowered(said.authority),
      additional: lowered(said.additional),
      authoritative: said.authoritative,
    }
  }
}

function lowered(records: readonly ResourceRecord[]): ResourceRecord[] {
  return records.map((record) => ({
    ...record,
    name: record.name.toLowerCase(),
    data: record.data.toLowerCase(),
  }))
}

/** Settles only when the signal aborts; undefined without one, which ends a race at once. */
function aborted(signal: AbortSignal | undefined): Promise<void> | undefined {
  if (signal === undefined) return undefined
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
