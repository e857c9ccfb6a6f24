// A story of the direct vantage: a part of the scripted Internet, questions, and all that must be seen.
import type { Question } from '../../../src/core/dns/record.ts'
import type { Reply } from '../../../src/core/dns/reply.ts'
import type { Cut, Script } from './scripted-internet.ts'

export interface Round {
  readonly ask: `${string} ${Question['type']}`
  /** Happens before the question. */
  readonly change?: Cut & { readonly from: string }
  /** Every line of shownReplies, in any order. */
  readonly seen: readonly string[]
}

export interface Story extends Script {
  /** A sentence of behaviour; the title of the test. */
  readonly title: string
  readonly rounds: readonly Round[]
}

export function questionOf({ ask }: Round): Question {
  const [name = '', type = 'A'] = ask.split(' ')
  return { name, type: type as Question['type'] }
}

/**
 * A look in lines, sorted. What the parent's servers say, each thing once: `parent NS <ttl> <name>`,
 * `parent glue <ttl> <name> <address>`, else `parent <outcome>`. For each authority `child <name> <address>: ` and its data
 * (sorted) or outcome; failures with the rcode. `nobody: <failure>` where no server is to blame.
 */
export function shownReplies(replies: readonly Reply[]): string[] {
  return [...new Set(replies.flatMap(shownReply))].toSorted()
}

function shownReply(reply: Reply): string[] {
  if (reply.server === undefined) return [`nobody: ${reply.failure}`]
  if (reply.side === 'parent') {
    if (reply.outcome !== 'answer') return [`parent ${reply.failure ?? reply.outcome}`]
    return [
      ...reply.authority.map(({ ttlSeconds, data }) => `parent NS ${ttlSeconds} ${data}`),
      ...reply.additional.map(({ ttlSeconds, name, data }) => `parent glue ${ttlSeconds} ${name} ${data}`),
    ]
  }
  const data = reply.answer.map((record) =>
    record.type === 'CNAME' ? `alias:${record.data}` : record.data.split(' ')[0]!,
  )
  const said =
    reply.failure === undefined
      ? (data.length > 0 ? data.toSorted() : [reply.outcome]).join(' ')
      : `${reply.failure} ${reply.rcode}`
  return [`child ${reply.server.name} ${reply.server.address}: ${said}`]
}

/** What the inside of the end-to-end test says of one story. */
export interface ToldStory {
  readonly title: string
  /** shownReplies of each round. */
  readonly rounds: readonly (readonly string[])[]
  /** UDP replies with the TC bit; each was asked again over TCP. */
  readonly truncated: number
}
