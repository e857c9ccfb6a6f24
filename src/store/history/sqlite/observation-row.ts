// How an observation lies in a row of the table. Decides the columns' content only; the table is schema.ts's.
import type { SQLInputValue, SQLOutputValue } from 'node:sqlite'
import type { ResourceRecord } from '../../../core/dns/record.ts'
import type { AuthorityServer, ExtendedError, FailureKind, Outcome } from '../../../core/dns/reply.ts'
import type { QuestionType } from '../../../core/dns/record.ts'
import type { TargetId } from '../../../core/model/target.ts'
import type { Freshness, StoredObservation } from '../../../core/model/observation.ts'

/** One column per field: a field that is added to an observation fails to compile here until it has a column. */
const COLUMN_OF: Record<keyof Required<StoredObservation>, string> = {
  id: 'id',
  target: 'target',
  round: 'round',
  at: 'at',
  vantage: 'vantage',
  qname: 'qname',
  qtype: 'qtype',
  outcome: 'outcome',
  failure: 'failure',
  rcode: 'rcode',
  rttMs: 'rtt_ms',
  answer: 'answer',
  authority: 'authority',
  additional: 'additional',
  authoritative: 'authoritative',
  clientSubnetScope: 'client_subnet_scope',
  extendedErrors: 'extended_errors',
  server: 'server',
  side: 'side',
  freshness: 'freshness',
}

export const COLUMNS: readonly string[] = Object.values(COLUMN_OF)

/** A replayed row is left as it was. Only the id may clash: any other broken constraint is an error. */
export const INSERT_SQL = `INSERT INTO observation (${COLUMNS.join(', ')})
  VALUES (${COLUMNS.map(() => '?').join(', ')}) ON CONFLICT (id) DO NOTHING`

/** The values in the order of `COLUMNS`. */
export function toRow(observation: StoredObservation): SQLInputValue[] {
  const values: Record<keyof Required<StoredObservation>, SQLInputValue> = {
    id: observation.id,
    target: observation.target,
    round: observation.round,
    at: observation.at,
    vantage: observation.vantage,
    qname: observation.qname,
    qtype: observation.qtype,
    outcome: observation.outcome,
    failure: observation.failure ?? null,
    rcode: observation.rcode,
    rttMs: observation.rttMs,
    answer: packRecords(observation.answer),
    authority: packRecords(observation.authority),
    additional: packRecords(observation.additional),
    authoritative: observation.authoritative === undefined ? null : Number(observation.authoritative),
    clientSubnetScope: observation.clientSubnetScope ?? null,
    extendedErrors: packExtendedErrors(observation.extendedErrors),
    server: packServer(observation.server),
    side: observation.side ?? null,
    freshness: observation.freshness ?? null,
  }
  return (Object.keys(COLUMN_OF) as (keyof StoredObservation)[]).map((field) => values[field])
}

/** Inverse of `toRow`. Trusts the row: only `toRow` writes the table. */
export function fromRow(row: Record<string, SQLOutputValue>): StoredObservation {
  const failure = row['failure'] as FailureKind | null
  const authoritative = row['authoritative'] as number | null
  const scope = row['client_subnet_scope'] as number | null
  const errors = row['extended_errors'] as string | null
  const server = row['server'] as string | null
  const side = row['side'] as 'parent' | 'child' | null
  const freshness = row['freshness'] as Freshness | null
  return {
    id: row['id'] as string,
    target: row['target'] as TargetId,
    round: row['round'] as number,
    at: row['at'] as number,
    vantage: row['vantage'] as string,
    qname: row['qname'] as string,
    qtype: row['qtype'] as QuestionType,
    outcome: row['outcome'] as Outcome,
    ...(failure === null ? {} : { failure }),
    rcode: row['rcode'] as string,
    rttMs: row['rtt_ms'] as number,
    answer: unpackRecords(row['answer'] as string),
    authority: unpackRecords(row['authority'] as string),
    additional: unpackRecords(row['additional'] as string),
    ...(authoritative === null ? {} : { authoritative: authoritative === 1 }),
    ...(scope === null ? {} : { clientSubnetScope: scope }),
    ...(errors === null ? {} : { extendedErrors: unpackExtendedErrors(errors) }),
    ...(server === null ? {} : { server: unpackServer(server) }),
    ...(side === null ? {} : { side }),
    ...(freshness === null ? {} : { freshness }),
  }
}

type PackedRecord = readonly [name: string, type: string, ttlSeconds: number, data: string]

function packRecords(records: readonly ResourceRecord[]): string {
  return JSON.stringify(
    records.map((record): PackedRecord => [record.name, record.type, record.ttlSeconds, record.data]),
  )
}

function unpackRecords(json: string): ResourceRecord[] {
  const packed = JSON.parse(json) as PackedRecord[]
  return packed.map(([name, type, ttlSeconds, data]) => ({ name, type, ttlSeconds, data }))
}

function packExtendedErrors(errors: readonly ExtendedError[] | undefined): string | null {
  return errors === undefined ? null : JSON.stringify(errors.map(({ code, text }) => [code, text]))
}

function unpackExtendedErrors(json: string): ExtendedError[] {
  return (JSON.parse(json) as [code: number, text: string][]).map(([code, text]) => ({ code, text }))
}

function packServer(server: AuthorityServer | undefined): string | null {
  return server === undefined ? null : JSON.stringify([server.name, server.address])
}

function unpackServer(json: string): AuthorityServer {
  const [name, address] = JSON.parse(json) as [name: string, address: string]
  return { name, address }
}
