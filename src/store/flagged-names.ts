// Tells the keeper of the networks which names are flagged and which were cleared, through a stream of the name's partition; and
// counts who else was seen at a flagged address. Only single-key commands. What a round tells is decided in queue/.
import type { NetworkAgent } from '../core/model/network.ts'
import { packNews } from '../core/networks/packed-member.ts'
import { stableHash } from '../core/series/stable-hash.ts'
import { keys, partitionOf } from './keys.ts'
import { MomentMemory } from './moment-memory.ts'
import type { LiveRedis } from './redis.ts'
import { RETENTION_MS } from './retention.ts'

/** The field of a stream's entry. */
export const FLAGGED_FIELD = 'name'
/**
 * Entries that wait in a stream, about: when nobody keeps networks for hours, the oldest go, 16 times 7 MB at most. What they said
 * is told again within the hour; of a name that was cleared its agents age out. Hand-set.
 */
const MOST_WAITING = 10_000
/** What was told is told again after this long, so that nothing that was lost stays lost. */
const TOLD_KEPT_MS = 3_600_000
/** Names that this process remembers to have told: about 500 B of heap each. */
const REMEMBERED_NAMES = 50_000
/** Addresses remembered of a name, the latest: two roles of 64, and as many that come back. */
const REMEMBERED_ADDRESSES = 256
/** Strangers gather over days. */
const STRANGERS_KEPT_MS = 600_000
const REMEMBERED_PLACES = 50_000

interface Told {
  readonly standsAlone: boolean
  /** Hashes of addresses: another one that looks the same is told an hour late, once in some millions. */
  readonly addresses: Uint32Array
}

export class FlaggedNames {
  readonly #redis: LiveRedis
  readonly #told = new MomentMemory<Told>(TOLD_KEPT_MS, REMEMBERED_NAMES)
  readonly #strangers = new MomentMemory<number>(STRANGERS_KEPT_MS, REMEMBERED_PLACES)
  readonly #noted = new MomentMemory<true>(TOLD_KEPT_MS, REMEMBERED_PLACES)

  constructor(redis: LiveRedis) {
    this.#redis = redis
  }

  /** Tells that the name is flagged, unless all of it was told within the hour. Answers whether it was told now. */
  async tell(
    name: {
      readonly domain: string
      readonly standsAlone: boolean
      readonly agents: readonly Pick<NetworkAgent, 'address' | 'last'>[]
    },
    now: number,
  ): Promise<boolean> {
    const { domain, standsAlone } = name
    const hashes = Uint32Array.from(name.agents, ({ address }) => stableHash(address))
    const before = this.#told.get(domain, now)
    if (before?.standsAlone === standsAlone && hashes.every((hash) => before.addresses.includes(hash))) {
      return false
    }
    const agents = await Promise.all(
      name.agents.map(async ({ address, last }) => ({
        address,
        last,
        strangers: await this.#strangersAt(address, now),
      })),
    )
    await this.#append(domain, packNews({ kind: 'flagged', name: { domain, agents, standsAlone, at: now } }))
    const kept = new Set([...hashes, ...(before?.addresses ?? [])])
    const addresses = Uint32Array.from([...kept].slice(0, REMEMBERED_ADDRESSES))
    this.#told.set(domain, { standsAlone, addresses }, now)
    return true
  }

  /** Tells that the name is not flagged any more. */
  async clear(domain: string, at: number): Promise<void> {
    this.#told.delete(domain)
    await this.#append(domain, packNews({ kind: 'cleared', domain, at }))
  }

  /** A registrable domain that is not flagged was seen at these addresses. Idempotent; written once an hour. */
  async noteStranger(zone: string, addresses: readonly string[], now: number): Promise<void> {
    await Promise.all(
      addresses.map(async (address) => {
        const pair = `${address} ${zone}`
        if (this.#noted.get(pair, now)) return
        const key = keys.strangers(address)
        await this.#redis.pfadd(key, zone)
        // From the first on, then anew: an address that changed hands is not spoilt for ever.
        await this.#redis.pexpire(key, RETENTION_MS, 'NX')
        this.#noted.set(pair, true, now)
      }),
    )
  }

  async #append(domain: string, bytes: Buffer): Promise<void> {
    const stream = keys.flagged(partitionOf(domain))
    await this.#redis.xadd(stream, 'MAXLEN', '~', MOST_WAITING, '*', FLAGGED_FIELD, bytes)
  }

  async #strangersAt(address: string, now: number): Promise<number> {
    const known = this.#strangers.get(address, now)
    if (known !== undefined) return known
    const count = await this.#redis.pfcount(keys.strangers(address))
    this.#strangers.set(address, count, now)
    return count
  }
}
