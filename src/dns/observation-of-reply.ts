// A reply as the record of what was seen. Adds who asked and when; judges nothing.
import type { Question } from '../core/dns/record.ts'
import type { Reply } from '../core/dns/reply.ts'
import type { Observation } from '../core/model/observation.ts'

type Changeable<T> = { -readonly [Key in keyof T]: T[Key] }

/** `vantage`: its id. `at`: when the reply came; ms since the epoch. What the reply does not tell, the observation lacks. */
export function observationOf(question: Question, vantage: string, reply: Reply, at: number): Observation {
  const { failure, authoritative, clientSubnetScope, extendedErrors, server, side } = reply
  const seen: Changeable<Observation> = {
    at,
    vantage,
    qname: question.name,
    qtype: question.type,
    outcome: reply.outcome,
    rcode: reply.rcode,
    rttMs: reply.rttMs,
    answer: reply.answer,
    authority: reply.authority,
    additional: reply.additional,
  }
  // Not by spreading: that makes an object for each of these, for each question.
  if (failure !== undefined) seen.failure = failure
  if (authoritative !== undefined) seen.authoritative = authoritative
  if (clientSubnetScope !== undefined) seen.clientSubnetScope = clientSubnetScope
  if (extendedErrors !== undefined && extendedErrors.length > 0) seen.extendedErrors = extendedErrors
  if (server !== undefined) seen.server = server
  if (side !== undefined) seen.side = side
  return seen
}
