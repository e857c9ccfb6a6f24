// Reads what byte-writer.ts wrote. It judges nothing, except that the bytes must be there: they are our own.

/** Eight bytes hold all numbers up to 2⁵³. */
const LARGEST_SCALE = 2 ** 49

export class ByteReader {
  readonly #bytes: Buffer
  #at: number

  /** `start`: the place of the first byte that is read. */
  constructor(bytes: Uint8Array, start = 0) {
    this.#at = start
    this.#bytes = Buffer.isBuffer(bytes)
      ? bytes
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Whether all has been read. */
  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  byte(): number {
    const byte = this.#bytes[this.#at]
    if (byte === undefined) throw endsTooSoon()
    this.#at += 1
    return byte
  }

  count(): number {
    let value = this.byte()
    if (value < 128) return value
    value &= 127
    let scale = 128
    for (;;) {
      const byte = this.byte()
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

  /** The next number of a row if it is there: `bit` is its place. To be asked for in the order of the places, after `count` for the mask. */
  rest(mask: number, bit: number): number {
    return (mask & (1 << bit)) === 0 ? 0 : this.signed()
  }

  /** The bytes that hold `count` bits, as a text that is equal exactly when they are. */
  bitBytes(count: number): string {
    const start = this.#skip(Math.ceil(count / 8))
    return this.#bytes.toString('latin1', start, this.#at)
  }

  text(): string {
    const length = this.count()
    if (length === 0) return ''
    const start = this.#skip(length)
    return this.#bytes.toString('utf8', start, this.#at)
  }

  /** Where the next `count` bytes begin. */
  #skip(count: number): number {
    const start = this.#at
    if (start + count > this.#bytes.length) throw endsTooSoon()
    this.#at += count
    return start
  }
}

function endsTooSoon(): Error {
  return new Error('The bytes end too soon')
}

/** Whether a bit is set in what `bitBytes` gave. */
export function hasBit(bytes: string, index: number): boolean {
  return ((bytes.charCodeAt(index >> 3) >> (index & 7)) & 1) === 1
}
