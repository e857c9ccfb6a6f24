// What a message, or the lack of one, means as a Reply. The only place that judges response codes.
import type { Question, ResourceRecord } from '../core/dns/record.ts'
import type { FailureKind, Outcome, Reply } from '../core/dns/reply.ts'
import { answerChain } from './answer-chain.ts'
import type { Exchanged, TransportName } from './exchange.ts'
import type { DnsMessage } from './wire/message.ts'
import { RCODE, rcodeName } from './wire/rcode.ts'

/** Records kept of the authority and of the additional section each: a referral with glue needs at most some forty. */
const MAX_SIDE_RECORDS = 64

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
  const { rcode, edns } = message
  const qname = message.qname ?? question.name.toLowerCase()
  const chain = answerChain(qname, question.type, message.answer)
  const failure = failureOf(rcode)
  const reply: Changeable<Reply> = {
    outcome: failure === undefined ? outcomeOf(rcode, chain.complete) : 'failed',
    rcode: rcodeName(rcode),
    rttMs: measures.rttMs,
    transport,
    attempts: measures.attempts,
    answer: chain.records,
    authority: atMost(MAX_SIDE_RECORDS, message.authority),
    additional: atMost(MAX_SIDE_RECORDS, message.additional),
    authoritative: message.authoritative,
  }
  if (failure !== undefined) reply.failure = failure
  if (edns === null) return reply
  if (edns.clientSubnet !== null) reply.clientSubnetScope = edns.clientSubnet.scopePrefixLength
  if (edns.extendedErrors.length > 0) reply.extendedErrors = edns.extendedErrors
  return reply
}

type Changeable<T> = { -readonly [Key in keyof T]: T[Key] }

function atMost(count: number, records: readonly ResourceRecord[]): readonly ResourceRecord[] {
  return records.length > count ? records.slice(0, count) : records
}

const FAILURES = new Map<number, FailureKind>([
  [RCODE.formerr, 'formerr'],
  [RCODE.servfail, 'servfail'],
  [RCODE.notimp, 'notimp'],
  [RCODE.refused, 'refused'],
])

/** Undefined for the two response codes that say something about the name. */
function failureOf(rcode: number): FailureKind | undefined {
  if (rcode === RCODE.noerror || rcode === RCODE.nxdomain) return undefined
  return FAILURES.get(rcode) ?? 'rcode_other'
}

function outcomeOf(rcode: number, complete: boolean): Outcome {
  if (rcode === RCODE.nxdomain) return 'nxdomain'
  return complete ? 'answer' : 'nodata'
}
