// What a reply over UDP is worth, when id, port and question have matched already. Judges only; udp-exchange.ts acts on it.
import type { Exchanged } from './exchange.ts'
import type { ServerMemory } from './server-memory.ts'
import type { UdpQuestion } from './udp-question.ts'
import { decodeMessage } from './wire/decoder.ts'
import { headerRcode, isTruncated } from './wire/query-match.ts'
import { RCODE } from './wire/rcode.ts'

/**
 * An Exchanged of kind `message` settles the question, and one of kind `malformed` ends its attempt · `truncated` ·
 * `unproven`: it may be a forger's, as the cookie is not ours · `bad_cookie`: the server wants its cookie back first.
 */
export type UdpVerdict =
  Extract<Exchanged, { kind: 'message' | 'malformed' }> | 'truncated' | 'unproven' | 'bad_cookie'

/** A message in the verdict is valid as long as the bytes are. */
export function judgeReply(question: UdpQuestion, bytes: Uint8Array, memory: ServerMemory): UdpVerdict {
  if (isTruncated(bytes)) return 'truncated'
  const decoded = decodeMessage(bytes, 0, question.canonicalName)
  if (!decoded.ok) return { kind: 'malformed', transport: 'udp', rcode: headerRcode(bytes) }
  const { message } = decoded
  if (question.options.edns !== null) {
    if (memory.judgeCookie(message.edns) === 'unproven') return 'unproven'
    if (message.rcode === RCODE.badcookie) return 'bad_cookie'
  }
  return { kind: 'message', transport: 'udp', message }
}

/**
 * An error without a question section, which proves neither that its sender knows the name nor its case. `decides`: it may
 * settle the question at once, since the worst is that it is asked again without EDNS, or since it came twice, from two
 * ports with two ids. Null: it is no message. `unproven`: it lacks the cookie that this server always sends back. The
 * message stays valid.
 */
export function judgeBareError(
  question: UdpQuestion,
  bytes: Uint8Array,
  memory: ServerMemory,
): { readonly decides: boolean; readonly exchanged: Exchanged } | 'unproven' | null {
  const decoded = decodeMessage(bytes.slice())
  if (!decoded.ok) return null
  const { message } = decoded
  if (question.options.edns !== null && memory.judgeCookie(message.edns) === 'unproven') return 'unproven'
  const dislikesEdns = message.rcode === RCODE.formerr || message.rcode === RCODE.notimp
  const decides = (dislikesEdns && question.options.edns !== null) || question.bareErrors > 0
  return { decides, exchanged: { kind: 'message', transport: 'udp', message } }
}
