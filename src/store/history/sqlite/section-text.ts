// The records of a section as text: RRset after RRset, as they stood, so that a person can read them and a name is not repeated.
import type { ResourceRecord } from '../../../core/dns/record.ts'

/** Owner (0: the name that was asked for), type, TTL in seconds, data. Records that follow each other and share the first three. */
type PackedSet = [owner: string | 0, type: string, ttlSeconds: number, ...data: string[]]

/** What JSON writes between quotes as it is. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/

/** JSON of `PackedSet`s; null for an empty section. Written by hand: it is most of what a row costs. */
export function sectionText(records: readonly ResourceRecord[], qname: string): string | null {
  if (records.length === 0) return null
  let text = '['
  let before: ResourceRecord | null = null
  for (const record of records) {
    const { name, type, ttlSeconds, data } = record
    if (before === null || before.ttlSeconds !== ttlSeconds || before.type !== type || before.name !== name) {
      text += `${before === null ? '[' : '],['}${name === qname ? '0' : quoted(name)},${quoted(type)},${ttlSeconds}`
      before = record
    }
    text += `,${quoted(data)}`
  }
  return `${text}]]`
}

function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text)
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
