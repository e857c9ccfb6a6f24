// A checked message whose parts become objects when they are first asked for.
import type { ResourceRecord } from '../../core/dns/record.ts'
import type { MessageLayout } from './check-message.ts'
import { readEdns } from './edns-decoder.ts'
import type { DnsMessage, WireEdns, WireQuestion } from './message.ts'
import { readName, skipName } from './name-decoder.ts'
import { EXACT_TEXT } from './name-text.ts'
import { u16 } from './octets.ts'
import { RecordCursor } from './record-cursor.ts'
import { CLASS_IN, OPT_CODE } from './type-code.ts'

const HEADER_OCTETS = 12

/** The first two octets of a compressed name that is the question's, and the least of any compressed name. */
const QUESTION_POINTER = 0xc00c
const MIN_POINTER = 0xc000

/** Sections without records are common, and nobody may change one. */
const NO_RECORDS: readonly ResourceRecord[] = Object.freeze([])

export class LazyMessage implements DnsMessage {
  readonly #bytes: Uint8Array
  readonly #layout: MessageLayout
  readonly #ageSeconds: number
  #qname: string | null
  #questions: readonly WireQuestion[] | null = null
  #answer: readonly ResourceRecord[] | null = null
  #authority: readonly ResourceRecord[] | null = null
  #additional: readonly ResourceRecord[] | null = null
  #edns: WireEdns | null = null

  /** `layout` is that of the bytes, and its check has passed. */
  constructor(bytes: Uint8Array, layout: MessageLayout, ageSeconds: number, qname: string | null) {
    this.#qname = qname
    this.#bytes = bytes
    this.#layout = layout
    this.#ageSeconds = ageSeconds
  }

  get id(): number {
    return u16(this.#bytes, 0)
  }

  get isResponse(): boolean {
    return (this.#bytes[2]! & 0x80) !== 0
  }

  get opcode(): number {
    return (this.#bytes[2]! >> 3) & 0xf
  }

  get authoritative(): boolean {
    return (this.#bytes[2]! & 0x04) !== 0
  }

  get truncated(): boolean {
    return (this.#bytes[2]! & 0x02) !== 0
  }

  get recursionAvailable(): boolean {
    return (this.#bytes[3]! & 0x80) !== 0
  }

  get rcode(): number {
    const { optAt } = this.#layout
    const upper = optAt === 0 ? 0 : this.#bytes[optAt + 4]!
    return (upper << 4) | (this.#bytes[3]! & 0xf)
  }

  get questions(): readonly WireQuestion[] {
    return (this.#questions ??= this.#readQuestions())
  }

  get qname(): string | null {
    if (this.#qname === null && u16(this.#bytes, 4) > 0) this.#qname = readName(this.#bytes, HEADER_OCTETS)
    return this.#qname
  }

  get answer(): readonly ResourceRecord[] {
    return (this.#answer ??= this.#readRecords('answer'))
  }

  get authority(): readonly ResourceRecord[] {
    return (this.#authority ??= this.#readRecords('authority'))
  }

  get additional(): readonly ResourceRecord[] {
    return (this.#additional ??= this.#readRecords('additional'))
  }

  get edns(): WireEdns | null {
    const { optAt } = this.#layout
    if (optAt === 0) return null
    return (this.#edns ??= readEdns(this.#bytes, optAt))
  }

  /** Walks a section, OPT and records of other classes included, without an object for each record. */
  cursor(section: 'answer' | 'authority' | 'additional'): RecordCursor {
    const bytes = this.#bytes
    const { answerAt, authorityAt, additionalAt } = this.#layout
    if (section === 'answer') return new RecordCursor(bytes, answerAt, u16(bytes, 6), this.#ageSeconds)
    if (section === 'authority') return new RecordCursor(bytes, authorityAt, u16(bytes, 8), this.#ageSeconds)
    return new RecordCursor(bytes, additionalAt, u16(bytes, 10), this.#ageSeconds)
  }

  /** The records of the Internet class, without OPT. Records of another class are not listed. */
  #readRecords(section: 'answer' | 'authority' | 'additional'): readonly ResourceRecord[] {
    if (this.#holdsNone(section)) return NO_RECORDS
    const cursor = this.cursor(section)
    cursor.next()
    let records: ResourceRecord[] | null = null
    // Mostly all owners are one compression pointer, most often to the question: its name is read once.
    let pointer = QUESTION_POINTER
    let owner = this.qname
    do {
      if (cursor.classCode !== CLASS_IN || cursor.typeCode === OPT_CODE) continue
      const start = u16(cursor.bytes, cursor.ownerAt)
      if (owner === null || start !== pointer || start < MIN_POINTER) {
        owner = cursor.readOwner()
        pointer = start
      }
      const { type, ttlSeconds } = cursor
      const record: ResourceRecord = { name: owner, type, ttlSeconds, data: cursor.readData() }
      // Most sections have one record, and an empty list makes room for 17 when the first is pushed.
      if (records === null) records = [record]
      else records.push(record)
    } while (cursor.next())
    return records ?? NO_RECORDS
  }

  /** Most messages have two such sections: the OPT record is not listed. */
  #holdsNone(section: 'answer' | 'authority' | 'additional'): boolean {
    if (section === 'answer') return u16(this.#bytes, 6) === 0
    if (section === 'authority') return u16(this.#bytes, 8) === 0
    return u16(this.#bytes, 10) === (this.#layout.optAt === 0 ? 0 : 1)
  }

  #readQuestions(): WireQuestion[] {
    const bytes = this.#bytes
    const questions: WireQuestion[] = []
    let at = HEADER_OCTETS
    for (let left = u16(bytes, 4); left > 0; left--) {
      const name = readName(bytes, at, EXACT_TEXT)
      at = skipName(bytes, at)
      questions.push({ name, typeCode: u16(bytes, at), classCode: u16(bytes, at + 2) })
      at += 4
    }
    return questions
  }
}
