// Writes the texts of a buffer, each in full only where it first stands: afterwards by its number. What a text means is the
// packer's business.
import type { ByteWriter } from '../series/byte-writer.ts'
import { ADDRESS_KINDS, octetsOf, writeOctets } from '../series/packed-address.ts'
import { KNOWN_AFTER, KNOWN_WORDS, SEEN_AFTER, TEXT_MARKS } from './known-words.ts'

const NUMBER_OF_WORD: ReadonlyMap<string, number> = new Map(
  KNOWN_WORDS.map((word, index) => [word, KNOWN_AFTER + index]),
)

export class TextWriter {
  readonly #to: ByteWriter
  readonly #numbers = new Map<string, number>()

  constructor(to: ByteWriter) {
    this.#to = to
  }

  /** A word of a vocabulary; any other text is as welcome, and longer. */
  word(text: string): void {
    const number = NUMBER_OF_WORD.get(text)
    if (number === undefined) this.text(text)
    else this.#to.count(number)
  }

  text(text: string): void {
    if (!this.#isRepeated(text)) this.#literal(text)
  }

  /** A text that is likely an address. */
  address(text: string): void {
    if (this.#isRepeated(text)) return
    const octets = octetsOf(text)
    if (octets.kind === ADDRESS_KINDS.text) {
      this.#literal(text)
      return
    }
    this.#to.count(octets.kind === ADDRESS_KINDS.ipv4 ? TEXT_MARKS.ipv4 : TEXT_MARKS.ipv6)
    writeOctets(this.#to, text, octets)
  }

  #isRepeated(text: string): boolean {
    const number = this.#numbers.get(text)
    if (number !== undefined) this.#to.count(number)
    else this.#numbers.set(text, SEEN_AFTER + this.#numbers.size)
    return number !== undefined
  }

  #literal(text: string): void {
    if (text.isWellFormed()) {
      this.#to.count(TEXT_MARKS.text)
      this.#to.text(text)
      return
    }
    // UTF-8 has no bytes for half a surrogate pair.
    this.#to.count(TEXT_MARKS.codeUnits)
    this.#to.count(text.length)
    for (let index = 0; index < text.length; index += 1) this.#to.count(text.charCodeAt(index))
  }
}
