// Writes numbers, addresses and short texts as few bytes. byte-reader.ts reads them back; what stands where is the packer's business.
import { formatIpv4, formatIpv6, parseIpv4Number, parseIpv6Bytes } from '../net/address-text.ts'

/** How an address is written. `text`: its octets do not give its text back. */
export const ADDRESS_KINDS = { ipv4: 0, ipv6: 1, text: 2 } as const

/** Up to here a loop is faster than the way to the encoder, and the length is one byte. */
const SHORT_TEXT = 32

export class ByteWriter {
  #bytes = Buffer.allocUnsafe(512)
  #length = 0

  /** An integer from 0 to 2⁵³−1: seven bits a byte, the lowest first. A fraction is rounded. */
  count(value: number): void {
    if ((value & 127) === value) {
      this.#byte(value)
      return
    }
    let rest = Math.max(0, Math.round(value))
    while (rest > 127) {
      this.#byte((rest % 128) + 128)
      rest = Math.floor(rest / 128)
    }
    this.#byte(rest)
  }

  /** An integer of either sign, |value| < 2⁵². */
  signed(value: number): void {
    const whole = Math.round(value)
    this.count(whole < 0 ? -2 * whole - 1 : 2 * whole)
  }

  /** 32 bits, unsigned. */
  word(value: number): void {
    for (const shift of [24, 16, 8, 0]) this.#byte((value >>> shift) & 0xff)
  }

  /** One bit each, as many bytes as it takes. The reader knows how many. */
  bits(values: readonly boolean[]): void {
    for (let start = 0; start < values.length; start += 8) {
      let byte = 0
      for (let bit = 0; bit < 8; bit += 1) if (values[start + bit] === true) byte |= 1 << bit
      this.#byte(byte)
    }
  }

  /** An address, without its kind. */
  address(text: string, kind: number): void {
    if (kind === ADDRESS_KINDS.ipv4) this.word(parseIpv4Number(text)!)
    else if (kind === ADDRESS_KINDS.ipv6) for (const byte of parseIpv6Bytes(text)!) this.#byte(byte)
    else this.text(text)
  }

  /** 64 bits: exactly the number that it is. */
  double(value: number): void {
    const bytes = Buffer.allocUnsafe(8)
    bytes.writeDoubleBE(value)
    for (const byte of bytes) this.#byte(byte)
  }

  /** UTF-8. A lone surrogate does not come back. */
  text(text: string): void {
    if (text.length <= SHORT_TEXT && this.#shortAscii(text)) return
    const length = Buffer.byteLength(text, 'utf8')
    this.count(length)
    this.#makeRoom(length)
    this.#length += this.#bytes.write(text, this.#length, 'utf8')
  }

  /** What was written so far. Nothing may be written afterwards: the memory is shared. */
  toBytes(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }

  toBase64(): string {
    return this.toBytes().toString('base64')
  }

  /** Whether it was written: not unless all of it is ASCII. */
  #shortAscii(text: string): boolean {
    this.#makeRoom(text.length + 1)
    let at = this.#length
    this.#bytes[at++] = text.length
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index)
      if (code > 127) return false
      this.#bytes[at++] = code
    }
    this.#length = at
    return true
  }

  #byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#makeRoom(1)
    this.#bytes[this.#length] = value
    this.#length += 1
  }

  #makeRoom(count: number): void {
    const needed = this.#length + count
    if (needed <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2))
    larger.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = larger
  }
}

/** Octets where they say it all; a text that is not canonical, or no address, as it is. */
export function addressKind(text: string): number {
  const number = parseIpv4Number(text)
  if (number !== null) return formatIpv4(number) === text ? ADDRESS_KINDS.ipv4 : ADDRESS_KINDS.text
  const bytes = parseIpv6Bytes(text)
  return bytes !== null && formatIpv6(bytes) === text ? ADDRESS_KINDS.ipv6 : ADDRESS_KINDS.text
}
