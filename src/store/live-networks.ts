// The networks of flagged names as others read them: lists and pages for requests, the network of a name beside its verdict, the
// networks of neighbours for an assessment. Only one process writes them (kept-networks.ts).
import type { NetworkMember, NetworkOfName, NetworkSummary, StandingNetwork } from '../core/model/network.ts'
import type { Page } from '../core/model/watch.ts'
import { networkOfPacked, unpackMember } from '../core/networks/packed-member.ts'
import { keys, partitionOf } from './keys.ts'
import { MomentMemory } from './moment-memory.ts'
import { pageOfPlaces, readPlace } from './network-places.ts'
import type { LiveRedis } from './redis.ts'

interface PageQuery {
  readonly cursor: string | null
  readonly limit: number
}

/** As long as notes of flagged names at an address: both are read for the same assessment. */
const READ_KEPT_MS = 60_000
/** Registrable domains, and networks, that this process remembers: about 250 B of heap each. */
const REMEMBERED = 20_000

export class LiveNetworks {
  readonly #redis: LiveRedis
  readonly #ofZone = new MomentMemory<readonly string[]>(READ_KEPT_MS, REMEMBERED)
  readonly #standing = new MomentMemory<number>(READ_KEPT_MS, REMEMBERED)

  constructor(redis: LiveRedis) {
    this.#redis = redis
  }

  /** Newest first, by when they formed. `active`: only those that live, or only those that have ended; null: all. */
  async list({ active, ...query }: PageQuery & { active: boolean | null }): Promise<Page<NetworkSummary>> {
    const key = active === null ? keys.networks() : active ? keys.livingNetworks() : keys.endedNetworks()
    const { places, next } = await pageOfPlaces(this.#redis, key, 'newest first', query)
    const found = await Promise.all(places.map((place) => this.get(readPlace(place).name)))
    // One that ended long ago is gone; its place goes now.
    const gone = places.filter((_, index) => found[index] === null)
    if (gone.length > 0) {
      await Promise.all(
        [keys.networks(), keys.endedNetworks()].map((each) => this.#redis.zrem(each, ...gone)),
      )
    }
    return { items: found.filter((network) => network !== null), next }
  }

  async get(id: string): Promise<NetworkSummary | null> {
    const text = await this.#redis.hget(keys.network(id), 'summary')
    return text === null ? null : (JSON.parse(text) as NetworkSummary)
  }

  /** In the order in which they joined. A cursor that was not made here throws FLUX_INVALID. */
  async members(id: string, query: PageQuery): Promise<Page<NetworkMember>> {
    const { places, next } = await pageOfPlaces(this.#redis, keys.networkPlaces(id), 'oldest first', query)
    const found = await Promise.all(
      places.map(async (place): Promise<NetworkMember | null> => {
        const { name: domain, atMs: joinedAt } = readPlace(place)
        const bytes = await this.#redis.hgetBuffer(keys.networkMembers(partitionOf(domain)), domain)
        if (bytes === null) return null
        const { standsAlone, agents } = unpackMember(domain, bytes).name
        return { domain, joinedAt, standsAlone, agents }
      }),
    )
    return { items: found.filter((member) => member !== null), next }
  }

  /** How many live. */
  count(): Promise<number> {
    return this.#redis.zcard(keys.livingNetworks())
  }

  /** The network that a name is in; null for one that was never flagged, or is in none. */
  async networkOf(domain: string): Promise<NetworkOfName | null> {
    const bytes = await this.#redis.hgetBuffer(keys.networkMembers(partitionOf(domain)), domain)
    const id = bytes && networkOfPacked(bytes)
    const summary = id ? await this.get(id) : null
    return summary && { id: summary.id, domains: summary.domains, agents: summary.agents }
  }

  /** Of registrable domains: the networks in which they stand alone, those without any left out; as much as a minute old. */
  async networksOf(
    zones: readonly string[],
    now: number,
  ): Promise<ReadonlyMap<string, readonly StandingNetwork[]>> {
    const found = await Promise.all(
      zones.map(async (zone) => {
        const ids = await this.#idsOf(zone, now)
        const networks = await Promise.all(
          ids.map(async (id) => ({ id, domains: await this.#standingIn(id, now) })),
        )
        return [zone, networks.filter(({ domains }) => domains > 0)] as const
      }),
    )
    return new Map(found.filter(([, networks]) => networks.length > 0))
  }

  async #idsOf(zone: string, now: number): Promise<readonly string[]> {
    const known = this.#ofZone.get(zone, now)
    if (known !== undefined) return known
    const text = await this.#redis.hget(keys.networkZones(partitionOf(zone)), zone)
    const ids = text ? text.split(',') : []
    this.#ofZone.set(zone, ids, now)
    return ids
  }

  async #standingIn(id: string, now: number): Promise<number> {
    const known = this.#standing.get(id, now)
    if (known !== undefined) return known
    const count = Number((await this.#redis.hget(keys.network(id), 'standing')) ?? 0)
    this.#standing.set(id, count, now)
    return count
  }
}
