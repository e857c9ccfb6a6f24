// A row of the table `observation` as the observation that it was made of.
import type { FailureKind, Outcome } from '../../../core/dns/reply.ts'
import type { QuestionType } from '../../../core/dns/record.ts'
import type { Freshness, StoredObservation } from '../../../core/model/observation.ts'
import type { TargetId } from '../../../core/model/target.ts'
import { unpackErrors, unpackRecords, unpackServer, unpackTold } from './packed-fields.ts'
import { longId } from './short-id.ts'

/** The columns of a SELECT that `toObservation` reads, in order. */
export const STORED_COLUMNS =
  'target, at, key, id, round, vantage, qname, qtype, outcome, failure, rcode, rtt_ms, answer, authority, additional, ' +
  'authoritative, client_subnet_scope, extended_errors, server, side, freshness, told'

export type StoredRow = [
  target: TargetId,
  at: number,
  key: number,
  id: string,
  round: number,
  vantage: string,
  qname: string,
  qtype: QuestionType,
  outcome: Outcome,
  failure: FailureKind | '',
  rcode: string,
  rttMs: number,
  answer: string,
  authority: string,
  additional: string,
  authoritative: -1 | 0 | 1,
  clientSubnetScope: number,
  extendedErrors: string,
  server: string,
  side: 'parent' | 'child' | '',
  freshness: Freshness | '',
  told: string,
]

/** Inverse of `incomingLine`, as far as it is stored. Trusts the row: only we write the table. */
export function toObservation(row: StoredRow): StoredObservation {
  const [target, at, , id, round, vantage, qname, qtype, outcome, failure, rcode, rttMs] = row
  const [answer, authority, additional, authoritative, scope, errors, server, side, freshness, told] =
    row.slice(12) as [
      string,
      string,
      string,
      -1 | 0 | 1,
      number,
      string,
      string,
      StoredRow[19],
      StoredRow[20],
      string,
    ]
  const observation = {
    target,
    round,
    at,
    vantage,
    qname,
    qtype,
    outcome,
    ...(failure === '' ? {} : { failure }),
    rcode,
    rttMs,
    answer: unpackRecords(answer),
    authority: unpackRecords(authority),
    additional: unpackRecords(additional),
    ...(authoritative === -1 ? {} : { authoritative: authoritative === 1 }),
    ...(scope === -1 ? {} : { clientSubnetScope: scope }),
    ...(errors === '' ? {} : { extendedErrors: unpackErrors(errors) }),
    ...(server === '' ? {} : { server: unpackServer(server) }),
    ...(side === '' ? {} : { side }),
    ...(freshness === '' ? {} : { freshness }),
    ...(told === '' ? {} : { told: unpackTold(told) }),
  }
  return { id: longId(id, observation), ...observation }
}
