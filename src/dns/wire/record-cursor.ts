// Walks the records of a checked message one after the other, without an object for each: what a caller does not read costs
// nothing.
import { readName, skipName } from './name-decoder.ts'
import { u16, u32 } from './octets.ts'
import { readRdata } from './rdata.ts'
import { CLASS_IN, typeName } from './type-code.ts'

/** RFC 2181, section 8: a TTL with the top bit set counts as zero. */
const MAX_TTL_SECONDS = 0x7fff_ffff

const NO_TYPE = 0

/** Stands before the first record until next() is called. Only for bytes that check-message.ts has passed. */
export class RecordCursor {
  readonly bytes: Uint8Array
  readonly #ageSeconds: number
  #left: number
  #next: number
  #ownerAt = 0
  typeCode = 0
  classCode = 0
  #ttl = 0
  /** The data are the octets of `bytes` from here … */
  dataAt = 0
  /** … to here. */
  dataEnd = 0

  /** `count` records from the offset `at` on; `ageSeconds` is taken from each TTL. */
  constructor(bytes: Uint8Array, at: number, count: number, ageSeconds = 0) {
    this.bytes = bytes
    this.#ageSeconds = ageSeconds
    this.#next = at
    this.#left = count
  }

  /** Goes to the next record; false when there is none. */
  next(): boolean {
    if (this.#left === 0) return false
    this.#left -= 1
    const { bytes } = this
    this.#ownerAt = this.#next
    const at = skipName(bytes, this.#next)
    this.typeCode = u16(bytes, at)
    this.classCode = u16(bytes, at + 2)
    this.#ttl = u32(bytes, at + 4)
    this.dataAt = at + 10
    this.dataEnd = this.#next = at + 10 + u16(bytes, at + 8)
    return true
  }

  get ttlSeconds(): number {
    return this.#ttl > MAX_TTL_SECONDS ? 0 : Math.max(0, this.#ttl - this.#ageSeconds)
  }

  get type(): string {
    return typeName(this.typeCode)
  }

  /** Offset of the owner's name; equal offsets and equal pointers are equal names. */
  get ownerAt(): number {
    return this.#ownerAt
  }

  /** The owner in lower case, without the trailing dot. */
  readOwner(): string {
    return readName(this.bytes, this.#ownerAt)
  }

  /** The data in presentation form; of another class than the Internet's as octets (RFC 3597, section 5). */
  readData(): string {
    const typeCode = this.classCode === CLASS_IN ? this.typeCode : NO_TYPE
    return readRdata(this.bytes, typeCode, this.dataAt, this.dataEnd)
  }
}
