// Moves what an embedded history holds into ClickHouse: observations, then records, then places of addresses. Decides the order and
// what is remembered between two runs; reading and writing are the two stores' business.
import type { StoredObservation } from '../../core/model/observation.ts'
import type { CopyTarget } from './clickhouse/copy-target.ts'
import type { SqliteExport } from './sqlite/sqlite-export.ts'

const ROWS_A_PAGE = 10_000
const RECORDS_A_PAGE = 5_000

const PHASES = ['observations', 'records', 'places', 'done'] as const
type Phase = (typeof PHASES)[number]

/** Where a run is. It is kept in the target after every page, and the next run goes on there. */
interface CopyPlace {
  /** From 1. A run that was finished is followed by a new one, which takes what has come since. */
  readonly run: number
  readonly phase: Phase
  /** Of the export; null at the start of the phase. */
  readonly cursor: string | null
  /** Of this run, those that were there already among them. */
  readonly observations: number
  readonly records: number
  readonly places: number
  /** When the newest observation so far was made; ms. */
  readonly newest: number
}

export interface CopyProgress {
  readonly phase: Phase
  /** Items of this phase that are done, those of interrupted runs among them. */
  readonly done: number
  /** Of those, observations that this process found there already. */
  readonly skipped: number
}

export interface CopyResult extends Pick<CopyPlace, 'observations' | 'records' | 'places'> {
  /** It went on where an earlier one had stopped. */
  readonly resumed: boolean
  /** False: `signal` stopped it; the next run goes on. */
  readonly finished: boolean
  readonly skipped: number
}

export interface CopyParts {
  /** What the place is kept under: the same for each run of one move. */
  readonly source: string
  readonly from: SqliteExport
  readonly to: Pick<
    CopyTarget,
    'append' | 'place' | 'hasAll' | 'addRecords' | 'readProgress' | 'keepProgress'
  >
  readonly signal: AbortSignal
  readonly onProgress: (progress: CopyProgress) => void
}

/**
 * Copies page by page. What is there already is not sent again, so a second run takes only what has come since the first; the other
 * history may be in use meanwhile. Rejects as the stores do; whatever stopped it, the next run goes on behind the last whole page.
 */
export async function copyHistory(parts: CopyParts): Promise<CopyResult> {
  const { source, to, signal, onProgress } = parts
  const kept = readPlace(await to.readProgress(source))
  const resumed = kept !== null && kept.phase !== 'done'
  let place: CopyPlace = resumed ? kept : startOf((kept?.run ?? 0) + 1)
  let skipped = 0
  while (place.phase !== 'done' && !signal.aborted) {
    const { phase } = place
    const step = await STEPS[phase](parts, place)
    place = step.place
    skipped += step.skipped
    await to.keepProgress(source, JSON.stringify(place))
    onProgress({ phase, done: place[phase], skipped })
  }
  const { phase, observations, records, places } = place
  return { observations, records, places, resumed, finished: phase === 'done', skipped }
}

interface Step {
  readonly place: CopyPlace
  readonly skipped: number
}

const STEPS: Record<Exclude<Phase, 'done'>, (parts: CopyParts, place: CopyPlace) => Promise<Step>> = {
  async observations({ from, to }, place) {
    const { items, next } = from.observationsAfter(place.cursor, ROWS_A_PAGE)
    const isThere = items.length > 0 && (await to.hasAll(items))
    if (!isThere) await to.append(items)
    return {
      place: {
        ...behind(place, next),
        observations: place.observations + items.length,
        newest: newestOf(items, place.newest),
      },
      skipped: isThere ? items.length : 0,
    }
  },
  async records({ from, to }, place) {
    const { items, next } = from.recordsAfter(place.cursor, RECORDS_A_PAGE)
    if (items.length > 0) await to.addRecords(place.run, place.newest, items)
    return { place: { ...behind(place, next), records: place.records + items.length }, skipped: 0 }
  },
  async places({ from, to }, place) {
    const { items, next } = from.placesAfter(place.cursor, RECORDS_A_PAGE)
    await to.place(items)
    return { place: { ...behind(place, next), places: place.places + items.length }, skipped: 0 }
  },
}

function behind(place: CopyPlace, next: string | null): CopyPlace {
  const phase = next === null ? PHASES[PHASES.indexOf(place.phase) + 1]! : place.phase
  return { ...place, phase, cursor: next }
}

function newestOf(rows: readonly StoredObservation[], before: number): number {
  return rows.reduce((newest, { at }) => Math.max(newest, at), before)
}

function startOf(run: number): CopyPlace {
  return { run, phase: 'observations', cursor: null, observations: 0, records: 0, places: 0, newest: 0 }
}

function readPlace(text: string | null): CopyPlace | null {
  return text === null ? null : (JSON.parse(text) as CopyPlace)
}
