// Reads the partitions' streams as a consumer group: at least once, in order as long as one process reads, acknowledged only after
// the handler is done with an entry for good. What a dead process had taken is claimed by those who live. Each stream is read
// for itself, since in a cluster they lie on several masters: one that is away holds up its own streams only.
import { setTimeout as delay } from 'node:timers/promises'
import { isCluster, type LiveRedis } from './redis.ts'

export interface OutboxOptions {
  readonly group: string
  /** Unique among living processes; the same name after a restart takes its own pending entries up at once. */
  readonly consumer: string
  readonly streams: readonly string[]
  /** The field of an entry that holds its payload. */
  readonly field: string
  /** Pending entries of another consumer that is silent for this long are taken over. */
  readonly takeOverAfterMs?: number
  readonly onError?: (error: unknown) => void
}

/** Resolves when the payloads are dealt with durably; a rejection leaves them pending, and they come again. */
export type OutboxHandler = (payloads: readonly Buffer[]) => Promise<void>

interface Entry {
  readonly id: Buffer
  /** Null: it was deleted after it had been taken. */
  readonly payload: Buffer | null
}

/** One stream. At most one thing is under way on it, so that its order holds. */
interface Lane {
  readonly stream: string
  /** Own pending entries first: what this consumer had taken before it was killed or the handler failed. */
  from: '0' | '>'
  busy: Promise<void> | null
  /** Read, and not yet given to the handler. */
  entries: readonly Entry[]
  takeOverAt: number
  retryAt: number
  /** While stopping: nothing is left, or nothing can be had. */
  isDone: boolean
}

type StreamAnswer = [stream: Buffer, entries: [id: Buffer, fields: Buffer[] | null][]][]

/** Entries of one stream in one look. */
const BATCH = 64
const RETRY_MS = 500
const TAKE_OVER_EVERY_MS = 10_000
/** A look does not wait longer than this for the slowest stream. */
const SLOW_MS = 100
/** Between two looks while there is work: what comes meanwhile is one batch. Twice as long after each look that finds nothing. */
const LEAST_PAUSE_MS = 5
const LONGEST_PAUSE_MS = 200

export class OutboxReader {
  readonly #redis: LiveRedis
  readonly #options: Required<OutboxOptions>
  readonly #field: Buffer
  readonly #lanes: readonly Lane[]
  readonly #stop = new AbortController()
  /** How many connections were lost. */
  #losses = 0
  #running: Promise<void> | null = null

