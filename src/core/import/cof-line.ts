// A line of passive DNS in the Common Output Format (draft-dulaunoy-dnsop-passive-dns-cof), which tells a sum: these records of
// one owner were seen so often between two times. Decides how the sum lies in an observation; its id is made elsewhere.
import type { QuestionType, ResourceRecord } from '../dns/record.ts'
import { SENSOR_PREFIX } from '../model/observation.ts'
import { parseAddress } from '../net/address.ts'
import { quoted } from '../names/name-refusal.ts'
import {
  refuseLine,
  type LineReading,
  type LogReader,
  type RefusedLine,
  type SensorContext,
} from './line-reading.ts'
import {
  futureRefusal,
  isRefusal,
  parseObject,
  readHost,
  readNumber,
  readOwner,
  readTime,
  readType,
  type JsonObject,
} from './log-field.ts'

/** More records than any RRset that a response can carry. */
const MOST_RECORDS = 4096

export class CofReader implements LogReader {
  readonly #context: SensorContext

  constructor(context: SensorContext) {
    this.#context = context
  }

  /**
   * The sum as one observation, at the time at which it was seen last. How long the records may be cached is not in the format:
   * `ttlSeconds` is 0. Neither the bailiwick nor the `sensor_id` is kept; both tell lines apart.
   */
  read(line: string): LineReading {
    const cof = parseObject(line)
    return isRefusal(cof) ? cof : readCof(cof, this.#context)
  }
}

function readCof(cof: JsonObject, { sensor, now }: SensorContext): LineReading {
  const { rrname, rrtype, rdata, bailiwick, sensor_id: sensorId } = cof
  if (typeof rrname !== 'string') return refuseLine('missing_field', 'rrname: there is none.')
  const type = readType(rrtype)
  if (type === undefined) return refuseLine('missing_field', 'rrtype: there is none.')
  if (type === null) return { kind: 'skipped', reason: 'type_not_kept' }
  const name = readOwner('rrname', rrname)
  if (typeof name !== 'string') return name
  const answer = readRdata(name, type, rdata)
  if (!isRecords(answer)) return answer
  const times = readTimes(cof)
  if (isRefusal(times)) return times
  const { firstSeen, lastSeen } = times
  const future = futureRefusal('time_last', lastSeen, now)
  if (future !== null) return future
  const count = cof['count'] === undefined ? 1 : readNumber(cof['count'])
  if (count === null || !Number.isSafeInteger(count) || count < 0) {
    return refuseLine('bad_field', `count: ${shown(cof['count'])} is no count.`)
  }
  const content = answer.map(({ data }) => data).toSorted()
  return {
    kind: 'row',
    row: {
      identity: JSON.stringify([
        'cof',
        name,
        type,
        content,
        firstSeen,
        lastSeen,
        count,
        bailiwick ?? null,
        sensorId ?? null,
      ]),
      observation: {
        // As our own rounds keep them: whom a zone lists is a matter of the zone.
        target: `${type === 'NS' || type === 'SOA' ? 'zone' : 'host'}:${name}`,
        round: 0,
        at: lastSeen,
        vantage: `${SENSOR_PREFIX}${sensor}`,
        qname: name,
        qtype: type,
        outcome: 'answer',
        rcode: 'NOERROR',
        rttMs: 0,
        answer,
        authority: [],
        additional: [],
        told: { firstSeen, count },
      },
    },
  }
}

/** `time_…` of what was seen in answers, `zone_time_…` of what stood in a zone file; ms where the line has them. */
function readTimes(cof: JsonObject): { readonly firstSeen: number; readonly lastSeen: number } | RefusedLine {
  const [first, last] = (['first', 'last'] as const).map((end) => {
    const field = [`time_${end}_ms`, `time_${end}`, `zone_time_${end}`].find(
      (one) => cof[one] !== undefined && cof[one] !== null,
    )
    if (field === undefined) return refuseLine('missing_field', `time_${end}: there is none.`)
    return readTime(cof[field]) ?? refuseLine('bad_field', `${field}: ${shown(cof[field])} is no time.`)
  })
  if (typeof first !== 'number') return first!
  if (typeof last !== 'number') return last!
  if (first > last) return refuseLine('bad_field', 'time_first: it lies after time_last.')
  return { firstSeen: first, lastSeen: last }
}

function readRdata(name: string, type: QuestionType, rdata: unknown): ResourceRecord[] | RefusedLine {
  const texts: readonly unknown[] = Array.isArray(rdata) ? rdata : [rdata]
  if (rdata === undefined || texts.length === 0) return refuseLine('missing_field', 'rdata: there is none.')
  if (texts.length > MOST_RECORDS) {
    return refuseLine('bad_field', `rdata: it has ${texts.length} records; at most ${MOST_RECORDS} are read.`)
  }
  const records: ResourceRecord[] = []
  for (const text of texts) {
    const data = typeof text === 'string' ? dataOf(type, text) : null
    if (data === null) return refuseLine('bad_field', `rdata: ${shown(text)} is not the data of ${type}.`)
    records.push({ name, type, ttlSeconds: 0, data })
  }
  return records
}

function isRecords(value: ResourceRecord[] | RefusedLine): value is ResourceRecord[] {
  return Array.isArray(value)
}

/** Null for data that no record of the type has. */
function dataOf(type: QuestionType, text: string): string | null {
  switch (type) {
    case 'A':
    case 'AAAA': {
      const address = parseAddress(text)
      return address?.family === (type === 'A' ? 4 : 6) && !address.mapped ? address.text : null
    }
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return readHost(text)
    case 'SOA':
      return soaOf(text)
    case 'TXT':
      return text
  }
}

/** `mname rname serial refresh retry expire minimum`, the names as everywhere. */
function soaOf(text: string): string | null {
  const fields = text.trim().split(/\s+/)
  const [mname, rname, ...numbers] = fields
  if (mname === undefined || rname === undefined || numbers.length !== 5) return null
  if (!numbers.every((number) => /^\d{1,10}$/.test(number))) return null
  return [...[mname, rname].map((name) => name.toLowerCase().replace(/(?<=.)\.$/, '')), ...numbers].join(' ')
}

function shown(value: unknown): string {
  return typeof value === 'string' ? quoted(value) : quoted(JSON.stringify(value) ?? 'nothing')
}
