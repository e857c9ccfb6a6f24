// Whether a message is the reply to a query, judged on its first octets only: cheap, and safe on any bytes.
import type { EncodedQuery } from './query-encoder.ts'
import { u16 } from './octets.ts'
import { QUESTION_START } from './query-encoder.ts'
import { RCODE } from './rcode.ts'

/**
 * `case_only`: everything matches but the case of the name, so the server does not keep it (or it is a guess).
 * `bare_error`: the id matches an error that repeats no question and brings no record, as some servers send FORMERR,
 * SERVFAIL, NOTIMP and REFUSED. Weaker proof than a match: neither the name nor its case vouches for it.
 */
export type QueryMatch = 'match' | 'case_only' | 'bare_error' | 'other'

/**
 * Compares id, QR, opcode, the count of questions, and name, type and class octet by octet (RFC 5452, section 9.1).
 * The name of the first question cannot be compressed, as nothing stands before it.
 */
export function matchReply(query: EncodedQuery, reply: Uint8Array): QueryMatch {
  const { bytes, questionEnd } = query
  return matchQuestion(u16(bytes, 0), bytes, QUESTION_START, questionEnd, reply)
}

/** As matchReply, for the query of that id whose question section is in `octets`, from `from` to before `to`. */
export function matchQuestion(
  id: number,
  octets: Uint8Array,
  from: number,
  to: number,
  reply: Uint8Array,
): QueryMatch {
  if (reply.length < QUESTION_START || u16(reply, 0) !== id) return 'other'
  if ((reply[2]! & 0xf8) !== 0x80) return 'other'
  if (reply[4] !== 0 || reply[5] !== 1) return isBareError(reply) ? 'bare_error' : 'other'
  if (reply.length < QUESTION_START + to - from) return 'other'
  let match: QueryMatch = 'match'
  const nameEnd = to - 4
  for (let at = from, replyAt = QUESTION_START; at < to; at++, replyAt++) {
    const octet = octets[at]!
    const replied = reply[replyAt]!
    if (replied === octet) continue
    if (at >= nameEnd || lowerOctet(replied) !== lowerOctet(octet)) return 'other'
    match = 'case_only'
  }
  return match
}

/** The TC bit of a message of at least twelve octets. */
export function isTruncated(reply: Uint8Array): boolean {
  return (reply[2]! & 0x02) !== 0
}

/** The four lower bits of the response code of a message of at least twelve octets. */
export function headerRcode(reply: Uint8Array): number {
  return reply[3]! & 0x0f
}

/** No question, answer or authority; an OPT record at most. */
function isBareError(reply: Uint8Array): boolean {
  for (let at = 4; at < 11; at++) if (reply[at] !== 0) return false
  if (reply[11]! > 1) return false
  const rcode = headerRcode(reply)
  return (
    rcode === RCODE.formerr || rcode === RCODE.servfail || rcode === RCODE.notimp || rcode === RCODE.refused
  )
}

function lowerOctet(octet: number): number {
  return octet >= 0x41 && octet <= 0x5a ? octet | 0x20 : octet
}
