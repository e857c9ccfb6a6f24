// Reads the partitions' streams as a consumer group: at least once, in order as long as one process reads, acknowledged only after
// the handler is done with an entry for good. What a dead process had taken is claimed by those who live. Each stream is read
// for itself, since in a cluster they lie on several masters: one that is away holds up its own streams only.
import { setTimeout as delay } from 'node:timers/promises'
import { OutboxStream, type BacklogKeys, type TakenEntry } from './outbox-stream.ts'
import { isCluster, type LiveRedis } from './redis.ts'

export interface OutboxOptions {
  readonly group: string
  /** Unique among living processes; the same name after a restart takes its own pending entries up at once. */
  readonly consumer: string
  readonly streams: readonly string[]
  /** The field of an entry that holds its payload. */
  readonly field: string
  /** Of each stream; without it nothing is counted and nothing can be set aside. */
  readonly backlogs?: readonly BacklogKeys[]
  /**
   * Pending entries of another consumer that is silent for this long are taken over. One whose handler is at work is not silent,
   * however long that takes.
   */
  readonly takeOverAfterMs?: number
  /** So much of a stream is taken in one look, about, judged by the entries of the look before. Without it: 64 entries. */
  readonly octetsALook?: number
  /** How long to wait for more between two looks while not behind: for handlers that few large batches suit better. */
  readonly gatherMs?: number
  readonly onError?: (error: unknown) => void
}

/** A payload that nobody can read: its place among those that the handler got, and why. */
export interface Unreadable {
  readonly place: number
  readonly reason: string
}

/**
 * Resolves when the payloads are dealt with durably; a rejection leaves them pending, and they come again. Those that it answers
 * are set aside and do not come again.
 */
export type OutboxHandler = (payloads: readonly Buffer[]) => Promise<readonly Unreadable[] | void>

/** One stream. At most one thing is under way on it, so that its order holds. */
interface Lane {
  readonly stream: OutboxStream
  /** Own pending entries first: what this consumer had taken before it was killed or the handler failed. */
  from: '0' | '>'
  busy: Promise<void> | null
  /** Read, and not yet given to the handler. */
  entries: readonly TakenEntry[]
  /** Entries of a look. */
  count: number
  takeOverAt: number
  retryAt: number
  /** While stopping: nothing is left, or nothing can be had. */
  isDone: boolean
}

/** Entries of one stream in one look. */
const BATCH = 64
/** Where a look is measured in octets: what settling them may hold Redis up for is about a millisecond. */
const LARGEST_BATCH = 512
const RETRY_MS = 500
const TAKE_OVER_EVERY_MS = 10_000
/** A look does not wait longer than this for the slowest stream. */
const SLOW_MS = 100
/** Between two looks while there is work: what comes meanwhile is one batch. Twice as long after each look that finds nothing. */
const LEAST_PAUSE_MS = 5
const LONGEST_PAUSE_MS = 200
/** What is being dealt with is kept from others so often in the time after which they would take it over. */
const KEPT_A_TAKE_OVER = 4
const LEAST_KEEP_MS = 20

export class OutboxReader {
  readonly #options: OutboxOptions & Required<Pick<OutboxOptions, 'takeOverAfterMs' | 'onError'>>
  readonly #lanes: readonly Lane[]
  readonly #stop = new AbortController()
  /** How many connections were lost. */
  #losses = 0
  #running: Promise<void> | null = null

