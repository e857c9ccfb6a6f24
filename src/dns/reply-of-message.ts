// What a message, or the lack of one, means as a Reply. The only place that judges response codes.
import type { Question } from '../core/dns/record.ts'
import type { FailureKind, Outcome, Reply } from '../core/dns/reply.ts'
import { answerChain } from './answer-chain.ts'
import type { Exchanged, TransportName } from './exchange.ts'
import type { DnsMessage } from './wire/message.ts'
import { RCODE, rcodeName } from './wire/rcode.ts'

/** Records kept of the authority and of the additional section each: a referral with glue needs at most some forty. */
export const MAX_SIDE_RECORDS = 64

export interface ReplyMeasures {
  readonly rttMs: number
  readonly attempts: number
}

/** A reply that brought nothing. `rcode` is the one of a reply that could not be used, `TIMEOUT` when none came. */
export function failedReply(
  failure: FailureKind,
  transport: TransportName,
  measures: ReplyMeasures,
  rcode = 'TIMEOUT',
): Reply {
  return {
    outcome: 'failed',
    failure,
    rcode,
    transport,
    ...measures,
    answer: [],
    authority: [],
    additional: [],
  }
}

/** Turns what an exchange brought into a Reply. */
export function replyOf(question: Question, exchanged: Exchanged, measures: ReplyMeasures): Reply {
  if (exchanged.kind === 'message')
    return replyOfMessage(question, exchanged.message, exchanged.transport, measures)
  const rcode = 'rcode' in exchanged ? rcodeName(exchanged.rcode) : 'TIMEOUT'
  return failedReply(exchanged.kind, exchanged.transport, measures, rcode)
}

function replyOfMessage(
  question: Question,
  message: DnsMessage,
  transport: TransportName,
  measures: ReplyMeasures,
): Reply {
  const qname = (message.questions[0]?.name ?? question.name).toLowerCase()
  const chain = answerChain(qname, question.type, message.answer)
  return {
    ...meaningOf(message.rcode, chain.complete),
    rcode: rcodeName(message.rcode),
    transport,
    ...measures,
    answer: chain.records,
    authority: message.authority.slice(0, MAX_SIDE_RECORDS),
    additional: message.additional.slice(0, MAX_SIDE_RECORDS),
  }
}

const FAILURES = new Map<number, FailureKind>([
  [RCODE.formerr, 'formerr'],
  [RCODE.servfail, 'servfail'],
  [RCODE.notimp, 'notimp'],
  [RCODE.refused, 'refused'],
])

function meaningOf(rcode: number, complete: boolean): { outcome: Outcome; failure?: FailureKind } {
  if (rcode === RCODE.noerror) return { outcome: complete ? 'answer' : 'nodata' }
  if (rcode === RCODE.nxdomain) return { outcome: 'nxdomain' }
  return { outcome: 'failed', failure: FAILURES.get(rcode) ?? 'rcode_other' }
}
