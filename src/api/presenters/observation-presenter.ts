// From a stored observation to the wire: JSON here, rows of a table in observation-csv.ts.
import type { ResourceRecord } from '../../core/dns/record.ts'
import type { AuthorityServer } from '../../core/dns/reply.ts'
import type { StoredObservation } from '../../core/model/observation.ts'
import { presentInstant } from './instant.ts'

export function presentObservation(observation: StoredObservation) {
  return {
    id: observation.id,
    at: presentInstant(observation.at),
    target: observation.target,
    round: observation.round,
    vantage: observation.vantage,
    qname: observation.qname,
    qtype: observation.qtype,
    outcome: observation.outcome,
    failure: observation.failure ?? null,
    rcode: observation.rcode,
    rtt_ms: observation.rttMs,
    answer: observation.answer.map(presentRecord),
    authority: observation.authority.map(presentRecord),
    additional: observation.additional.map(presentRecord),
    freshness: observation.freshness ?? null,
    authoritative: observation.authoritative ?? null,
    client_subnet_scope: observation.clientSubnetScope ?? null,
    extended_errors: (observation.extendedErrors ?? []).map(({ code, text }) => ({ code, text })),
    server: observation.server ? presentServer(observation.server) : null,
    side: observation.side ?? null,
    told: observation.told
      ? { first_seen: presentInstant(observation.told.firstSeen), count: observation.told.count }
      : null,
  }
}

function presentServer({ name, address }: AuthorityServer) {
  return { name, address }
}

function presentRecord(record: ResourceRecord) {
  return { name: record.name, type: record.type, ttl_s: record.ttlSeconds, data: record.data }
}
