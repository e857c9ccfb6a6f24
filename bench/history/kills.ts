// A historian that is killed with SIGKILL again and again while rounds are committed, and what its history holds in the end against
// what was committed. The moments are drawn by a seed; where they fall depends on the machine, and is told.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { StoredObservation } from '../../src/core/model/observation.ts'
import { parseTargetId, type TargetId } from '../../src/core/model/target.ts'
import { newHostSeries } from '../../src/core/series/host-series.ts'
import { newZoneSeries } from '../../src/core/series/zone-series.ts'
import { readHistoryBacklog, HISTORY_BACKLOG_OCTETS } from '../../src/store/history-backlog.ts'
import { openSqliteHistory } from '../../src/store/history/sqlite/sqlite-history.ts'
import { keys, PARTITIONS } from '../../src/store/keys.ts'
import { LiveTargets } from '../../src/store/live-targets.ts'
import { connectForWork, ready, type LiveRedis } from '../../src/store/redis.ts'
import { Chance } from './chance.ts'
import { ExpectedTally, tallyOf, type Tally } from './tally.ts'
import { World } from './world.ts'

export interface KillOptions {
  readonly kills: number
  readonly seed: number
  /** Unix socket of a Redis that keeps nothing else. */
  readonly socketPath: string
  /** Of a history that is not there yet. */
  readonly path: string
  readonly onProgress?: (line: string) => void
}

export interface KillReport {
  readonly committed: Tally
  readonly stored: Tally
  /** Kills while it started, waited or read, appended, and while what it had appended was not acknowledged yet. */
  readonly moments: Readonly<Record<Moment, number>>
  /** What is left in the streams, and what was lost or set aside. */
  readonly left: Awaited<ReturnType<typeof readHistoryBacklog>>
}

type Moment = 'starting' | 'waiting' | 'appending' | 'acknowledging'

const GROUP = 'historian'
const SCRIPT = join(import.meta.dirname, 'historian-process.ts')
/** One of so many kills comes while the process starts. */
const EARLY_KILLS = 6
const START_MS = 300
const WORK_MS = 250
/** Rounds that are committed together, some ms after those before: an append is under way most of the time. */
const COMMITTED_AT_ONCE = 12
const COMMIT_PAUSE_MS = 8
/** Enough for half an hour. */
const WORLD = { names: 6000, days: 60 }
const DRAIN_LIMIT_MS = 60_000

export async function killHistorian(options: KillOptions): Promise<KillReport> {
  const { kills, seed, socketPath, path, onProgress } = options
  const chance = new Chance(seed)
  const redis = await ready(connectForWork({ socketPath }))
  const committed = new ExpectedTally()
  const moments = { starting: 0, waiting: 0, appending: 0, acknowledging: 0 }
  const over = new AbortController()
  try {
    const committing = commitUntil(new LiveTargets(redis), seed, committed, over.signal)
    committing.catch(() => over.abort())
    for (let kill = 1; kill <= kills && !over.signal.aborted; kill += 1) {
      const letters = await runAndKill(socketPath, path, chance)
      moments[momentOf(letters, await pendingOf(redis))] += 1
      if (kill % 20 === 0) onProgress?.(`${kill} of ${kills} kills`)
    }
    over.abort()
    await committing
    await drain(socketPath, path)
    const left = await readHistoryBacklog(redis, HISTORY_BACKLOG_OCTETS)
    const history = await openSqliteHistory(path)
    const stored = await tallyOf(history, committed).finally(() => history.close())
    return { committed: committed.tally(), stored, moments, left }
  } finally {
    over.abort()
    redis.disconnect()
  }
}

/** Commits the rounds of a world through the live state, as a worker does. */
async function commitUntil(
  targets: LiveTargets,
  seed: number,
  committed: ExpectedTally,
  over: AbortSignal,
): Promise<void> {
  let batch = new Map<TargetId, StoredObservation[]>()
  const commitBatch = async (): Promise<void> => {
    await Promise.all([...batch.values()].map((rows) => commit(targets, rows, committed)))
    batch = new Map()
    await delay(COMMIT_PAUSE_MS)
  }
  for (const rows of new World({ ...WORLD, seed }).rounds()) {
    if (over.aborted) return
    // The rounds of a target follow each other.
    if (batch.size === COMMITTED_AT_ONCE || batch.has(rows[0]!.target)) await commitBatch()
    batch.set(rows[0]!.target, rows)
  }
  throw new Error('the world has no more rounds')
}

async function commit(
  targets: LiveTargets,
  rows: readonly StoredObservation[],
  committed: ExpectedTally,
): Promise<void> {
  const { target, round, at } = rows[0]!
  const { kind, name } = parseTargetId(target)
  const rounds = { rounds: round, firstAt: at, lastAt: at }
  if (round === 1) await targets.addReference(target, 'host:bench.example', at)
  const result = await targets.commit({
    id: target,
    expectedRound: round - 1,
    series: kind === 'host' ? { ...newHostSeries(name), ...rounds } : { ...newZoneSeries(name), ...rounds },
    at,
    nextDueAt: at,
    earliestNextAt: at,
    observations: rows,
    domain: null,
    watchOver: null,
    entries: [],
  })
  if (result !== 'committed') throw new Error(`round ${round} of ${target} is ${result}`)
  committed.add(rows)
}

async function runAndKill(socketPath: string, path: string, chance: Chance): Promise<string> {
  const historian = new HistorianChild(socketPath, path)
  const isEarly = chance.below(EARLY_KILLS) === 0
  const waitMs = chance.ratio() * (isEarly ? START_MS : WORK_MS)
  if (!isEarly) await historian.ready
  await delay(waitMs)
  await historian.end('SIGKILL')
  return historian.letters
}

/** `pending`: entries that it had taken and not acknowledged. */
function momentOf(letters: string, pending: number): Moment {
  const last = letters.replaceAll('r', '').at(-1)
  if (last === 'a') return 'appending'
  if (last === 'd' && pending > 0) return 'acknowledging'
  return letters.includes('r') ? 'waiting' : 'starting'
}

async function pendingOf(redis: LiveRedis): Promise<number> {
  const found = await Promise.all(
    PARTITIONS.map((partition) => redis.xpending(keys.observations(partition), GROUP).catch(() => [0])),
  )
  return found.reduce((sum, [pending]) => sum + Number(pending), 0)
}

/** One that is not killed takes in what is left. */
async function drain(socketPath: string, path: string): Promise<void> {
  const historian = new HistorianChild(socketPath, path)
  await historian.ready
  const late = new AbortController()
  await Promise.race([
    historian.end('SIGTERM'),
    delay(DRAIN_LIMIT_MS, undefined, { signal: late.signal }).then(() => historian.end('SIGKILL')),
  ])
  late.abort()
}

class HistorianChild {
  /** Rejects when it ends before. */
  readonly ready: Promise<void>
  readonly #child: ChildProcess
  readonly #gone: Promise<unknown>
  /** All that it told. */
  letters = ''

  constructor(socketPath: string, path: string) {
    this.#child = spawn(process.execPath, [SCRIPT, socketPath, path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    // Closed when everything that it told is here.
    this.#gone = once(this.#child, 'close')
    this.ready = new Promise((resolve, reject) => {
      this.#child.once('close', () => reject(new Error('the historian ended by itself')))
      this.#child.stdout!.on('data', (chunk: Buffer) => {
        this.letters += String(chunk)
        if (this.letters.includes('r')) resolve()
      })
    })
    this.ready.catch(() => {})
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    this.#child.kill(signal)
    await this.#gone
  }
}
