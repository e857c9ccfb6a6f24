// What a reply to a PTR question says about an address, and how long it may be believed. Pure.
import type { Reply } from '../core/dns/reply.ts'
import { isOwnFailure } from '../core/dns/reply.ts'

/** What is known of an address's name. */
export interface PtrFinding {
  /** Null: there is no PTR record, as far as could be learnt. */
  readonly name: string | null
  /** Milliseconds. */
  readonly keepMs: number
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** An owner's TTL is believed within these bounds: a zero must not make us ask in every round. Hand-set. */
const LEAST_KEEP_MS = HOUR_MS
const MOST_KEEP_MS = 24 * HOUR_MS
/** A reverse zone whose servers fail is asked again after so long. Hand-set: nobody waits for it. */
const FAILED_KEEP_MS = 30 * MINUTE_MS
/** The failure was ours, and says nothing about the address. */
const OWN_FAILURE_KEEP_MS = MINUTE_MS

/**
 * The first name in alphabetical order where there are several (RFC 2181, section 10.2, allows that), so that the order of
 * the packet does not matter. Whoever holds an address writes what he likes into its PTR: a hint, never a proof.
 */
export function ptrFinding(reply: Reply): PtrFinding {
  if (reply.outcome === 'failed') {
    const isOurs = reply.failure !== undefined && isOwnFailure(reply.failure)
    return { name: null, keepMs: isOurs ? OWN_FAILURE_KEEP_MS : FAILED_KEEP_MS }
  }
  // The records of the answer are those of the question's name, or of the one that a CNAME leads to (RFC 2317).
  const records = reply.answer.filter((record) => record.type === 'PTR' && record.data !== '')
  const [first] = records.map((record) => record.data).toSorted()
  if (first === undefined) return { name: null, keepMs: bounded(negativeTtlSeconds(reply)) }
  return { name: first, keepMs: bounded(Math.min(...records.map((record) => record.ttlSeconds))) }
}

/** RFC 2308, section 5: the lesser of the SOA's own TTL and its minimum; none without an SOA. */
function negativeTtlSeconds(reply: Reply): number {
  const soa = reply.authority.find((record) => record.type === 'SOA')
  if (soa === undefined) return 0
  const minimum = Number(soa.data.split(' ').at(-1))
  return Number.isFinite(minimum) ? Math.min(soa.ttlSeconds, minimum) : soa.ttlSeconds
}

function bounded(ttlSeconds: number): number {
  return Math.max(LEAST_KEEP_MS, Math.min(MOST_KEEP_MS, ttlSeconds * 1000))
}
