// How much of one reply is taken in. Over TCP a zone can make each of its many authorities send 64 kB, which compressed names
// unfold to megabytes; every look is kept as observations.
import type { ResourceRecord } from '../../core/dns/record.ts'
import type { Reply } from '../../core/dns/reply.ts'

/** Characters of all records of a reply: room for the 512 addresses that a series holds. Hand-set. */
const REPLY_CHARACTERS = 65_536
/** What a record takes beside its name and its data. */
const RECORD_CHARACTERS = 64

/** The reply with the first of its records, in the order of its sections, that fit; itself when all do. */
export function boundedReply(reply: Reply): Reply {
  let left = REPLY_CHARACTERS
  const fitting = (records: readonly ResourceRecord[]): readonly ResourceRecord[] => {
    const end = records.findIndex(({ name, data }) => {
      left -= name.length + data.length + RECORD_CHARACTERS
      return left < 0
    })
    return end < 0 ? records : records.slice(0, end)
  }
  const answer = fitting(reply.answer)
  const authority = fitting(reply.authority)
  const additional = fitting(reply.additional)
  return left < 0 ? { ...reply, answer, authority, additional } : reply
}
