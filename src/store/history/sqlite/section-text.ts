// The records of a section as text: RRset after RRset, as they stood, so that a person can read them and a name is not repeated.
import type { ResourceRecord } from '../../../core/dns/record.ts'

/** Owner (0: the name that was asked for), type, TTL in seconds, data. Records that follow each other and share the first three. */
type PackedSet = [owner: string | 0, type: string, ttlSeconds: number, ...data: string[]]

/** JSON; null for an empty section. */
export function sectionText(records: readonly ResourceRecord[], qname: string): string | null {
  if (records.length === 0) return null
  const sets: PackedSet[] = []
  let last: PackedSet | null = null
  let before: ResourceRecord | null = null
  for (const record of records) {
    const { name, type, ttlSeconds, data } = record
    if (
      last !== null &&
      before!.name === name &&
      before!.type === type &&
      before!.ttlSeconds === ttlSeconds
    ) {
      last.push(data)
    } else {
      last = [name === qname ? 0 : name, type, ttlSeconds, data]
      sets.push(last)
      before = record
    }
  }
  return JSON.stringify(sets)
}

/** Inverse of `sectionText`. */
export function sectionOf(text: string | null, qname: string): ResourceRecord[] {
  if (text === null) return []
  const records: ResourceRecord[] = []
  for (const [owner, type, ttlSeconds, ...data] of JSON.parse(text) as PackedSet[]) {
    const name = owner === 0 ? qname : owner
    for (const each of data) records.push({ name, type, ttlSeconds, data: each })
  }
  return records
}
