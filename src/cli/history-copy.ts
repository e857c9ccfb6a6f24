// `fluxwatch history copy`: moves the embedded history into ClickHouse. Says how far it is, can be stopped at any time, and goes on where
// it stopped.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { checkClickHouseUrl, readConfig, type Config } from '../config.ts'
import { FluxError } from '../core/errors.ts'
import { CopyTarget } from '../store/history/clickhouse/copy-target.ts'
import { copyHistory, type CopyProgress } from '../store/history/copy-history.ts'
import { openSqliteExport, type SqliteExport } from '../store/history/sqlite/sqlite-export.ts'
import { sqliteFileOf } from '../wiring/open-history.ts'
import { ToldError } from './told-error.ts'

const SAY_EVERY_MS = 2_000

/** Exit 0 when everything is there, 2 when it was stopped or ClickHouse has less than the file in the end. */
export async function historyCopy(options: { readonly from?: string; readonly to?: string }): Promise<void> {
  const config = readConfig()
  const file = resolve(options.from ?? sqliteFileOf(config))
  if (!existsSync(file)) throw new ToldError(`there is no history file ${file}. Name it with --from.`)
  const to = new CopyTarget({ ...targetOf(config, options.to), retentionDays: config.historyDays })
  const stop = new AbortController()
  const onSignal = (): void => stop.abort()
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal)
  try {
    await copy(config, file, to, stop.signal)
  } catch (error) {
    if (!(error instanceof FluxError) || error.code !== 'FLUX_STORE_UNAVAILABLE') throw error
    throw new ToldError(`${error.message}. Run the same again: it goes on where it was.`)
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
    await to.close()
  }
}

async function copy(config: Config, file: string, to: CopyTarget, signal: AbortSignal): Promise<void> {
  const from = openFile(file)
  try {
    await to.ready()
    const onProgress = progressLine(from.observationCount())
    const result = await copyHistory({ source: file, from, to, signal, onProgress })
    if (!result.finished) {
      say(`stopped after ${result.observations} observations. Run the same again: it goes on there.`)
      process.exitCode = 2
      return
    }
    const there = await to.totals()
    say(
      `${file} has ${result.observations} observations (${result.skipped} were there), ${result.records} records and ${result.places} placed addresses. ` +
        `ClickHouse has ${there.observations} observations and ${there.records} records.`,
    )
    if (there.observations >= result.observations && there.records >= result.records) return
    say(
      `ClickHouse has less: what is older than ${config.historyDays} days (FLUXWATCH_HISTORY_DAYS) it has removed already; anything else is missing.`,
    )
    process.exitCode = 2
  } finally {
    from.close()
  }
}

function openFile(file: string): SqliteExport {
  try {
    return openSqliteExport(file)
  } catch (error) {
    throw new ToldError(`the file cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function targetOf({ clickhouse }: Config, url: string | undefined): NonNullable<Config['clickhouse']> {
  if (url !== undefined) return { ...checkClickHouseUrl('--to', url), cluster: clickhouse?.cluster ?? null }
  if (clickhouse !== null) return clickhouse
  throw new ToldError(
    'say where to: with CLICKHOUSE_URL, or with --to http://user:password@host:8123/database',
  )
}

/** A line now and then: what is done and how fast, of observations also which share and how long it will take. */
function progressLine(observations: number): (progress: CopyProgress) => void {
  let before: { phase: string; done: number; at: number } | null = null
  return ({ phase, done, skipped }) => {
    const now = performance.now()
    if (before?.phase !== phase) before = { phase, done: 0, at: now }
    else if (now - before.at < SAY_EVERY_MS) return
    const rate = ((done - before.done) / (now - before.at)) * 1000
    const parts = [
      phase === 'observations' ? `${done} of ${observations}${shareOf(done, observations)}` : `${done}`,
    ]
    if (Number.isFinite(rate) && before.done > 0) {
      parts.push(`${Math.round(rate)} a second`)
      if (phase === 'observations' && rate > 0) parts.push(`${leftOf((observations - done) / rate)} left`)
    }
    if (phase === 'observations' && skipped > 0) parts.push(`${skipped} were there`)
    say(`${phase}: ${parts.join(', ')}`)
    before = { phase, done, at: now }
  }
}

function shareOf(done: number, all: number): string {
  return all === 0 ? '' : ` (${Math.min(100, Math.floor((done / all) * 100))} %)`
}

function leftOf(seconds: number): string {
  if (seconds < 90) return `about ${Math.max(0, Math.round(seconds))} s`
  return seconds < 5400 ? `about ${Math.round(seconds / 60)} min` : `about ${(seconds / 3600).toFixed(1)} h`
}

function say(text: string): void {
  process.stderr.write(`fluxwatch: ${text}\n`)
}
