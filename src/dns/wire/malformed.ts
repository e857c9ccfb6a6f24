// Why bytes are no DNS message. The error never leaves wire/: decoder.ts turns it into a result.

/**
 * `short`: the bytes end before what the counts and lengths promise · `bad_label`: a label type other than text or
 * pointer · `bad_pointer`: a compression pointer that does not point backwards · `long_name`: over 255 octets ·
 * `bad_rdata`: the data does not fill its length exactly.
 */
export type MalformedReason = 'short' | 'bad_label' | 'bad_pointer' | 'long_name' | 'bad_rdata'

/** Internal to wire/. */
export class MalformedMessage extends Error {
  readonly reason: MalformedReason

  constructor(reason: MalformedReason) {
    super(`malformed DNS message: ${reason}`)
    this.name = 'MalformedMessage'
    this.reason = reason
  }
}
