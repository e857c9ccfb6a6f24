// How an observation lay in a row of schemas 1 and 2. Read only when such a file is brought up to date.
import type { SQLOutputValue } from 'node:sqlite'
import type { QuestionType, ResourceRecord } from '../../../core/dns/record.ts'
import type { FailureKind, Outcome } from '../../../core/dns/reply.ts'
import type { Freshness, StoredObservation } from '../../../core/model/observation.ts'
import type { TargetId } from '../../../core/model/target.ts'

export function fromRowOfSchema2(row: Record<string, SQLOutputValue>): StoredObservation {
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
    answer: records(row['answer'] as string),
    authority: records(row['authority'] as string),
    additional: records(row['additional'] as string),
    ...(authoritative === null ? {} : { authoritative: authoritative === 1 }),
    ...(scope === null ? {} : { clientSubnetScope: scope }),
    ...(errors === null ? {} : { extendedErrors: extendedErrors(errors) }),
    ...(server === null ? {} : { server: authorityServer(server) }),
    ...(side === null ? {} : { side }),
    ...(freshness === null ? {} : { freshness }),
  }
}

function records(json: string): ResourceRecord[] {
  const packed = JSON.parse(json) as [name: string, type: string, ttlSeconds: number, data: string][]
  return packed.map(([name, type, ttlSeconds, data]) => ({ name, type, ttlSeconds, data }))
}

function extendedErrors(json: string) {
  return (JSON.parse(json) as [code: number, text: string][]).map(([code, text]) => ({ code, text }))
}

function authorityServer(json: string) {
  const [name, address] = JSON.parse(json) as [name: string, address: string]
  return { name, address }
}
