// Reads what byte-writer.ts wrote. It judges nothing, except that the bytes must be there: they are our own.

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

  byte(): number {
    const byte = this.#bytes[this.#at]
    if (byte === undefined) throw new Error('The bytes of a series end too soon')
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
    }
  }

  signed(): number {
    const value = this.count()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  word(): number {
    const value = this.#bytes.readUInt32BE(this.#at)
    this.#at += 4
    return value
  }

  /** The next number of a row if it is there: `bit` is its place. To be asked for in the order of the places, after `count` for the mask. */
  rest(mask: number, bit: number): number {
    return (mask & (1 << bit)) === 0 ? 0 : this.signed()
  }

  /** The bytes that hold `count` bits, as a text that is equal exactly when they are. */
  bitBytes(count: number): string {
    const end = this.#at + Math.ceil(count / 8)
    const text = this.#bytes.toString('latin1', this.#at, end)
    this.#at = end
    return text
  }

  text(): string {
    const length = this.count()
    if (length === 0) return ''
    const end = this.#at + length
    if (end > this.#bytes.length) throw new Error('The bytes of a series end too soon')
    const text = this.#bytes.toString('utf8', this.#at, end)
    this.#at = end
    return text
  }
}

/** Whether a bit is set in what `bitBytes` gave. */
export function hasBit(bytes: string, index: number): boolean {
  return ((bytes.charCodeAt(index >> 3) >> (index & 7)) & 1) === 1
}
