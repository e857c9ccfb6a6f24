// Which records of an observation history counts, as passive DNS does. How they are counted is the store's business.
import type { ResourceRecord } from '../dns/record.ts'
import type { Observation } from '../model/observation.ts'

/** What is counted: addresses, aliases, name servers. A zone's SOA changes with each of its versions and would fill history. */
export const COUNTED_TYPES = ['A', 'AAAA', 'CNAME', 'DNAME', 'NS'] as const

const COUNTED: ReadonlySet<string> = new Set(COUNTED_TYPES)

/**
 * The records that an observation shows, each (owner, type, datum) once: of the answer, and of the other sections what a
 * delegation tells (NS, and addresses as glue). Empty for failures and negative answers.
 */
export function seenRecords({ answer, authority, additional }: Observation): readonly ResourceRecord[] {
  const first = new Map<string, ResourceRecord>()
  const add = (record: ResourceRecord): void => {
    const key = `${record.type} ${record.name} ${record.data}`
    if (COUNTED.has(record.type) && !first.has(key)) first.set(key, record)
  }
  answer.forEach(add)
  authority.filter(({ type }) => type === 'NS').forEach(add)
  additional.filter(({ type }) => type === 'A' || type === 'AAAA').forEach(add)
  return [...first.values()]
}
