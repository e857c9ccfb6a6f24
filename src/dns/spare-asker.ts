// Asks what must never be in the way of a round, in the turns that the resolvers' rates leave over. Decides whom; when it
// asks is its caller's business.
import type { Question } from '../core/dns/record.ts'
import type { Reply } from '../core/dns/reply.ts'
import type { Vantage } from './vantage.ts'

/** Null when no resolver has a turn to spare now: nothing was sent. */
export type SpareAsk = (question: Question) => Promise<readonly Reply[]> | null

/**
 * Asks the resolvers among the vantages in turn, so that none of them bears it all. Null when there is none: the `direct`
 * vantage is no way to ask a side question, because it would show our interest to the servers of the reverse zone.
 */
export function spareAsker(vantages: readonly Pick<Vantage, 'protocol' | 'askSpare'>[]): SpareAsk | null {
  const resolvers = vantages.filter(({ protocol }) => protocol !== 'direct')
  if (resolvers.length === 0) return null
  let next = 0
  return (question) => {
    for (let tried = 0; tried < resolvers.length; tried++) {
      const resolver = resolvers[next]!
      next = (next + 1) % resolvers.length
      const replies = resolver.askSpare(question)
      if (replies !== null) return replies
    }
    return null
  }
}
