// `fluxwatch import`: logs of an organisation's own resolvers into history, telling what it does and what it left out.
import { readLines } from '../api/http/line-reader.ts'
import { readConfig, type Config } from '../config.ts'
import { FluxError } from '../core/errors.ts'
import type { LogFormat } from '../core/import/log-format-name.ts'
import { byReason } from '../import/import-tally.ts'
import { LogImport, LONGEST_LINE_BYTES, UnknownFormatError } from '../import/log-import.ts'
import { InputError, openInput, type LogInput } from '../import/open-input.ts'
import { openImportHouse, SIGHTINGS_KEPT_MS, type ImportHouse } from '../wiring/import-house.ts'
import { ToldError } from './told-error.ts'

const DAY_MS = 86_400_000
/** Between two lines about how far it is. */
const PROGRESS_MS = 5_000

export interface ImportOptions {
  readonly sensor: string
  /** Null: told by each file's first lines. */
  readonly format: LogFormat | null
  readonly isDryRun: boolean
}

/**
 * Imports one file after the other. Rejects with `ToldError` for a file that cannot be read or that nothing could be read of, and when
 * history or the live state fail: what was written stays, and the import is simply run again.
 */
export async function importLogs(paths: readonly string[], options: ImportOptions): Promise<void> {
  const config = readConfig()
  const house = options.isDryRun ? null : await told('history', openImportHouse(config))
  try {
    if (house !== null && house.sensors === null) {
      note('no service runs on this data folder and REDIS_URL is not set: only history is written')
    }
    await importAll(paths, options, config, house)
  } finally {
    await house?.close()
  }
}

async function importAll(
  paths: readonly string[],
  { sensor, format, isDryRun }: ImportOptions,
  config: Config,
  house: ImportHouse | null,
): Promise<void> {
  const now = Date.now()
  const sensors = house?.sensors ?? null
  let withoutRoom = 0
  const log = new LogImport({
    sensor,
    format,
    now,
    historySince: now - config.historyDays * DAY_MS,
    sightingsSince: now - SIGHTINGS_KEPT_MS,
    history: house?.history ?? { append: async () => {} },
    sightings: sensors && {
      async note(name, sightings) {
        const { noRoom } = await sensors.note(name, sightings).catch((error: unknown) => {
          throw new ToldError(
            `the live state cannot be written: ${error instanceof Error ? error.message : String(error)}. Run the import again later.`,
          )
        })
        withoutRoom += noRoom
      },
    },
  })
  const started = performance.now()
  let readBefore = 0
  for (const path of paths) {
    const input = await told(path, openInput(path))
    const timer = setInterval(() => note(progressOf(log, input, readBefore, started)), PROGRESS_MS)
    try {
      await told(path, log.read(input.name, readLines(input.chunks, LONGEST_LINE_BYTES)))
    } finally {
      clearInterval(timer)
      readBefore += input.readBytes()
    }
  }
  report(log, readBefore, performance.now() - started, isDryRun)
  if (withoutRoom > 0) {
    note(`Redis is too full: of ${withoutRoom} names the verdicts will not know what ${sensor} saw`)
  }
  if (log.tally.outdated > 0 && !isDryRun) {
    note(
      `observations older than the ${config.historyDays} days that history is kept for (FLUXWATCH_HISTORY_DAYS): ${log.tally.outdated}; a running service will remove them`,
    )
  }
  if (log.tally.rows === 0 && log.tally.refusedLines > 0) {
    throw new ToldError('not one observation could be read; see the reasons above')
  }
}

/** What a person can mend, with the file or the part that it is about. */
async function told<Result>(what: string, work: Promise<Result>): Promise<Result> {
  return work.catch((error: unknown) => {
    if (error instanceof FluxError) throw new ToldError(`history: ${error.message}`)
    if (error instanceof UnknownFormatError) throw new ToldError(error.message)
    // What the system says of a file or of gzip has a code; anything else is a bug.
    const isSystems = error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string'
    if (error instanceof InputError || isSystems) {
      throw new ToldError(`${what} cannot be read: ${error.message}`)
    }
    throw error
  })
}

function progressOf({ tally }: LogImport, input: LogInput, readBefore: number, started: number): string {
  const read = input.readBytes()
  const rate = ((readBefore + read) / 1e6 / ((performance.now() - started) / 1000)).toFixed(1)
  const share = input.sizeBytes ? `, ${Math.floor((100 * read) / input.sizeBytes)} % of ${input.name}` : ''
  return `${tally.lines} lines, ${tally.rows} observations, ${tally.skippedLines} skipped, ${tally.refusedLines} refused, ${rate} MB/s${share}`
}

function report({ tally }: LogImport, bytes: number, elapsedMs: number, isDryRun: boolean): void {
  for (const { file, line, reason, sentence } of tally.shown) {
    note(`${file}, line ${line}: ${sentence} (${reason})`)
  }
  if (tally.refusedLines > tally.shown.length) note('… and more; all of them are counted below')
  const seconds = Math.max(elapsedMs / 1000, 0.001)
  note(
    `${tally.lines} lines in ${seconds.toFixed(1)} s (${(bytes / 1e6 / seconds).toFixed(1)} MB/s): ${tally.rows} observations ${isDryRun ? 'would be ' : ''}in history`,
  )
  if (tally.skippedLines > 0) note(`lines skipped: ${tally.skippedLines} (${byReason(tally.skipped)})`)
  if (tally.refusedLines > 0) note(`lines refused: ${tally.refusedLines} (${byReason(tally.refused)})`)
}

function note(sentence: string): void {
  process.stderr.write(`fluxwatch: ${sentence}\n`)
}
