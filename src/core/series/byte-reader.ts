// Reads what byte-writer.ts wrote. It judges nothing, for the bytes are our own, and tells only when they end too soon.
import { formatIpv4, formatIpv6 } from '../net/address-text.ts'
import { ADDRESS_KINDS } from './byte-writer.ts'

/** Eight bytes hold all numbers up to 2⁵³. */
const LARGEST_SCALE = 2 ** 49

export class ByteReader {
  readonly #bytes: Buffer
  #at = 0

  /** A text is base64. */
  constructor(bytes: string | Uint8Array) {
    this.#bytes =
      typeof bytes === 'string'
        ? Buffer.from(bytes, 'base64')
        : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  /** Whether all has been read. */
  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  count(): number {
    let value = 0
    let scale = 1
    for (;;) {
      const byte = this.#byte()
      value += (byte & 127) * scale
      if (byte < 128) return value
      scale *= 128
      if (scale > LARGEST_SCALE) throw new Error('A number is longer than any that was written')
    }
  }

  signed(): number {
    const value = this.count()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  word(): number {
    return this.#bytes.readUInt32BE(this.#skip(4))
  }

  double(): number {
    return this.#bytes.readDoubleBE(this.#skip(8))
  }

  /** The bytes that hold `count` bits, as a text that is equal exactly when they are. */
  bitBytes(count: number): string {
    const start = this.#skip(Math.ceil(count / 8))
    return this.#bytes.toString('latin1', start, this.#at)
  }

  address(kind: number): string {
    if (kind === ADDRESS_KINDS.ipv4) return formatIpv4(this.word())
    if (kind !== ADDRESS_KINDS.ipv6) return this.text()
    const start = this.#skip(16)
    return formatIpv6(this.#bytes.subarray(start, this.#at))
  }

  text(): string {
    const start = this.#skip(this.count())
    return this.#bytes.toString('utf8', start, this.#at)
  }

  #byte(): number {
    return this.#bytes[this.#skip(1)]!
  }

  /** Where the next `count` bytes begin. */
  #skip(count: number): number {
    const start = this.#at
    this.#at += count
    if (this.#at > this.#bytes.length) throw new Error('The bytes end too soon')
    return start
  }
}

/** Whether a bit is set in what `bitBytes` gave. */
export function hasBit(bytes: string, index: number): boolean {
  return ((bytes.charCodeAt(index >> 3) >> (index & 7)) & 1) === 1
}
