// What a consumer group says to Redis about one outbox stream: take, keep, take over, settle. When, and what comes of the entries,
// is outbox-reader.ts' business.
import type { LiveRedis } from './redis.ts'
import { runScript } from './script.ts'
import { ENTRY_OCTETS } from './scripts/commit-rounds.ts'
import { SETTLE_ENTRIES } from './scripts/settle-entries.ts'

/** An entry that this consumer has taken. */
export interface TakenEntry {
  readonly id: Buffer
  /** Null: it was deleted after it had been taken. */
  readonly payload: Buffer | null
}

/** Where what waits in a stream is counted, and where its unreadable entries go; in the slot of the stream. */
export interface BacklogKeys {
  readonly counts: string
  readonly unreadable: string
}

export interface OutboxStreamOptions {
  readonly stream: string
  readonly group: string
  readonly consumer: string
  /** The field of an entry that holds its payload. */
  readonly field: string
  /** Null: nothing is counted. */
  readonly backlog: BacklogKeys | null
}

type StreamAnswer = [stream: Buffer, entries: [id: Buffer, fields: Buffer[] | null][]][]

export class OutboxStream {
  readonly #redis: LiveRedis
  readonly #options: OutboxStreamOptions
  readonly #field: Buffer

  constructor(redis: LiveRedis, options: OutboxStreamOptions) {
    this.#redis = redis
    this.#options = options
    this.#field = Buffer.from(options.field)
  }

  /** Idempotent. */
  async createGroup(): Promise<void> {
    const { stream, group } = this.#options
    await this.#redis.xgroup('CREATE', stream, group, '0', 'MKSTREAM').catch((error: Error) => {
      if (!error.message.startsWith('BUSYGROUP')) throw error
    })
  }

  /** From `0` on: what this consumer has taken and not settled; `>`: what nobody has taken. */
  async take(from: '0' | '>', count: number): Promise<TakenEntry[]> {
    const { stream, group, consumer } = this.#options
    const answer = (await this.#redis.xreadgroupBuffer(
      'GROUP',
      group,
      consumer,
      'COUNT',
      count,
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

  /** They are being dealt with: nobody else takes them over for another while. */
  async keep(entries: readonly TakenEntry[]): Promise<void> {
    const { stream, group, consumer } = this.#options
    const ids = entries.map(({ id }) => id)
    await this.#redis.call('xclaim', stream, group, consumer, 0, ...ids, 'JUSTID')
  }

  /** Takes up to `count` entries that another consumer has left alone for so long; answers whether there were any. */
  async takeOver(silentForMs: number, count: number): Promise<boolean> {
    const { stream, group, consumer } = this.#options
    const answer = (await this.#redis.xautoclaim(
      stream,
      group,
      consumer,
      silentForMs,
      '0',
      'COUNT',
      count,
    )) as [string, unknown[]]
    return answer[1].length > 0
  }

  /** Acknowledged, and deleted as well: a stream is an outbox. `reasons`: why an entry is set aside, by its id. */
  async settle(entries: readonly TakenEntry[], reasons: ReadonlyMap<Buffer, string>): Promise<void> {
    const { stream, group, backlog } = this.#options
    const touched = backlog === null ? [stream] : [stream, backlog.counts, backlog.unreadable]
    const told = entries.flatMap(({ id, payload }) => [
      id,
      payload === null ? 0 : payload.length + ENTRY_OCTETS,
      reasons.get(id) ?? '',
    ])
    await runScript(this.#redis, SETTLE_ENTRIES, touched, [group, ...told])
  }
}
