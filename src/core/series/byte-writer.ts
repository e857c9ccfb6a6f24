// Writes numbers and short texts as few bytes. byte-reader.ts reads them back; what stands where is the packers' business.

/** Enough for nearly every series; a larger one grows. */
const FIRST_ROOM = 512
/** What the longest integer takes. */
const COUNT_ROOM = 8

export class ByteWriter {
  #bytes = Buffer.allocUnsafe(FIRST_ROOM)
  #length = 0

  byte(value: number): void {
    this.#need(1)
    this.#bytes[this.#length++] = value
  }

  /** An integer from 0 to 2⁵³−1: seven bits a byte, the lowest first. */
  count(value: number): void {
    this.#need(COUNT_ROOM)
    this.#put(value)
  }

  /** An integer of either sign, |value| < 2⁵². */
  signed(value: number): void {
    this.#need(COUNT_ROOM)
    this.#put(value < 0 ? -2 * value - 1 : 2 * value)
  }

  /** 32 bits, unsigned. */
  word(value: number): void {
    this.#need(4)
    this.#length = this.#bytes.writeUInt32BE(value, this.#length)
  }

  /** 64 bits: exactly the number that it is. */
  double(value: number): void {
    this.#need(8)
    this.#length = this.#bytes.writeDoubleBE(value, this.#length)
  }

  /**
   * Up to 31 integers, most of which are 0: which of them are not, then those. What is mostly not 0 comes first: then the mask is
   * short too. Read back with `mask` and `rest`.
   */
  row(values: readonly number[]): void {
    this.#need((values.length + 1) * COUNT_ROOM)
    let mask = 0
    for (let index = 0; index < values.length; index += 1) if (values[index] !== 0) mask |= 1 << index
    this.#put(mask)
    for (let index = 0; index < values.length; index += 1) {
      const value = values[index]!
      if (value !== 0) this.#put(value < 0 ? -2 * value - 1 : 2 * value)
    }
  }

  /** One bit each, as many bytes as it takes. The reader knows how many. */
  bits(values: readonly boolean[]): void {
    for (let start = 0; start < values.length; start += 8) {
      let byte = 0
      for (let bit = 0; bit < 8; bit += 1) if (values[start + bit] === true) byte |= 1 << bit
      this.byte(byte)
    }
  }

  text(text: string): void {
    if (!isAscii(text)) {
      const bytes = Buffer.from(text, 'utf8')
      this.count(bytes.length)
      this.#need(bytes.length)
      this.#length += bytes.copy(this.#bytes, this.#length)
      return
    }
    const { length } = text
    this.count(length)
    this.#need(length)
    for (let index = 0; index < length; index += 1) this.#bytes[this.#length++] = text.charCodeAt(index)
  }

  /** What was written. The writer is done with. */
  toBytes(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }

  #put(value: number): void {
    const bytes = this.#bytes
    let rest = value
    while (rest > 0x7fff_ffff) {
      bytes[this.#length++] = (rest % 128) + 128
      rest = Math.floor(rest / 128)
    }
    while (rest > 127) {
      bytes[this.#length++] = (rest & 127) | 128
      rest >>>= 7
    }
    bytes[this.#length++] = rest
  }

  #need(room: number): void {
    if (this.#length + room <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 4, this.#length + room))
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
  }
}

export function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 127) return false
  return true
}
