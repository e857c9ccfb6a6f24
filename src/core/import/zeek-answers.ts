// What the answers of a Zeek dns.log mean. The log has the data of each record, without owner and type: both are told from the
// question and from the data itself. Decides no outcome.
import type { QuestionType, ResourceRecord } from '../dns/record.ts'
import { parseAddress } from '../net/address.ts'
import { readHost } from './log-field.ts'

/** RFC 2181, section 8. */
const LONGEST_TTL_SECONDS = 2 ** 31 - 1

/** The types of questions whose answers can be told from the log. Of an SOA it has the first name only, a TXT is cut as text. */
export type ToldType = Extract<QuestionType, 'A' | 'AAAA' | 'CNAME' | 'NS'>

/**
 * The records of an answer section.
 *
 * A name is an alias, from the question's name on, each the alias of the one before; an address belongs to the end of this
 * chain, wherever in the answer it stands. For NS questions a name is a name server. What is neither (signatures and other
 * records, which Zeek writes with their type in front) is passed over, and so is an address of the other family.
 *
 * `ttlSeconds`: of each answer by its place; 0 where it is not known.
 */
export function recordsOfAnswers(
  qname: string,
  qtype: ToldType,
  answers: readonly string[],
  ttlSeconds: readonly (number | null)[],
): readonly ResourceRecord[] {
  const records: ResourceRecord[] = []
  const owners = new Set([qname])
  let owner = qname
  const ttlAt = (index: number): number =>
    Math.min(LONGEST_TTL_SECONDS, Math.max(0, Math.floor(ttlSeconds[index] ?? 0)))
  const addresses: { readonly data: string; readonly index: number }[] = []
  for (const [index, text] of answers.entries()) {
    const address = parseAddress(text)
    if (address !== null) {
      if (!address.mapped && qtype === (address.family === 4 ? 'A' : 'AAAA')) {
        addresses.push({ data: address.text, index })
      }
      continue
    }
    const name = readHost(text)
    if (name === null) continue
    if (qtype === 'NS') records.push({ name: qname, type: 'NS', ttlSeconds: ttlAt(index), data: name })
    // A loop of aliases ends where it closes.
    else if (!owners.has(name)) {
      records.push({ name: owner, type: 'CNAME', ttlSeconds: ttlAt(index), data: name })
      owners.add(name)
      owner = name
    }
  }
  for (const { data, index } of addresses) {
    records.push({ name: owner, type: qtype, ttlSeconds: ttlAt(index), data })
  }
  return records
}
