// Bytes to message. Any bytes at all give a result: a message, or why they are none.
import { MessageLayout } from './check-message.ts'
import { LazyMessage } from './lazy-message.ts'
import { reasonOf, type MalformedReason } from './malformed.ts'

export type DecodeResult =
  | { readonly ok: true; readonly message: LazyMessage }
  | { readonly ok: false; readonly reason: MalformedReason }

/**
 * Decodes one message (without the length prefix of TCP). Never throws, whatever the bytes. Checks all of it at once, and
 * makes records of it only when they are asked for: the bytes must not change as long as the message is in use.
 * `ageSeconds`: how long a cache outside of DNS has held the message; taken from each TTL (RFC 8484, section 5.1). `qname`: the name of the first question in lower
 * case, where the caller has compared it already (EncodedQuery.canonicalName): spares reading it.
 */
export function decodeMessage(bytes: Uint8Array, ageSeconds = 0, qname: string | null = null): DecodeResult {
  const layout = new MessageLayout()
  const fault = layout.check(bytes)
  return fault < 0
    ? { ok: false, reason: reasonOf(fault) }
    : { ok: true, message: new LazyMessage(bytes, layout, ageSeconds, qname) }
}
