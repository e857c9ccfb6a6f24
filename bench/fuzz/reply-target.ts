// Everything that a received packet goes through, in one call: matching, checking, every lazy part, the reply. What must
// hold of the outcome whatever the bytes is checked here too.
import type { Question } from '../../src/core/dns/record.ts'
import { replyOf } from '../../src/dns/reply-of-message.ts'
import { decodeMessage } from '../../src/dns/wire/decoder.ts'
import { encodeQuery } from '../../src/dns/wire/query-encoder.ts'
import { matchReply } from '../../src/dns/wire/query-match.ts'
import type { FuzzTarget } from './fuzz-packets.ts'

const QUESTION: Question = { name: 'www.fast-flux.example', type: 'A' }
const ID = 0x1234
/** The seeds' question has this case too, so that some packets still match. */
const CASE_BITS = new Uint8Array(32)
const MEASURES = { rttMs: 1, attempts: 1 }

/** The least a record takes: an owner of one octet, type, class, TTL, length. */
const RECORD_OCTETS = 11
const MAX_TTL_SECONDS = 0x7fff_ffff
/** 253 octets of a name, each at most a four-character escape. */
const MAX_NAME_CHARACTERS = 4 * 253

export function replyTarget(): FuzzTarget {
  const query = encodeQuery(QUESTION, ID, { edns: {}, recursionDesired: true }, CASE_BITS)
  return (bytes) => {
    matchReply(query, bytes)
    const decoded = decodeMessage(bytes)
    if (!decoded.ok) {
      replyOf(QUESTION, { kind: 'malformed', transport: 'udp', rcode: bytes[3] ?? 0 }, MEASURES)
      return false
    }
    const { message } = decoded
    const { questions, answer, authority, additional, edns, rcode } = message
    const records = answer.length + authority.length + additional.length
    if (records * RECORD_OCTETS + questions.length * 5 > bytes.length)
      throw new Error('more records than octets for them')
    for (const section of ['answer', 'authority', 'additional'] as const) {
      for (const { name, ttlSeconds } of message[section]) {
        if (name.length > MAX_NAME_CHARACTERS) throw new Error('an over-long name')
        if (ttlSeconds < 0 || ttlSeconds > MAX_TTL_SECONDS) throw new Error('a TTL beyond 31 bits')
      }
      const cursor = message.cursor(section)
      while (cursor.next()) {
        if (cursor.dataEnd > bytes.length) throw new Error('data behind the end')
        cursor.readOwner()
        cursor.readData()
      }
    }
    if (rcode > 0xfff) throw new Error('a response code of more than 12 bits')
    if (edns?.clientSubnet && edns.clientSubnet.address.length > 16) throw new Error('an over-long subnet')
    replyOf(QUESTION, { kind: 'message', transport: 'udp', message }, MEASURES)
    return true
  }
}
