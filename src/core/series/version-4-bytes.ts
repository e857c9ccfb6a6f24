// Reads the bytes that version 4 of a stored series had in base64. It judges nothing: the bytes are our own.
import { formatIpv4, formatIpv6 } from '../net/address-text.ts'

/** How an address was written. `text`: its octets do not give its text back. */
const ADDRESS_KINDS = { ipv4: 0, ipv6: 1, text: 2 } as const

export class Base64Reader {
  readonly #bytes: Buffer
  #at = 0

  constructor(base64: string) {
    this.#bytes = Buffer.from(base64, 'base64')
  }

  count(): number {
    let value = 0
    let scale = 1
    for (;;) {
      const byte = this.#byte()
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

  /** The bytes that hold `count` bits, as a text that is equal exactly when they are. */
  bitBytes(count: number): string {
    const end = this.#at + Math.ceil(count / 8)
    const text = this.#bytes.toString('latin1', this.#at, end)
    this.#at = end
    return text
  }

  address(kind: number): string {
    if (kind === ADDRESS_KINDS.ipv4) return formatIpv4(this.word())
    if (kind !== ADDRESS_KINDS.ipv6) return this.text()
    this.#at += 16
    return formatIpv6(this.#bytes.subarray(this.#at - 16, this.#at))
  }

  text(): string {
    const length = this.count()
    this.#at += length
    return this.#bytes.toString('utf8', this.#at - length, this.#at)
  }

  #byte(): number {
    const byte = this.#bytes[this.#at]
    if (byte === undefined) throw new Error('The bytes of a series end too soon')
    this.#at += 1
    return byte
  }
}

/** Whether a bit is set in what `bitBytes` gave. */
export function hasBit(bytes: string, index: number): boolean {
  return ((bytes.charCodeAt(index >> 3) >> (index & 7)) & 1) === 1
}
