// A resolver as what a vantage asks: one reply to each question.
import type { MeteredResolver } from './resolver.ts'
import type { VantageSource } from './vantage.ts'

/** The source closes the resolver, and passes its counters and its last error through. */
export function singleReplySource(
  resolver: MeteredResolver & { readonly lastError?: string | null },
): VantageSource {
  return {
    look: (question, signal) => resolver.ask(question, signal).then((reply) => [reply]),
    get counters() {
      return resolver.counters
    },
    get inFlight() {
      return resolver.inFlight
    },
    get lastError() {
      return resolver.lastError ?? null
    },
    close: () => resolver.close(),
  }
}
