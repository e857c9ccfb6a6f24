// How the parts of an observation that have parts of their own lie in a text column: as JSON, since it gives every text back as
// it was. '' stands for a part that is not there.
import type { ResourceRecord } from '../../../core/dns/record.ts'
import type { AuthorityServer, ExtendedError } from '../../../core/dns/reply.ts'
import type { StoredObservation } from '../../../core/model/observation.ts'

type PackedRecord = readonly [name: string, type: string, ttlSeconds: number, data: string]

/** `[[name, type, ttlSeconds, data], …]`; '' for no record. */
export function packRecords(records: readonly ResourceRecord[]): string {
  if (records.length === 0) return ''
  return JSON.stringify(
    records.map((record): PackedRecord => [record.name, record.type, record.ttlSeconds, record.data]),
  )
}

export function unpackRecords(text: string): ResourceRecord[] {
  if (text === '') return []
  return (JSON.parse(text) as PackedRecord[]).map(([name, type, ttlSeconds, data]) => ({
    name,
    type,
    ttlSeconds,
    data,
  }))
}

export function packErrors(errors: readonly ExtendedError[] | undefined): string {
  return errors === undefined ? '' : JSON.stringify(errors.map(({ code, text }) => [code, text]))
}

export function unpackErrors(text: string): ExtendedError[] {
  return (JSON.parse(text) as [code: number, text: string][]).map(([code, words]) => ({ code, text: words }))
}

export function packServer(server: AuthorityServer | undefined): string {
  return server === undefined ? '' : JSON.stringify([server.name, server.address])
}

export function unpackServer(text: string): AuthorityServer {
  const [name, address] = JSON.parse(text) as [name: string, address: string]
  return { name, address }
}

export function packTold(told: StoredObservation['told']): string {
  return told === undefined ? '' : JSON.stringify([told.firstSeen, told.count])
}

export function unpackTold(text: string): NonNullable<StoredObservation['told']> {
  const [firstSeen, count] = JSON.parse(text) as [firstSeen: number, count: number]
  return { firstSeen, count }
}
