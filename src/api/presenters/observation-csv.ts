// Observations as a table: a row for each record that was answered, and one for each observation without any.
import type { ResourceRecord } from '../../core/dns/record.ts'
import type { StoredObservation } from '../../core/model/observation.ts'
import { csvTableOfRows } from './csv.ts'
import { presentInstant } from './instant.ts'

interface Row {
  readonly observation: StoredObservation
  readonly section: 'answer' | 'authority' | 'additional' | null
  readonly record: ResourceRecord | null
}

export const OBSERVATION_TABLE = csvTableOfRows<StoredObservation, Row>(rowsOf, [
  ['id', ({ observation }) => observation.id],
  ['at', ({ observation }) => presentInstant(observation.at)],
  ['target', ({ observation }) => observation.target],
  ['round', ({ observation }) => observation.round],
  ['vantage', ({ observation }) => observation.vantage],
  ['qname', ({ observation }) => observation.qname],
  ['qtype', ({ observation }) => observation.qtype],
  ['outcome', ({ observation }) => observation.outcome],
  ['failure', ({ observation }) => observation.failure],
  ['rcode', ({ observation }) => observation.rcode],
  ['rtt_ms', ({ observation }) => observation.rttMs],
  ['section', ({ section }) => section],
  ['name', ({ record }) => record?.name],
  ['type', ({ record }) => record?.type],
  ['ttl_s', ({ record }) => record?.ttlSeconds],
  ['data', ({ record }) => record?.data],
  ['freshness', ({ observation }) => observation.freshness],
  ['authoritative', ({ observation }) => observation.authoritative],
  ['client_subnet_scope', ({ observation }) => observation.clientSubnetScope],
  ['extended_errors', ({ observation }) => extendedErrorsOf(observation)],
  ['server_name', ({ observation }) => observation.server?.name],
  ['server_address', ({ observation }) => observation.server?.address],
  ['side', ({ observation }) => observation.side],
  ['told_first_seen', ({ observation: { told } }) => told && presentInstant(told.firstSeen)],
  ['told_count', ({ observation }) => observation.told?.count],
])

function rowsOf(observation: StoredObservation): Row[] {
  const rows: Row[] = []
  for (const section of ['answer', 'authority', 'additional'] as const)
    for (const record of observation[section]) rows.push({ observation, section, record })
  return rows.length > 0 ? rows : [{ observation, section: null, record: null }]
}

function extendedErrorsOf({ extendedErrors = [] }: StoredObservation): string {
  return extendedErrors.map(({ code, text }) => (text === '' ? `${code}` : `${code} ${text}`)).join('; ')
}
