// What the one keeper of the networks does in Redis: the lock, the log of what is under way, and the writing of members and networks.
// Members lie in their names' partitions, all else in one slot; no write of a keeper that was superseded counts. What is written is
// core's business, reading it for others is live-networks.ts'.
import type { NetworkEntry } from '../core/model/outbox.ts'
import type { NetworkSummary } from '../core/model/network.ts'
import type { KeptMember } from '../core/networks/network-news.ts'
import type { NetworkPlan } from '../core/networks/network-plan.ts'
import { packMember, unpackMember } from '../core/networks/packed-member.ts'
import { keys, partitionOf, PARTITIONS, type Partition } from './keys.ts'
import { placeOf, readPlace } from './network-places.ts'
import type { LiveRedis } from './redis.ts'
import { RETENTION_MS } from './retention.ts'
import { runScript } from './script.ts'
import {
  CLAIM_PARTITION,
  KEEP_FIELDS,
  KEEP_NETWORK,
  RELEASE_KEEPER,
  RENEW_KEEPER,
  TAKE_KEEPER,
  WRITE_LOG,
} from './scripts/keep-networks.ts'

/** How long the lock outlives its last renewal; ms of real time. More than it takes to put a hundred thousand names back. */
const LOCK_MS = 30_000
/** Fields, or places, in one call: about half a megabyte of members. */
const AT_ONCE = 512
/** Fields of one look while everything is loaded. */
const LOADED_AT_ONCE = 500

/** The keeper's place was taken by another process: nothing of this call was written, and nothing will be. */
export class SupersededError extends Error {
  override readonly name = 'SupersededError'
}

interface LoggedPlan extends Omit<NetworkPlan, 'members'> {
  readonly packed: readonly (readonly [domain: string, base64: string])[]
}

export class KeptNetworks {
  readonly #redis: LiveRedis
  readonly #token: string
  readonly #lockMs: number

  /** `token`: unique among processes. */
  constructor(redis: LiveRedis, token: string, lockMs = LOCK_MS) {
    this.#redis = redis
    this.#token = token
    this.#lockMs = lockMs
  }

  /** Renewed in good time before this many ms are over. */
  get lockMs(): number {
    return this.#lockMs
  }

