// The records of one section of a reply.
import type { ResourceRecord } from '../dns/record.ts'
import type { ByteReader } from '../series/byte-reader.ts'
import type { ByteWriter } from '../series/byte-writer.ts'
import { readAmount, writeAmount } from './packed-amount.ts'
import type { TextReader } from './text-reader.ts'
import type { TextWriter } from './text-writer.ts'

export function writeRecords(to: ByteWriter, texts: TextWriter, records: readonly ResourceRecord[]): void {
  to.count(records.length)
  for (const { name, type, ttlSeconds, data } of records) {
    texts.text(name)
    texts.word(type)
    writeAmount(to, ttlSeconds)
    if (type === 'A' || type === 'AAAA') texts.address(data)
    else texts.text(data)
  }
}

export function readRecords(from: ByteReader, texts: TextReader): readonly ResourceRecord[] {
  const records: ResourceRecord[] = []
  for (let left = from.count(); left > 0; left -= 1) {
    const name = texts.text()
    const type = texts.text()
    const ttlSeconds = readAmount(from)
    records.push({ name, type, ttlSeconds, data: texts.text() })
  }
  return records
}
