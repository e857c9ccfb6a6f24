// Which records of an observation history counts, as passive DNS does. How they are counted is the store's business.
import type { ResourceRecord } from '../dns/record.ts'
import type { Observation } from '../model/observation.ts'

/** What is counted: addresses, aliases, name servers. A zone's SOA changes with each of its versions and would fill history. */
const COUNTED: ReadonlySet<string> = new Set(['A', 'AAAA', 'CNAME', 'DNAME', 'NS'])

/** Up to so many records it is faster to compare each with each than to make keys. */
const COMPARED = 24

/**
 * The records that an observation shows, each (owner, type, datum) once: of the answer, and of the other sections what a
 * delegation tells (NS, and addresses as glue). Empty for failures and negative answers.
 */
export function seenRecords({ answer, authority, additional }: Observation): readonly ResourceRecord[] {
  const seen: ResourceRecord[] = []
  for (const record of answer) if (COUNTED.has(record.type)) seen.push(record)
  for (const record of authority) if (record.type === 'NS') seen.push(record)
  for (const record of additional) if (record.type === 'A' || record.type === 'AAAA') seen.push(record)
  return seen.length > COMPARED || hasTwins(seen) ? distinctByKey(seen) : seen
}

function hasTwins(records: readonly ResourceRecord[]): boolean {
  for (let index = 1; index < records.length; index += 1) {
    const { name, type, data } = records[index]!
    for (let before = 0; before < index; before += 1) {
      const other = records[before]!
      if (other.data === data && other.type === type && other.name === name) return true
    }
  }
  return false
}

function distinctByKey(records: readonly ResourceRecord[]): readonly ResourceRecord[] {
  const first = new Map<string, ResourceRecord>()
  for (const record of records) {
    const key = `${record.type} ${record.name} ${record.data}`
    if (!first.has(key)) first.set(key, record)
  }
  return [...first.values()]
}
