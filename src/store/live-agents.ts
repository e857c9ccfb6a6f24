// Which flagged names an address served, in Redis: a sorted set an address and role, bounded in names and time. What is noted
// and what it means is core's business. Only single-key commands and single-slot scripts, each in the address's partition.
import type { FlaggedAgents } from '../core/model/address-facts.ts'
import type { Agent, AgentRole } from '../core/networks/agents.ts'
import { keys } from './keys.ts'
import { MomentMemory } from './moment-memory.ts'
import type { LiveRedis } from './redis.ts'
import { RETENTION_MS } from './retention.ts'
import { runScript } from './script.ts'
import { NOTE_FLAGGED } from './scripts/note-flagged.ts'

/** Names kept of an address, the latest: enough for the mean of 14 that Nazario and Holz (MALWARE 2008) counted. */
export const NAMES_PER_ADDRESS = 16
/**
 * More flagged names than this within a month, and the address is a sinkhole, a parking page or somebody's CDN: it ties
 * strangers together. 392 is the most that Nazario and Holz (MALWARE 2008) saw at one address; it was parking.
 */
export const CROWD = 392

const READ_KEPT_MS = 60_000
/** A note is good for a month: an hour's precision is plenty. */
const NOTED_KEPT_MS = 3_600_000
/** Addresses, and pairs of address and name, that this process remembers: about 240 and 270 B of heap each. */
const REMEMBERED = 50_000

export class LiveAgents {
  readonly #redis: LiveRedis
  /** The names at an address; null for a crowd. */
  readonly #read = new MomentMemory<readonly string[] | null>(READ_KEPT_MS, REMEMBERED)
  readonly #noted = new MomentMemory<true>(NOTED_KEPT_MS, REMEMBERED)

  constructor(redis: LiveRedis) {
    this.#redis = redis
  }

  /** What is noted at these addresses; as much as a minute old. `now`: ms; older notes than 30 days do not count. */
  async flaggedAt(agents: readonly Agent[], now: number): Promise<FlaggedAgents> {
    const found = await Promise.all(
      agents.map(async ({ role, address }) => ({
        role,
        address,
        names: await this.#namesAt(role, address, now),
      })),
    )
    const ofRole = (wanted: AgentRole): ReadonlyMap<string, readonly string[]> =>
      new Map(
        found.flatMap(({ role, address, names }) =>
          role === wanted && names !== null ? [[address, names] as const] : [],
        ),
      )
    return { addresses: ofRole('address'), nameServers: ofRole('name_server') }
  }

  /** Notes that a flagged registrable domain has these agents. Idempotent; what was noted within the hour is not written again. */
  async note(domain: string, agents: readonly Agent[], now: number): Promise<void> {
    await Promise.all(
      agents.map(async ({ role, address, last }) => {
        const pair = pairOf(domain, role, address)
        if (this.#noted.get(pair, now)) return
        await runScript(
          this.#redis,
          NOTE_FLAGGED,
          [keys.flaggedAt(role, address), keys.flaggedCrowd(role, address)],
          [domain, last, NAMES_PER_ADDRESS, RETENTION_MS],
        )
        this.#noted.set(pair, true, now)
        this.#read.delete(placeOf(role, address))
      }),
    )
  }

  /** The domain is not flagged any more: it speaks against nobody at these addresses. Idempotent. */
  async forget(domain: string, agents: readonly Agent[]): Promise<void> {
    await Promise.all(
      agents.map(async ({ role, address }) => {
        await this.#redis.zrem(keys.flaggedAt(role, address), domain)
        this.#noted.delete(pairOf(domain, role, address))
        this.#read.delete(placeOf(role, address))
      }),
    )
  }

  async #namesAt(role: AgentRole, address: string, now: number): Promise<readonly string[] | null> {
    const place = placeOf(role, address)
    const known = this.#read.get(place, now)
    if (known !== undefined) return known
    const since = now - RETENTION_MS
    const latest = await this.#redis.zrevrangebyscore(keys.flaggedAt(role, address), '+inf', since)
    // Almost every address has none: only the others are asked how many there were in all.
    const isCrowd = latest.length > 0 && (await this.#redis.pfcount(keys.flaggedCrowd(role, address))) > CROWD
    const names = isCrowd ? null : latest.toSorted()
    this.#read.set(place, names, now)
    return names
  }
}

function placeOf(role: AgentRole, address: string): string {
  return `${role} ${address}`
}

function pairOf(domain: string, role: AgentRole, address: string): string {
  return `${placeOf(role, address)} ${domain}`
}