  /** The generation of the keeper that this process is from now on; null while another one is. Older ones are shut out at once. */
  async take(): Promise<number | null> {
    const places = [keys.keeper(), keys.keeperGeneration()]
    const generation = (await runScript(this.#redis, TAKE_KEEPER, places, [
      this.#token,
      this.#lockMs,
    ])) as number
    if (generation === 0) return null
    await Promise.all(
      PARTITIONS.map(async (partition) => {
        const answer = await runScript(
          this.#redis,
          CLAIM_PARTITION,
          [keys.keeperHere(partition)],
          [generation],
        )
        written(answer)
      }),
    )
    return generation
  }

  /** False when the lock is lost. */
  async renew(generation: number): Promise<boolean> {
    const places = [keys.keeper(), keys.keeperGeneration()]
    const values = [this.#token, this.#lockMs, generation]
    return (await runScript(this.#redis, RENEW_KEEPER, places, values)) === 1
  }

  async release(): Promise<void> {
    await runScript(this.#redis, RELEASE_KEEPER, [keys.keeper()], [this.#token])
  }

  /** All that is kept. Nobody else may write meanwhile. */
  async load(): Promise<{ members: readonly KeptMember[]; networks: readonly NetworkSummary[] }> {
    const members = new Map<string, KeptMember>()
    for (const partition of PARTITIONS) {
      let cursor = '0'
      do {
        const [next, fields] = await this.#redis.hscanBuffer(
          keys.networkMembers(partition),
          cursor,
          'COUNT',
          LOADED_AT_ONCE,
        )
        for (let at = 0; at < fields.length; at += 2) {
          const domain = String(fields[at])
          members.set(domain, unpackMember(domain, fields[at + 1]!))
        }
        cursor = String(next)
      } while (cursor !== '0')
    }
    const places = await this.#redis.zrangebylex(keys.networks(), '-', '+')
    const networks: NetworkSummary[] = []
    for (let start = 0; start < places.length; start += LOADED_AT_ONCE) {
      const texts = await Promise.all(
        places
          .slice(start, start + LOADED_AT_ONCE)
          .map((place) => this.#redis.hget(keys.network(readPlace(place).name), 'summary')),
      )
      networks.push(...texts.flatMap((text) => (text ? [JSON.parse(text) as NetworkSummary] : [])))
    }
    return { members: [...members.values()], networks }
  }

  /** Writes down what is about to be carried out. */
  async log(plan: NetworkPlan, generation: number): Promise<void> {
    const { members, ...rest } = plan
    const packed = members.map(
      (member) => [member.name.domain, packMember(member).toString('base64')] as const,
    )
    await this.#writeLog(JSON.stringify({ ...rest, packed } satisfies LoggedPlan), generation)
  }

  /** What an earlier keeper may not have finished. */
  async logged(): Promise<NetworkPlan | null> {
    const text = await this.#redis.get(keys.networkLog())
    if (text === null) return null
    const { packed, ...rest } = JSON.parse(text) as LoggedPlan
    const members = packed.map(([domain, base64]) => unpackMember(domain, Buffer.from(base64, 'base64')))
    return { ...rest, members }
  }

  async forgetLog(generation: number): Promise<void> {
    await this.#writeLog('', generation)
  }

  /** Puts the entries into the events streams, each network's in order. Twice is no harm: whoever reads them bears it. */
  async tell(entries: readonly NetworkEntry[]): Promise<void> {
    for (const [partition, some] of Map.groupBy(entries, ({ news }) => partitionOf(news.id))) {
      for (const entry of some) {
        await this.#redis.xadd(keys.events(partition), '*', 'event', JSON.stringify(entry))
      }
    }
  }

  /** Carries the plan out, but for the telling. Idempotent. Throws `SupersededError`. */
  async keep(plan: NetworkPlan, generation: number): Promise<void> {
    const fields: FieldWrite[] = [
      ...plan.members.map((member) => ({ domain: member.name.domain, bytes: packMember(member) })),
      ...plan.gone.map((domain) => ({ domain, bytes: '' })),
    ]
    const zones: FieldWrite[] = plan.zones.map(([domain, ids]) => ({ domain, bytes: ids.join(',') }))
    await this.#keepFields(fields, keys.networkMembers, generation)
    await this.#keepFields(zones, keys.networkZones, generation)
    await this.#keepNetworks(plan, generation)
  }

  async #keepFields(
    writes: readonly FieldWrite[],
    keyOf: (partition: Partition) => string,
    generation: number,
  ): Promise<void> {
    const calls = [...Map.groupBy(writes, ({ domain }) => partitionOf(domain))].flatMap(([partition, some]) =>
      chunksOf(some, AT_ONCE).map(async (chunk) => {
        const values = chunk.flatMap(({ domain, bytes }) => [domain, bytes])
        const places = [keys.keeperHere(partition), keyOf(partition)]
        written(await runScript(this.#redis, KEEP_FIELDS, places, [generation, ...values]))
      }),
    )
    await Promise.all(calls)
  }

  async #keepNetworks({ networks, standing, placed, left }: NetworkPlan, generation: number): Promise<void> {
    const summaries = new Map(networks.map((summary) => [summary.id, summary]))
    const counts = new Map(standing)
    const coming = Map.groupBy(placed, ({ network }) => network)
    const leaving = Map.groupBy(left, ({ network }) => network)
    const ids = new Set([...summaries.keys(), ...counts.keys(), ...coming.keys(), ...leaving.keys()])
    const calls = [...ids].flatMap((id) => {
      const comers = (coming.get(id) ?? []).map(({ joinedAt, domain }) => placeOf(joinedAt, domain))
      const leavers = (leaving.get(id) ?? []).map(({ joinedAt, domain }) => placeOf(joinedAt, domain))
      const parts = Math.max(1, Math.ceil(Math.max(comers.length, leavers.length) / AT_ONCE))
      return Array.from({ length: parts }, (_, part) =>
        this.#keepNetwork(id, generation, {
          summary: summaries.get(id) ?? null,
          standing: counts.get(id) ?? null,
          comers: comers.slice(part * AT_ONCE, (part + 1) * AT_ONCE),
          leavers: leavers.slice(part * AT_ONCE, (part + 1) * AT_ONCE),
        }),
      )
    })
    await Promise.all(calls)
  }

  async #keepNetwork(
    id: string,
    generation: number,
    parts: {
      readonly summary: NetworkSummary | null
      readonly standing: number | null
      readonly comers: readonly string[]
      readonly leavers: readonly string[]
    },
  ): Promise<void> {
    const { summary, standing, comers, leavers } = parts
    const places = [
      keys.keeperGeneration(),
      keys.networks(),
      keys.livingNetworks(),
      keys.endedNetworks(),
      keys.network(id),
      keys.networkPlaces(id),
    ]
    const values = [
      generation,
      RETENTION_MS,
      summary ? placeOf(summary.formedAt, id) : '',
      summary ? JSON.stringify(summary) : '',
      summary && summary.endedAt !== null ? '1' : '0',
      standing ?? '',
      leavers.length,
      ...leavers,
      ...comers,
    ]
    written(await runScript(this.#redis, KEEP_NETWORK, places, values))
  }

  async #writeLog(text: string, generation: number): Promise<void> {
    const places = [keys.keeperGeneration(), keys.networkLog()]
    written(await runScript(this.#redis, WRITE_LOG, places, [generation, text]))
  }
}

/** An empty value: the field goes. */
interface FieldWrite {
  readonly domain: string
  readonly bytes: Buffer | string
}

function written(answer: unknown): void {
  if (answer !== 1) throw new SupersededError('Another process keeps the networks now')
}

function chunksOf<T>(items: readonly T[], size: number): readonly T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}
