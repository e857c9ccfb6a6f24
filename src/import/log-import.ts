// Brings the lines of sensors' logs into history, and what they say of names into the live state. Holds a batch and the sightings of
// some thousand names at a time, whatever the size of a log; reads on only when history has taken a batch in.
import { hash } from 'node:crypto'
import { formatOfLine, openReader } from '../core/import/log-format.ts'
import type { LogFormat } from '../core/import/log-format-name.ts'
import { refuseLine, type LineReading, type LogReader } from '../core/import/line-reading.ts'
import { GatheredSightings, type Sightings } from '../core/import/sightings.ts'
import { SENSOR_PREFIX, type StoredObservation } from '../core/model/observation.ts'
import { ImportTally } from './import-tally.ts'

/** A line as it was cut out of a log. `index`: from 0, empty ones counted. */
export interface LogLine {
  readonly index: number
  /** Null when it could not be read at all; then see `problem`. */
  readonly text: string | null
  readonly problem: 'line_too_long' | 'bad_utf8' | null
}

export interface ImportParts {
  readonly sensor: string
  /** Null: told by the first lines of each log. */
  readonly format: LogFormat | null
  /** ms since the epoch; the same for the whole import. */
  readonly now: number
  /** Observations before it are told to be outdated; ms. */
  readonly historySince: number
  /** Sightings before it are left out; ms. */
  readonly sightingsSince: number
  /** Idempotent by the row's id. */
  readonly history: { append(rows: readonly StoredObservation[]): Promise<void> }
  /** Idempotent. Null where there is no live state. */
  readonly sightings: { note(sensor: string, sightings: Sightings): Promise<unknown> } | null
}

/** No line of a log that is read is longer: an answer of 65,535 octets has less text. */
export const LONGEST_LINE_BYTES = 1024 * 1024
const ROWS_A_BATCH = 4_000
/** Pairs of name and address that are held: about 250 B of heap each. */
const SIGHTINGS_HELD = 100_000
/** A log that does not tell its format in so many lines is something else. */
const LINES_THAT_TELL = 100

/** The log's first lines are of no format that is known; nothing of it was imported. */
export class UnknownFormatError extends Error {
  override readonly name = 'UnknownFormatError'
}

export class LogImport {
  readonly tally = new ImportTally()
  readonly #parts: ImportParts
  readonly #gathered = new GatheredSightings()
  #batch: StoredObservation[] = []

  constructor(parts: ImportParts) {
    this.#parts = parts
  }

  /**
   * Imports one log. Rejects when its format is unknown (`UnknownFormatError`), when it cannot be read on, and when history or the live
   * state fail: what was taken in until then stays, and the same log imported again adds only the rest.
   */
  async read(file: string, batches: AsyncIterable<readonly LogLine[]>): Promise<void> {
    let reader = this.#parts.format === null ? null : openReader(this.#parts.format, this.#parts)
    let waiting: LogLine[] = []
    try {
      for await (const lines of batches) {
        let ready = lines
        if (reader === null) {
          waiting.push(...lines)
          reader = this.#readerFor(waiting)
          if (reader === null && waiting.length >= LINES_THAT_TELL) throw unknownFormat(file)
          ready = reader === null ? [] : waiting
          if (reader !== null) waiting = []
        }
        if (reader !== null) await this.#take(file, ready, reader)
      }
      if (waiting.length > 0) throw unknownFormat(file)
    } finally {
      await this.#flush()
    }
  }

  #readerFor(lines: readonly LogLine[]): LogReader | null {
    for (const { text } of lines) {
      const format = text === null ? null : formatOfLine(text)
      if (format !== null) return openReader(format, this.#parts)
    }
    return null
  }

  async #take(file: string, lines: readonly LogLine[], reader: LogReader): Promise<void> {
    for (const line of lines) {
      this.#count(file, line, readLine(line, reader))
      if (this.#batch.length >= ROWS_A_BATCH) await this.#append()
      if (this.#gathered.size >= SIGHTINGS_HELD) await this.#flush()
    }
  }

  #count(file: string, { index }: LogLine, reading: LineReading): void {
    const { tally } = this
    tally.lines += 1
    if (reading.kind === 'skipped') tally.skip(reading.reason)
    else if (reading.kind === 'refused') tally.refuse(file, index + 1, reading)
    else if (reading.kind === 'row') {
      const { sensor, historySince, sightings, sightingsSince } = this.#parts
      const { identity, observation } = reading.row
      // Half a digest is plenty: two of 10^15 lines would have to meet by chance.
      const digest = hash('sha256', identity, 'base64url').slice(0, 22)
      const row = { ...observation, id: `${SENSOR_PREFIX}${sensor}/${digest}` }
      if (row.at < historySince) tally.outdated += 1
      this.#batch.push(row)
      if (sightings !== null) this.#gathered.add(row, sightingsSince)
    }
  }

  async #append(): Promise<void> {
    const rows = this.#batch
    this.#batch = []
    try {
      await this.#parts.history.append(rows)
    } catch (error) {
      // Else the live state would be told of what history does not have.
      this.#gathered.take()
      throw error
    }
    this.tally.rows += rows.length
  }

  /** History first: what the live state says of a name rests on observations that are there. */
  async #flush(): Promise<void> {
    const { sensor, sightings } = this.#parts
    if (this.#batch.length > 0) await this.#append()
    if (this.#gathered.size > 0) await sightings?.note(sensor, this.#gathered.take())
  }
}

function readLine({ text, problem }: LogLine, reader: LogReader): LineReading {
  if (text !== null) return reader.read(text)
  return problem === 'bad_utf8'
    ? refuseLine('bad_utf8', 'The line is not UTF-8.')
    : refuseLine('line_too_long', `It has more than ${LONGEST_LINE_BYTES} octets.`)
}

function unknownFormat(file: string): UnknownFormatError {
  return new UnknownFormatError(
    `${file}: its first lines are neither passive DNS in COF nor a Zeek dns.log (TSV or JSON). Name the format with --format.`,
  )
}
