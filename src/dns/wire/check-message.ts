// One pass over the structure of a message that checks all of it, so that whatever is read later cannot fail. It reads no
// text and makes one object, whatever the message holds.
import { FAULT } from './malformed.ts'
import { checkName } from './name-decoder.ts'
import { u16 } from './octets.ts'
import { checkRdata } from './rdata.ts'
import { CLASS_IN, OPT_CODE } from './type-code.ts'

const HEADER_OCTETS = 12

/** Where the sections of a message begin. */
export class MessageLayout {
  answerAt = 0
  authorityAt = 0
  additionalAt = 0
  /** Behind the owner of the OPT record; zero when there is none. */
  optAt = 0

  /**
   * Checks the message and notes where its parts are. Zero, or (negative) a FAULT. A lying count cannot make it long: each
   * record takes at least eleven octets, and the octets run out. Octets behind the last record are ignored, as resolvers in
   * the wild do send them.
   */
  check(bytes: Uint8Array): number {
    if (bytes.length < HEADER_OCTETS) return FAULT.short
    let at = HEADER_OCTETS
    for (let left = u16(bytes, 4); left > 0; left--) {
      at = checkName(bytes, at)
      if (at < 0) return at
      at += 4
      if (at > bytes.length) return FAULT.short
    }
    this.answerAt = at
    at = this.#checkRecords(bytes, at, u16(bytes, 6), false)
    if (at < 0) return at
    this.authorityAt = at
    at = this.#checkRecords(bytes, at, u16(bytes, 8), false)
    if (at < 0) return at
    this.additionalAt = at
    at = this.#checkRecords(bytes, at, u16(bytes, 10), true)
    return at < 0 ? at : 0
  }

  #checkRecords(bytes: Uint8Array, at: number, count: number, optAllowed: boolean): number {
    for (let left = count; left > 0; left--) {
      const ownerAt = at
      at = checkName(bytes, at)
      if (at < 0) return at
      const dataAt = at + 10
      if (dataAt > bytes.length) return FAULT.short
      const typeCode = u16(bytes, at)
      const end = dataAt + u16(bytes, at + 8)
      if (end > bytes.length) return FAULT.short
      if (typeCode === OPT_CODE) {
        // RFC 6891, section 6.1.1: of the root, and in the additional section. Anywhere else it is nothing that we know.
        if (optAllowed && bytes[ownerAt] === 0) {
          if (this.optAt !== 0) return FAULT.two_opts
          this.optAt = at
        }
      } else if (u16(bytes, at + 2) === CLASS_IN) {
        // The data of another class is another language (RFC 1035, section 3.3): skipped, not misread.
        const fault = checkRdata(bytes, typeCode, dataAt, end)
        if (fault < 0) return fault
      }
      at = end
    }
    return at
  }
}
