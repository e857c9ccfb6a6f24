// What a vantage asks, without a network: replies are what a test says, when it says so. Sockets have tests of their own.
import type { Question } from '../../src/core/dns/record.ts'
import type { Reply } from '../../src/core/dns/reply.ts'
import type { ReplySource } from '../../src/dns/resolver.ts'

/** An answer, changed as told. */
export function reply(change: Partial<Reply> = {}): Reply {
  return {
    outcome: 'answer',
    rcode: 'NOERROR',
    rttMs: 1,
    transport: 'udp',
    attempts: 1,
    answer: [],
    authority: [],
    additional: [],
    ...change,
  }
}

export function failed(failure: NonNullable<Reply['failure']>, change: Partial<Reply> = {}): Reply {
  return reply({ outcome: 'failed', failure, rcode: 'TIMEOUT', ...change })
}

export class ScriptedSource implements ReplySource {
  readonly asked: Question[] = []
  counters = { late: 0, mismatched: 0, truncated: 0, retried: 0 }
  inFlight = 0
  lastError: string | null = null
  #isClosed = false
  /** What each question brings. */
  brings: (question: Question) => readonly Reply[] | Promise<readonly Reply[]>

  constructor(brings: ScriptedSource['brings'] = () => [reply()]) {
    this.brings = brings
  }

  async look(question: Question, signal?: AbortSignal): Promise<readonly Reply[]> {
    this.asked.push(question)
    if (this.#isClosed) return [failed('network')]
    const replies = await this.brings(question)
    signal?.throwIfAborted()
    return replies
  }

  async close(): Promise<void> {
    this.#isClosed = true
  }
}
