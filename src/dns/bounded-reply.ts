// How much of one reply is taken in. Over TCP a server can send 64 kB, which compressed names unfold to megabytes, and each of
// a hostile zone's many authorities as much; every look is kept as observations.
import type { ResourceRecord } from '../core/dns/record.ts'
import type { Reply } from '../core/dns/reply.ts'

/** Characters of all records of a reply: room for the 512 addresses that a series holds. Hand-set. */
const REPLY_CHARACTERS = 65_536
/** What a record takes beside its name and its data. */
const RECORD_CHARACTERS = 64

/** Each reply as `boundedReply` leaves it; the list itself when none is too long. */
export function boundedReplies(replies: readonly Reply[]): readonly Reply[] {
  // A loop and no closure: this is passed for each question, and nearly always for nothing.
  for (const reply of replies) if (boundedReply(reply) !== reply) return replies.map(boundedReply)
  return replies
}

/** The reply with the first of its records, in the order of its sections, that fit; itself when all do. */
export function boundedReply(reply: Reply): Reply {
  const { answer, authority, additional } = reply
  if (charactersOf(answer) + charactersOf(authority) + charactersOf(additional) <= REPLY_CHARACTERS)
    return reply
  let left = REPLY_CHARACTERS
  const fitting = (records: readonly ResourceRecord[]): readonly ResourceRecord[] => {
    const end = records.findIndex((record) => {
      left -= charactersOf([record])
      return left < 0
    })
    return end < 0 ? records : records.slice(0, end)
  }
  return {
    ...reply,
    answer: fitting(answer),
    authority: fitting(authority),
    additional: fitting(additional),
  }
}

function charactersOf(records: readonly ResourceRecord[]): number {
  let characters = 0
  for (const { name, data } of records) characters += name.length + data.length + RECORD_CHARACTERS
  return characters
}
