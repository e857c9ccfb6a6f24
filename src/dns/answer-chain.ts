// Which records of an answer section belong to the question. A record of another owner is no answer to what was asked:
// taken in, it would let one name's server speak for another name.
import type { Question, ResourceRecord } from '../core/dns/record.ts'

export interface AnswerChain {
  /** The CNAMEs from the question's name on and the records of the names that they lead to, in the packet's order. */
  readonly records: readonly ResourceRecord[]
  /** Whether the type asked for is at the end of the chain. */
  readonly complete: boolean
}

/**
 * Follows the CNAMEs from `qname` (as decoded from the packet), whatever order the packet has them in. A loop of CNAMEs
 * ends where it closes; of several CNAMEs of one owner, which no honest zone has, the first is followed.
 */
export function answerChain(
  qname: string,
  type: Question['type'],
  section: readonly ResourceRecord[],
): AnswerChain {
  return isDirect(qname, type, section)
    ? { records: section, complete: true }
    : followed(qname, type, section)
}

/** What most replies are: records of the name and type asked for, and of nothing else. */
function isDirect(qname: string, type: Question['type'], section: readonly ResourceRecord[]): boolean {
  for (const record of section) if (record.type !== type || record.name !== qname) return false
  return section.length > 0
}

function followed(qname: string, type: Question['type'], section: readonly ResourceRecord[]): AnswerChain {
  const byOwner = new Map<string, ResourceRecord[]>()
  for (const record of section) {
    const owned = byOwner.get(record.name)
    if (owned) owned.push(record)
    else byOwner.set(record.name, [record])
  }
  const owners = new Set<string>()
  let complete = false
  for (let owner: string | undefined = qname; owner !== undefined && !owners.has(owner);) {
    owners.add(owner)
    const owned: ResourceRecord[] = byOwner.get(owner) ?? []
    complete = owned.some((record) => record.type === type)
    owner = complete ? undefined : owned.find((record) => record.type === 'CNAME')?.data
  }
  return { records: section.filter((record) => owners.has(record.name)), complete }
}
