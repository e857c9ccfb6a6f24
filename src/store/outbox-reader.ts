// Reads the partitions' streams as a consumer group: at least once, in order as long as one process reads, acknowledged only after
// the handler is done with an entry for good. What a dead process had taken is claimed by those who live.
import { setTimeout as delay } from 'node:timers/promises'
import type { Redis } from 'ioredis'

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
export type OutboxHandler = (payloads: readonly string[]) => Promise<void>

interface Entry {
  readonly stream: string
  readonly id: string
  readonly payload: string
}

type StreamAnswer = [stream: string, entries: [id: string, fields: string[] | null][]][]

const BATCH = 64
const BLOCK_MS = 1000
const RETRY_MS = 500
const TAKE_OVER_EVERY_MS = 10_000

export class OutboxReader {
  readonly #redis: Redis
  readonly #options: Required<OutboxOptions>
  readonly #stop = new AbortController()
  #running: Promise<void> | null = null

  /** `redis` is a connection of its own: the reader blocks on it. */
  constructor(redis: Redis, options: OutboxOptions) {
    this.#redis = redis
    this.#options = { takeOverAfterMs: 60_000, onError: () => {}, ...options }
  }

  /** Creates the groups where they are missing and reads until `stop()`. */
  async start(handle: OutboxHandler): Promise<void> {
    await this.#createGroups()
    this.#running = this.#run(handle)
  }

  /** Deals with everything that is in the streams, then ends. Bounded by `limitMs`; what is left stays pending. */
  async stop(limitMs: number): Promise<void> {
    this.#stop.abort()
    if (!this.#running) return
    await Promise.race([this.#running, delay(limitMs, undefined, { ref: false })])
  }

  async #createGroups(): Promise<void> {
    for (const stream of this.#options.streams) {
      await this.#redis
        .xgroup('CREATE', stream, this.#options.group, '0', 'MKSTREAM')
        .catch((error: Error) => {
          if (!error.message.startsWith('BUSYGROUP')) throw error
        })
    }
  }

  async #run(handle: OutboxHandler): Promise<void> {
    let takeOverAt = 0
    // Own pending entries first: what this consumer had taken before it was killed or the handler failed.
    let from: '0' | '>' = '0'
    for (;;) {
      const isStopping = this.#stop.signal.aborted
      try {
        const now = performance.now()
        if (!isStopping && now >= takeOverAt) {
          takeOverAt = now + TAKE_OVER_EVERY_MS
          if (await this.#takeOver()) from = '0'
        }
        const entries = await this.#read(from, isStopping)
        if (entries.length > 0) {
          await handle(entries.map((entry) => entry.payload))
          await this.#acknowledge(entries)
        } else if (from === '0') from = '>'
        else if (isStopping) return
      } catch (error) {
        this.#options.onError(error)
        if (isStopping) return
        from = '0'
        // Redis came back without what it held (no persistence, a fail-over): without groups nothing would be read again.
        if (error instanceof Error && error.message.includes('NOGROUP')) {
          await this.#createGroups().catch(this.#options.onError)
        }
        await delay(RETRY_MS, undefined, { signal: this.#stop.signal }).catch(() => {})
      }
    }
  }

  async #read(from: '0' | '>', isStopping: boolean): Promise<Entry[]> {
    const { group, consumer, streams, field } = this.#options
    const positions = streams.map(() => from)
    const answer = (await (from === '>' && !isStopping
      ? this.#redis.xreadgroup(
          'GROUP',
          group,
          consumer,
          'COUNT',
          BATCH,
          'BLOCK',
          BLOCK_MS,
          'STREAMS',
          ...streams,
          ...positions,
        )
      : this.#redis.xreadgroup(
          'GROUP',
          group,
          consumer,
          'COUNT',
          BATCH,
          'STREAMS',
          ...streams,
          ...positions,
        ))) as StreamAnswer | null
    return (answer ?? []).flatMap(([stream, entries]) =>
      entries.map(([id, fields]) => ({ stream, id, payload: fields?.[fields.indexOf(field) + 1] ?? '' })),
    )
  }

  async #acknowledge(entries: readonly Entry[]): Promise<void> {
    const pipeline = this.#redis.pipeline()
    for (const [stream, ids] of Map.groupBy(entries, (entry) => entry.stream)) {
      const list = ids.map((entry) => entry.id)
      // Deleted in the same step: a stream is an outbox, its length is the backlog.
      pipeline.xack(stream, this.#options.group, ...list)
      pipeline.xdel(stream, ...list)
    }
    const results = await pipeline.exec()
    const failed = results?.find(([error]) => error)
    if (failed?.[0]) throw failed[0]
  }

  async #takeOver(): Promise<boolean> {
    const { group, consumer, streams, takeOverAfterMs } = this.#options
    let taken = false
    for (const stream of streams) {
      const answer = (await this.#redis.xautoclaim(
        stream,
        group,
        consumer,
        takeOverAfterMs,
        '0',
        'COUNT',
        BATCH,
      )) as [string, unknown[]]
      taken ||= answer[1].length > 0
    }
    return taken
  }
}

/** Entries that wait in the streams: the backlog of their reader. */
export async function backlogOf(redis: Redis, streams: readonly string[]): Promise<number> {
  const lengths = await Promise.all(streams.map((stream) => redis.xlen(stream)))
  return lengths.reduce((sum, length) => sum + length, 0)
}