  /** `redis` waits for a server that is away (`connectForWork`). Nothing blocks on it: it may be shared. */
  constructor(redis: LiveRedis, options: OutboxOptions) {
    this.#redis = redis
    this.#options = { takeOverAfterMs: 60_000, onError: () => {}, ...options }
    this.#field = Buffer.from(options.field)
    redis.on(isCluster(redis) ? '-node' : 'close', () => (this.#losses += 1))
    this.#lanes = options.streams.map((stream) => ({
      stream,
      from: '0',
      busy: null,
      entries: [],
      takeOverAt: 0,
      retryAt: 0,
      isDone: false,
    }))
  }

  /** Creates the groups where they are missing and reads until `stop()`. */
  async start(handle: OutboxHandler): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => this.#createGroup(lane.stream)))
    this.#running = this.#run(handle)
  }

  /** Deals with everything that is in the streams, then ends. Bounded by `limitMs`; what is left stays pending. */
  async stop(limitMs: number): Promise<void> {
    this.#stop.abort()
    if (!this.#running) return
    await Promise.race([this.#running, delay(limitMs, undefined, { ref: false })])
  }

  async #createGroup(stream: string): Promise<void> {
    await this.#redis.xgroup('CREATE', stream, this.#options.group, '0', 'MKSTREAM').catch((error: Error) => {
      if (!error.message.startsWith('BUSYGROUP')) throw error
    })
  }

  async #run(handle: OutboxHandler): Promise<void> {
    let pauseMs = LEAST_PAUSE_MS
    for (;;) {
      const isStopping = this.#stop.signal.aborted
      const now = performance.now()
      for (const lane of this.#lanes) {
        // What a slow look brought is handled first.
        if (lane.busy || lane.entries.length > 0 || lane.isDone) continue
        if (now < lane.retryAt && !isStopping) continue
        this.#begin(lane, () => this.#look(lane, isStopping))
      }
      await settledWithin(this.#lanes, SLOW_MS)
      const found = this.#lanes.filter((lane) => lane.busy === null && lane.entries.length > 0)
      if (found.length > 0) await this.#handle(found, handle)
      else if (this.#lanes.every((lane) => lane.isDone)) return
      const isBehind = found.some((lane) => lane.entries.length >= BATCH)
      for (const lane of found) lane.entries = []
      if (isBehind || isStopping) continue
      pauseMs = found.length > 0 ? LEAST_PAUSE_MS : Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
      await this.#pause(pauseMs)
    }
  }

  /** Gives the entries to the handler, then has them acknowledged; that goes on while the next look begins elsewhere. */
  async #handle(found: readonly Lane[], handle: OutboxHandler): Promise<void> {
    const payloads = found.flatMap((lane) =>
      lane.entries.flatMap(({ payload }) => (payload === null ? [] : [payload])),
    )
    try {
      if (payloads.length > 0) await handle(payloads)
    } catch (error) {
      this.#options.onError(error)
      for (const lane of found) lane.from = '0'
      if (this.#stop.signal.aborted) for (const lane of found) lane.isDone = true
      await this.#pause(RETRY_MS)
      return
    }
    for (const lane of found) {
      const ids = lane.entries.map(({ id }) => id)
      this.#begin(lane, () => this.#acknowledge(lane.stream, ids))
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
          await this.#createGroup(lane.stream).catch(this.#options.onError)
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
      if (await this.#takeOver(lane.stream)) lane.from = '0'
    }
    let entries = await this.#readSurely(lane)
    if (entries.length === 0 && lane.from === '0') {
      lane.from = '>'
      entries = await this.#readSurely(lane)
    }
    lane.entries = entries
    lane.isDone = isStopping && lane.entries.length === 0
  }

  /**
   * The client asks again by itself when a connection is lost, and then gets newer entries than those that the lost answer
   * brought: these are pending, and come first.
   */
  async #readSurely(lane: Lane): Promise<Entry[]> {
    for (;;) {
      const losses = this.#losses
      const entries = await this.#read(lane)
      if (losses === this.#losses) return entries
      lane.from = '0'
    }
  }

  async #read({ stream, from }: Lane): Promise<Entry[]> {
    const { group, consumer } = this.#options
    const answer = (await this.#redis.xreadgroupBuffer(
      'GROUP',
      group,
      consumer,
      'COUNT',
      BATCH,
      'STREAMS',
      stream,
      from,
    )) as StreamAnswer | null
    return (answer?.[0]?.[1] ?? []).map(([id, fields]) => ({ id, payload: this.#payloadOf(fields) }))
  }

  #payloadOf(fields: readonly Buffer[] | null): Buffer | null {
    const index = fields?.findIndex((field, place) => place % 2 === 0 && field.equals(this.#field)) ?? -1
    return index < 0 ? null : fields![index + 1]!
  }

  async #acknowledge(stream: string, ids: readonly Buffer[]): Promise<void> {
    await Promise.all([
      this.#redis.xack(stream, this.#options.group, ...ids),
      // Deleted as well: a stream is an outbox, its length is the backlog.
      this.#redis.xdel(stream, ...ids),
    ])
  }

  async #takeOver(stream: string): Promise<boolean> {
    const { group, consumer, takeOverAfterMs } = this.#options
    const answer = (await this.#redis.xautoclaim(
      stream,
      group,
      consumer,
      takeOverAfterMs,
      '0',
      'COUNT',
      BATCH,
    )) as [string, unknown[]]
    return answer[1].length > 0
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
