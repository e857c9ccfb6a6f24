// What a reply means that an authority gave as a server of a zone: its own data, a referral, or a sign that it does not
// serve that zone. Pure; every reply gets a reading.
import { delegationOf, type Delegation } from '../../core/dns/delegation.ts'
import { isBelow, isWithin } from '../../core/dns/name-tree.ts'
import type { Question } from '../../core/dns/record.ts'
import type { FailureKind, Reply } from '../../core/dns/reply.ts'

/** Why a server counts as lame for a zone that it is listed for (RFC 9499, "lame delegation"). */
export type LameReason =
  | 'refused'
  | 'servfail'
  | 'notauth'
  | 'not_authoritative'
  /** It refers upward, to the zone itself, or to another branch. */
  | 'misdirected_referral'
  /** It answers with authority, but for a zone above the one that it is listed for. */
  | 'other_zone'

export type Reading =
  /** To a zone below the one that was asked, at or above the name of the question. */
  | { readonly kind: 'referral'; readonly delegation: Delegation }
  | OwnData
  | { readonly kind: 'lame'; readonly reason: LameReason }
  /** Nothing that could be read came. */
  | { readonly kind: 'failed'; readonly failure: FailureKind }

/** The server answered from a zone that it serves: with records (also a CNAME alone), without, or that there is no name. */
export interface OwnData {
  readonly kind: 'answer' | 'nodata' | 'nxdomain'
  /**
   * Apex of a deeper zone that the answer came from, as its authority section shows: the server serves both sides of the
   * cut, and so no referral was seen. Null when the answer shows none.
   */
  readonly deeperApex: string | null
}

/** Reads what a server of `zone` replied to `question`. */
export function readReply(reply: Reply, question: Question, zone: string): Reading {
  if (reply.outcome === 'failed') return readFailure(reply)
  const apex = deeperApex(reply, question.name, zone, ['NS'])
  const isReferral = reply.rcode === 'NOERROR' && (reply.answer.length === 0 || !reply.authoritative)
  // With the AA bit too, which some servers set in referrals: without an SOA it is no negative answer (RFC 2308, 2.2).
  if (isReferral && apex !== null && !reply.authority.some((record) => record.type === 'SOA')) {
    const delegation = delegationOf(apex, zone, reply.authority, reply.additional)
    if (delegation !== null) return { kind: 'referral', delegation }
  }
  if (reply.authoritative !== true) {
    const refers = reply.answer.length === 0 && reply.authority.some((record) => record.type === 'NS')
    return { kind: 'lame', reason: refers ? 'misdirected_referral' : 'not_authoritative' }
  }
  if (reply.answer.length === 0 && speaksFromAbove(reply, zone)) return { kind: 'lame', reason: 'other_zone' }
  return {
    kind: reply.answer.length > 0 ? 'answer' : reply.outcome,
    deeperApex: deeperApex(reply, question.name, zone, ['SOA', 'NS']),
  }
}

/** Whether the reply settles what the zone has for the question: other servers need not be asked for that. */
export function isDecisive(reading: Reading): reading is Exclude<Reading, { kind: 'lame' | 'failed' }> {
  return reading.kind !== 'lame' && reading.kind !== 'failed'
}

const LAME_FAILURES = new Map<FailureKind, LameReason>([
  ['refused', 'refused'],
  ['servfail', 'servfail'],
])

function readFailure(reply: Reply): Reading {
  const failure = reply.failure ?? 'rcode_other'
  const reason = reply.rcode === 'NOTAUTH' ? 'notauth' : LAME_FAILURES.get(failure)
  return reason === undefined ? { kind: 'failed', failure } : { kind: 'lame', reason }
}

/** Whether a negative answer, or a referral with the AA bit, comes out of a zone above the one that was asked. */
function speaksFromAbove(reply: Reply, zone: string): boolean {
  return reply.authority.some(({ type, name }) => (type === 'SOA' || type === 'NS') && isBelow(zone, name))
}

function deeperApex(reply: Reply, name: string, zone: string, types: readonly string[]): string | null {
  const found = reply.authority.find(
    (record) => types.includes(record.type) && isBelow(record.name, zone) && isWithin(name, record.name),
  )
  return found?.name ?? null
}
