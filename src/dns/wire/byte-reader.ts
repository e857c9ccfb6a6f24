// A cursor over a message that cannot read past its end. Knows integers only; names and records are read by others.
import { MalformedMessage } from './malformed.ts'

export class ByteReader {
  readonly bytes: Uint8Array
  /** Offset of the next octet to be read. */
  at = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  /** Throws MalformedMessage (`short`) unless `count` octets are left. */
  need(count: number): void {
    if (this.at + count > this.bytes.length) throw new MalformedMessage('short')
  }

  u8(): number {
    this.need(1)
    return this.bytes[this.at++]!
  }

  u16(): number {
    this.need(2)
    const { bytes, at } = this
    this.at = at + 2
    return (bytes[at]! << 8) | bytes[at + 1]!
  }

  u32(): number {
    return this.u16() * 0x1_0000 + this.u16()
  }

  /** A view (no copy) of the next `count` octets. */
  take(count: number): Uint8Array {
    this.need(count)
    const start = this.at
    this.at = start + count
    return this.bytes.subarray(start, this.at)
  }
}
