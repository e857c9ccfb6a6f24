// Which format a log is written in, told by its first lines, and the reader of each.
import { CofReader } from './cof-line.ts'
import type { LogReader, SensorContext } from './line-reading.ts'
import { isRefusal, parseObject } from './log-field.ts'
import type { LogFormat } from './log-format-name.ts'
import { ZeekJsonReader, ZeekTsvReader } from './zeek-log.ts'

/** Fields that a JSON dns.log has, and neither COF nor Zeek's other logs. */
const ZEEK_FIELDS = ['query', 'answers', 'qtype_name', 'rcode_name', 'trans_id']

/** Null where the line does not tell: it is broken, or something else altogether. */
export function formatOfLine(line: string): LogFormat | null {
  if (line.startsWith('#')) return 'zeek-tsv'
  const object = parseObject(line)
  if (isRefusal(object)) return null
  if (Object.hasOwn(object, 'rrname')) return 'cof'
  return ZEEK_FIELDS.some((field) => Object.hasOwn(object, field)) ? 'zeek-json' : null
}

export function openReader(format: LogFormat, context: SensorContext): LogReader {
  switch (format) {
    case 'cof':
      return new CofReader(context)
    case 'zeek-tsv':
      return new ZeekTsvReader(context)
    case 'zeek-json':
      return new ZeekJsonReader(context)
  }
}
