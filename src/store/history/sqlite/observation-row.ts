// How an observation lies in a row of the table. Decides the columns' content only; the table is schema.ts's.
import type { SQLInputValue, SQLOutputValue } from 'node:sqlite'
import type { ResourceRecord } from '../../../core/dns/record.ts'
import type { FailureKind, Outcome } from '../../../core/dns/reply.ts'
import type { QuestionType } from '../../../core/dns/record.ts'
import type { TargetId } from '../../../core/model/target.ts'
import type { StoredObservation } from '../../../core/model/observation.ts'

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
  }
  return (Object.keys(COLUMN_OF) as (keyof StoredObservation)[]).map((field) => values[field])
}

/** Inverse of `toRow`. Trusts the row: only `toRow` writes the table. */
export function fromRow(row: Record<string, SQLOutputValue>): StoredObservation {
  const failure = row['failure'] as FailureKind | null
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
