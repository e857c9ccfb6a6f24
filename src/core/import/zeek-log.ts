// The two ways in which Zeek writes its dns.log: TSV with a header that says how it is written, and JSON, an object a line.
// Decides how fields are cut and unescaped; what they mean is zeek-entry.ts's.
import {
  refuseLine,
  type LineReading,
  type LogReader,
  type RefusedLine,
  type SensorContext,
} from './line-reading.ts'
import { isRefusal, parseObject } from './log-field.ts'
import { readZeekEntry, type ZeekEntry } from './zeek-entry.ts'

const NEEDED = ['ts', 'query'] as const

/** Cells by the name of their field; undefined for those that are unset. */
type Cells = (field: string) => string | undefined

/** Logs that were put together one after the other have several headers: each holds until the next. */
export class ZeekTsvReader implements LogReader {
  readonly #context: SensorContext
  #separator = '\t'
  #setSeparator = ','
  #emptyField = '(empty)'
  #unsetField = '-'
  #path = 'dns'
  #places: ReadonlyMap<string, number> | null = null
  /** Of each field by its place, as `#types` has them. */
  #types: readonly string[] = []

  constructor(context: SensorContext) {
    this.#context = context
  }

  read(line: string): LineReading {
    if (line.startsWith('#')) return this.#readHeader(line)
    const places = this.#places
    if (places === null) return refuseLine('no_header', 'No #fields came before it.')
    const missing = NEEDED.find((field) => !places.has(field))
    if (missing !== undefined) {
      return refuseLine('missing_field', `${missing}: #fields of the log "${this.#path}" does not name it.`)
    }
    const cells = line.split(this.#separator)
    if (cells.length !== places.size) {
      return refuseLine(
        'wrong_columns',
        `It has ${cells.length} values; #fields names ${places.size} of them.`,
      )
    }
    return readZeekEntry(this.#entryOf(places, cells), this.#context)
  }

  #readHeader(line: string): LineReading {
    // The one header that cannot be written with the separator.
    const separator = /^#separator\s+(\S+)/.exec(line)
    if (separator) {
      this.#separator = unescape(separator[1]!)
      this.#places = null
      this.#types = []
      return { kind: 'header' }
    }
    const [name, ...values] = line.split(this.#separator)
    const value = values.join(this.#separator)
    if (name === '#set_separator') this.#setSeparator = unescape(value)
    else if (name === '#empty_field') this.#emptyField = value
    else if (name === '#unset_field') this.#unsetField = value
    else if (name === '#path') this.#path = value
    else if (name === '#fields') this.#places = new Map(values.map((field, place) => [field, place]))
    else if (name === '#types') this.#types = values
    return { kind: 'header' }
  }

  #entryOf(places: ReadonlyMap<string, number>, cells: readonly string[]): ZeekEntry {
    const raw: Cells = (field) => {
      const cell = cells[places.get(field) ?? -1]
      return cell === this.#unsetField ? undefined : cell
    }
    // What is unset or empty is told from the escaped form: a name "-" is written "\x2d".
    const text: Cells = (field) => {
      const cell = raw(field)
      return cell === undefined ? undefined : unescape(cell)
    }
    const list = (field: string): string[] => {
      const cell = raw(field)
      if (cell === undefined || cell === this.#emptyField || cell === '') return []
      const type = this.#types[places.get(field) ?? -1]
      // A log that says of its answers that they are one text is believed.
      if (type !== undefined && !/^(vector|set)\[/.test(type)) return [unescape(cell)]
      // An unset element keeps its place: the TTLs go by it.
      return cell.split(this.#setSeparator).map((one) => (one === this.#unsetField ? '' : unescape(one)))
    }
    return {
      ts: text('ts'),
      uid: text('uid'),
      transId: text('trans_id'),
      port: text('id.resp_p'),
      query: text('query'),
      qtype: text('qtype'),
      qtypeName: text('qtype_name'),
      rcode: text('rcode'),
      rcodeName: text('rcode_name'),
      authoritative: text('AA'),
      rejected: text('rejected'),
      rtt: text('rtt'),
      answers: list('answers'),
      ttls: list('TTLs'),
    }
  }
}

export class ZeekJsonReader implements LogReader {
  readonly #context: SensorContext

  constructor(context: SensorContext) {
    this.#context = context
  }

  read(line: string): LineReading {
    const object = parseObject(line)
    if (isRefusal(object)) return object
    const { query, answers, TTLs: ttls } = object
    const refused = typeRefusal('query', query, 'string') ?? listRefusal('answers', answers)
    if (refused !== null) return refused
    return readZeekEntry(
      {
        ts: object['ts'],
        uid: object['uid'],
        transId: object['trans_id'],
        port: object['id.resp_p'],
        query: typeof query === 'string' ? unescape(query) : undefined,
        qtype: object['qtype'],
        qtypeName: object['qtype_name'],
        rcode: object['rcode'],
        rcodeName: object['rcode_name'],
        authoritative: object['AA'],
        rejected: object['rejected'],
        rtt: object['rtt'],
        answers: isTexts(answers) ? answers.map(unescape) : [],
        ttls: Array.isArray(ttls) ? (ttls as unknown[]) : [],
      },
      this.#context,
    )
  }
}

function typeRefusal(field: string, value: unknown, type: string): RefusedLine | null {
  if (value === undefined || value === null || typeof value === type) return null
  return refuseLine('bad_field', `${field}: it is no ${type}.`)
}

function listRefusal(field: string, value: unknown): RefusedLine | null {
  if (value === undefined || value === null || isTexts(value)) return null
  return refuseLine('bad_field', `${field}: it is no list of strings.`)
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}

const UTF8 = new TextDecoder('utf-8')

/** Zeek writes octets outside of printable ASCII, and its separators, as `\x09`, and a backslash as two. */
export function unescape(text: string): string {
  if (!text.includes('\\')) return text
  return text.replaceAll(/(?:\\x[0-9a-f]{2})+|\\\\/gi, (run) =>
    run === '\\\\'
      ? '\\'
      : UTF8.decode(Uint8Array.from(run.slice(2).split(/\\x/i), (pair) => Number.parseInt(pair, 16))),
  )
}