  /** `redis` waits for a server that is away (`connectForWork`). Nothing blocks on it: it may be shared. */
  constructor(redis: LiveRedis, options: OutboxOptions) {
    this.#options = { takeOverAfterMs: 60_000, onError: () => {}, ...options }
    redis.on(isCluster(redis) ? '-node' : 'close', () => (this.#losses += 1))
    const { group, consumer, field, streams, backlogs } = options
    this.#lanes = streams.map((stream, place) => ({
      stream: new OutboxStream(redis, { stream, group, consumer, field, backlog: backlogs?.[place] ?? null }),
      from: '0',
      busy: null,
      entries: [],
      count: BATCH,
      takeOverAt: 0,
      retryAt: 0,
      isDone: false,
    }))
  }

  /** Creates the groups where they are missing and reads until `stop()`. */
  async start(handle: OutboxHandler): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.stream.createGroup()))
    this.#running = this.#run(handle)
  }

  /** Deals with everything that is in the streams, then ends. Bounded by `limitMs`; what is left stays pending. */
  async stop(limitMs: number): Promise<void> {
    this.#stop.abort()
    if (!this.#running) return
    await Promise.race([this.#running, delay(limitMs, undefined, { ref: false })])
  }

  async #run(handle: OutboxHandler): Promise<void> {
    const { gatherMs = 0 } = this.#options
    let pauseMs = LEAST_PAUSE_MS
    let isBehind = false
    for (;;) {
      const isStopping = this.#stop.signal.aborted
      const now = performance.now()
      // There is more where these are being acknowledged.
      const isBetween = isBehind && this.#lanes.some((lane) => lane.busy)
      for (const lane of this.#lanes) {
        // What a slow look brought is handled first.
        if (lane.busy || lane.entries.length > 0 || lane.isDone) continue
        if (now < lane.retryAt && !isStopping) continue
        this.#begin(lane, () => this.#look(lane, isStopping))
      }
      await settledWithin(this.#lanes, SLOW_MS)
      const found = this.#lanes.filter((lane) => lane.busy === null && lane.entries.length > 0)
      isBehind = found.some((lane) => lane.entries.length >= lane.count)
      if (found.length > 0) await this.#handle(found, handle)
      else if (this.#lanes.every((lane) => lane.isDone)) return
      for (const lane of found) this.#forget(lane)
      if (isBehind || isBetween || isStopping) continue
      pauseMs = found.length > 0 ? LEAST_PAUSE_MS : Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
      await this.#pause(Math.max(pauseMs, gatherMs))
    }
  }

  /** The entries are dealt with, and tell how many of their kind the next look takes. */
  #forget(lane: Lane): void {
    const { octetsALook } = this.#options
    if (octetsALook !== undefined) {
      const octets = lane.entries.reduce((sum, { payload }) => sum + (payload?.length ?? 0), 0)
      const fitting = Math.floor((octetsALook * lane.entries.length) / Math.max(1, octets))
      lane.count = Math.max(1, Math.min(LARGEST_BATCH, fitting))
    }
    lane.entries = []
  }

  /** Gives the entries to the handler, then has them acknowledged; that goes on while the next look begins elsewhere. */
  async #handle(found: readonly Lane[], handle: OutboxHandler): Promise<void> {
    const given = found.flatMap((lane) =>
      lane.entries.flatMap(({ id, payload }) => (payload === null ? [] : [{ id, payload }])),
    )
    const reasons = new Map<Buffer, string>()
    const keeping = setInterval(() => this.#keep(), this.#keepMs)
    try {
      const unreadable = given.length > 0 ? await handle(given.map(({ payload }) => payload)) : []
      for (const { place, reason } of unreadable ?? []) reasons.set(given[place]!.id, reason)
    } catch (error) {
      this.#options.onError(error)
      for (const lane of found) lane.from = '0'
      if (this.#stop.signal.aborted) for (const lane of found) lane.isDone = true
      await this.#pause(RETRY_MS)
      return
    } finally {
      clearInterval(keeping)
    }
    for (const lane of found) {
      const { entries } = lane
      this.#begin(lane, () => lane.stream.settle(entries, reasons))
    }
  }

  get #keepMs(): number {
    return Math.max(LEAST_KEEP_MS, this.#options.takeOverAfterMs / KEPT_A_TAKE_OVER)
  }

  /** What is with the handler, and what waits for its turn meanwhile. */
  #keep(): void {
    for (const { stream, entries } of this.#lanes) {
      if (entries.length > 0) stream.keep(entries).catch(this.#options.onError)
    }
  }

  #pause(ms: number): Promise<unknown> {
    return delay(ms, undefined, { signal: this.#stop.signal }).catch(() => {})
  }

  /** Does one thing on a stream. What fails is done again, after a while, from the pending entries on. */
  #begin(lane: Lane, work: () => Promise<void>): void {
    const isStopping = this.#stop.signal.aborted
    const attempt = async (): Promise<void> => {
      try {
        await work()
      } catch (error) {
        this.#options.onError(error)
        lane.from = '0'
        lane.isDone = isStopping
        lane.retryAt = performance.now() + RETRY_MS
        // Redis came back without what it held (no persistence, a fail-over): without groups nothing would be read again.
        if (error instanceof Error && error.message.includes('NOGROUP')) {
          await lane.stream.createGroup().catch(this.#options.onError)
        }
      } finally {
        lane.busy = null
      }
    }
    lane.busy = attempt()
  }

  async #look(lane: Lane, isStopping: boolean): Promise<void> {
    const now = performance.now()
    if (!isStopping && now >= lane.takeOverAt) {
      lane.takeOverAt = now + TAKE_OVER_EVERY_MS
      if (await lane.stream.takeOver(this.#options.takeOverAfterMs, BATCH)) lane.from = '0'
    }
    let entries = await this.#takeSurely(lane)
    if (entries.length === 0 && lane.from === '0') {
      lane.from = '>'
      entries = await this.#takeSurely(lane)
    }
    lane.entries = entries
    lane.isDone = isStopping && lane.entries.length === 0
  }

  /**
   * The client asks again by itself when a connection is lost, and then gets newer entries than those that the lost answer
   * brought: these are pending, and come first.
   */
  async #takeSurely(lane: Lane): Promise<TakenEntry[]> {
    for (;;) {
      const losses = this.#losses
      const entries = await lane.stream.take(lane.from, lane.count)
      if (losses === this.#losses) return entries
      lane.from = '0'
    }
  }
}

/** Waits for what is under way on the streams, at most `ms`. */
async function settledWithin(lanes: readonly Lane[], ms: number): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  await Promise.race([Promise.all(lanes.map((lane) => lane.busy)), late])
  clearTimeout(timer)
}

/** Entries that wait in the streams: the backlog of their reader. */
export async function backlogOf(redis: LiveRedis, streams: readonly string[]): Promise<number> {
  const lengths = await Promise.all(streams.map((stream) => redis.xlen(stream)))
  return lengths.reduce((sum, length) => sum + length, 0)
}
