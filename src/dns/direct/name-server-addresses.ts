// The addresses of a zone's name servers: glue, or else what a walk of their own finds. Bounded and proof against loops:
// whoever writes a delegation decides how many names there are to look up.
import { addressOf, type DelegatedNameServer, type Delegation } from '../../core/dns/delegation.ts'
import type { Question } from '../../core/dns/record.ts'
import type { AuthorityServer } from '../../core/dns/reply.ts'
import type { DirectLimits } from './direct-limits.ts'
import type { Asked, Look } from './look.ts'
import { TtlCache } from './ttl-cache.ts'

/** Finds who has a name and asks one of them; null when nobody can be asked. */
export type AskOne = (question: Question, look: Look) => Promise<Asked | null>

const FAMILIES = ['A', 'AAAA'] as const
/** That a name has no address is remembered so long; seconds. Hand-set. */
const NEGATIVE_TTL_SECONDS = 60

export class NameServerAddresses {
  readonly #limits: DirectLimits
  readonly #now: () => number
  readonly #found: TtlCache<readonly string[]>

  constructor(limits: DirectLimits, now: () => number) {
    this.#limits = limits
    this.#now = now
    this.#found = new TtlCache(limits.cacheEntries)
  }

  /**
   * The servers of a zone to ask when all shall be asked: of 13 name servers two addresses each, first one of each, 16 in
   * all (as the limits say). Distinct by address; the first name that has it counts. Of many the same ones at every look, the
   * first by name and by address: servers list them in another order each time, and where each has answers of its own (by
   * region), another choice would look like change.
   */
  async everyServer(zone: Delegation, look: Look, askOne: AskOne): Promise<AuthorityServer[]> {
    const { nameServers, addressesPerNameServer, authoritiesPerZone } = this.#limits
    const known = inOrderOfName(zone.nameServers).slice(0, nameServers)
    const addresses = await this.#addressesOfAll(zone.zone, known, look, askOne)
    const servers = new Map<string, AuthorityServer>()
    for (let turn = 0; turn < addressesPerNameServer; turn++)
      for (const [index, { name }] of known.entries()) {
        const address = addresses[index]?.[turn]
        if (address !== undefined && !servers.has(address) && servers.size < authoritiesPerZone)
          servers.set(address, { name, address })
      }
    return [...servers.values()]
  }

  /** The addresses of one name server without glue: those of the first family that has any. */
  async anyOf(name: string, zone: string, look: Look, askOne: AskOne): Promise<AuthorityServer[]> {
    const part = this.#partFor(name, zone, look)
    if (part === null) return []
    for (const type of FAMILIES) {
      const addresses = await this.#lookUp({ name, type }, part, askOne)
      if (addresses.length > 0) return addresses.map((address) => ({ name, address }))
    }
    return []
  }

  /** What is remembered of one name server; empty when nothing is. */
  remembered(name: string): AuthorityServer[] {
    const found = FAMILIES.flatMap((type) => this.#found.get(`${type} ${name}`, this.#now()) ?? [])
    return found.map((address) => ({ name, address }))
  }

  /**
   * In the order of `servers`. A name that waited for its own zone is tried again when another was found meanwhile: that
   * one can be asked for it.
   */
  async #addressesOfAll(
    zone: string,
    servers: readonly DelegatedNameServer[],
    look: Look,
    askOne: AskOne,
  ): Promise<string[][]> {
    const lookUps = await Promise.all(
      servers.map(async (server) => {
        const part = look.part(this.#limits.packetsPerNameServer)
        const addresses = await this.#addressesOf(server, zone, part, askOne)
        return { server, addresses, metCircle: part.metCircle }
      }),
    )
    const isHopeless = lookUps.every(({ addresses }) => addresses.length === 0)
    const all: string[][] = []
    for (const { server, addresses, metCircle } of lookUps)
      all.push(metCircle && !isHopeless ? await this.#addressesOf(server, zone, look, askOne) : addresses)
    return all
  }

  async #addressesOf(
    { name, glue }: DelegatedNameServer,
    zone: string,
    look: Look,
    askOne: AskOne,
  ): Promise<string[]> {
    if (glue.length > 0) return balanced(glue.map((one) => one.address))
    const part = this.#partFor(name, zone, look)
    if (part === null) return []
    // One after the other: the second finds the way in the cache, which in parallel both would have to walk.
    const found: string[] = []
    for (const type of FAMILIES) found.push(...(await this.#lookUp({ name, type }, part, askOne)))
    return balanced(found)
  }

  /** Null where the look-up would go too deep. The root is no host: as a name it says that there is none. */
  #partFor(name: string, zone: string, look: Look): Look | null {
    const isTooDeep = look.waiting.length >= this.#limits.gluelessDepth
    return name === '' || isTooDeep || look.isSpent
      ? null
      : look.part(this.#limits.packetsPerNameServer, zone)
  }

  async #lookUp(question: Question, look: Look, askOne: AskOne): Promise<readonly string[]> {
    const key = `${question.type} ${question.name}`
    const known = this.#found.get(key, this.#now())
    if (known !== undefined) return known
    if (look.isSpent) return []
    look.countLookUp()
    const asked = await askOne(question, look)
    if (asked === null) return []
    const { reply, reading } = asked
    // A name server may be no alias (RFC 2181, section 10.3): what a CNAME leads to is not taken.
    const own = reply.answer.filter(
      (record) => record.name === question.name && record.type === question.type,
    )
    const found = own.map(addressOf).filter((address) => address !== null)
    // More are never asked, and whoever holds the name decides how many there are.
    const addresses = found.toSorted().slice(0, this.#limits.authoritiesPerZone)
    if (reading.kind === 'answer' || reading.kind === 'nodata' || reading.kind === 'nxdomain') {
      const ttls = own.map((record) => record.ttlSeconds)
      const ttlSeconds = Math.min(
        this.#limits.maxTtlSeconds,
        ...(ttls.length > 0 ? ttls : [NEGATIVE_TTL_SECONDS]),
      )
      const nowMs = this.#now()
      this.#found.set(key, addresses, nowMs + ttlSeconds * 1000, nowMs)
      return addresses
    }
    return []
  }
}

export function inOrderOfName(servers: readonly DelegatedNameServer[]): DelegatedNameServer[] {
  return servers.toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

/** Sorted, but one of each family first, so that a server with many addresses of one family is seen over both. */
function balanced(addresses: readonly string[]): string[] {
  const v4 = addresses.filter((address) => !address.includes(':')).toSorted()
  const v6 = addresses.filter((address) => address.includes(':')).toSorted()
  return [...v4.slice(0, 1), ...v6.slice(0, 1), ...v4.slice(1), ...v6.slice(1)]
}
