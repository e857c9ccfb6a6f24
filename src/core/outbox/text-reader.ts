// Reads what text-writer.ts wrote.
import type { ByteReader } from '../series/byte-reader.ts'
import { ADDRESS_KINDS, readOctets } from '../series/packed-address.ts'
import { KNOWN_AFTER, KNOWN_WORDS, SEEN_AFTER, TEXT_MARKS } from './known-words.ts'

export class TextReader {
  readonly #from: ByteReader
  readonly #seen: string[] = []

  constructor(from: ByteReader) {
    this.#from = from
  }

  text(): string {
    const number = this.#from.count()
    if (number < KNOWN_AFTER) {
      const text = this.#literal(number)
      this.#seen.push(text)
      return text
    }
    const text = number < SEEN_AFTER ? KNOWN_WORDS[number - KNOWN_AFTER] : this.#seen[number - SEEN_AFTER]
    if (text === undefined) throw new Error(`Expected the number of a text, got ${number}`)
    return text
  }

  #literal(mark: number): string {
    if (mark === TEXT_MARKS.text) return this.#from.text()
    if (mark === TEXT_MARKS.ipv4) return readOctets(this.#from, ADDRESS_KINDS.ipv4)
    if (mark === TEXT_MARKS.ipv6) return readOctets(this.#from, ADDRESS_KINDS.ipv6)
    let text = ''
    for (let left = this.#from.count(); left > 0; left -= 1) text += String.fromCharCode(this.#from.count())
    return text
  }
}
