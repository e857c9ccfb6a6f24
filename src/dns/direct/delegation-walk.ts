// Finds the servers of a name from the root down: whom to ask next, one zone cut after the other. Asks as few servers as
// a step needs; asking all of a zone is direct-source.ts's business.
import { delegationOf, type Delegation } from '../../core/dns/delegation.ts'
import { parentName } from '../../core/dns/name-tree.ts'
import type { Question } from '../../core/dns/record.ts'
import type { AuthorityServer } from '../../core/dns/reply.ts'
import { stableHash } from '../../core/series/stable-hash.ts'
import type { Authorities } from './authorities.ts'
import type { DelegationCache } from './delegation-cache.ts'
import type { DirectLimits } from './direct-limits.ts'
import type { Asked, Look } from './look.ts'
import { minimisedName } from './minimised-name.ts'
import type { AskOne, NameServerAddresses } from './name-server-addresses.ts'
import { isDecisive } from './reading.ts'

export interface DelegationWalkOptions {
  /** Addresses of root servers. */
  readonly rootHints: readonly string[]
  readonly authorities: Authorities
  readonly delegations: DelegationCache
  readonly addresses: NameServerAddresses
  readonly limits: DirectLimits
  readonly now: () => number
}

/** Where a walk ended: the zone that holds the name, and what its servers replied to the question itself. */
export interface Arrival {
  readonly zone: Delegation
  readonly asked: readonly Asked[]
}

/** The turn among a zone's servers moves on so often; milliseconds. Looks at the same time choose the same server. */
const TURN_MS = 60_000

export class DelegationWalk {
  readonly #options: DelegationWalkOptions

  constructor(options: DelegationWalkOptions) {
    this.#options = options
  }

  /** Asks one server that has the name; what the nested walks for name servers without glue do. */
  readonly askOne: AskOne = async (question, look) => {
    const { asked } = await this.locate(question, look)
    return asked.find(({ reading }) => isDecisive(reading)) ?? null
  }

  /** The root, with the names of its servers once they are known (priming, RFC 8109), else by the hints alone. */
  async root(look: Look): Promise<Delegation> {
    const { delegations, rootHints, now } = this.#options
    const known = delegations.closest('', now())
    if (known !== null) return known
    const glue = rootHints.map((address) => ({ address, ttlSeconds: 0 }))
    const hints: Delegation = { zone: '', nameServers: [{ name: '', ttlSeconds: 0, glue }] }
    const primed = await this.apexOf(hints, '', look)
    const named = primed?.nameServers.filter((server) => server.glue.length > 0) ?? []
    if (named.length === 0) return hints
    const root = { zone: '', nameServers: named }
    delegations.keep(root, now())
    return root
  }

  /**
   * The deepest zone that holds `name`, as far as its ancestors' servers tell: `name` may be its apex. Where servers on
   * the way cannot be asked or are lame, it is the last zone that was found.
   */
  async closestZone(name: string, look: Look): Promise<Delegation> {
    const { delegations, now } = this.#options
    const known = delegations.closest(name, now())
    let zone = known !== null && known.zone !== '' ? known : await this.root(look)
    let place = zone.zone
    for (let questions = 0; place !== name && !look.isSpent; questions++) {
      const next = minimisedName(name, place, questions)
      // Type A: some servers do not know what to say to NS (RFC 9156, section 2.1).
      const asked = await this.askServers(zone, { name: next, type: 'A' }, look, 1)
      const decisive = asked.find(({ reading }) => isDecisive(reading))
      if (decisive?.reading.kind === 'referral') {
        zone = decisive.reading.delegation
        delegations.keep(zone, now())
        place = zone.zone
      } else if (decisive !== undefined) {
        // Also after NXDOMAIN: some servers say so, against RFC 8020, of names that only have names below them.
        place = next
      } else if (next === name) return zone
      // Nobody tells about the part: the whole name, as without minimisation.
      else place = parentName(name)
    }
    return zone
  }

  /** Walks to the zone that answers the question from its own data, and asks as many of its servers as that needs. */
  async locate(question: Question, look: Look): Promise<Arrival> {
    const { delegations, now } = this.#options
    const known = delegations.closest(question.name, now())
    let zone = known?.zone === question.name ? known : await this.closestZone(parentName(question.name), look)
    for (;;) {
      const asked = await this.askServers(zone, question, look, 1)
      const reading = asked.find((one) => isDecisive(one.reading))?.reading
      if (reading?.kind === 'referral') {
        zone = reading.delegation
        delegations.keep(zone, now())
        continue
      }
      const deeperApex = reading !== undefined && 'deeperApex' in reading ? reading.deeperApex : null
      const deeper = deeperApex === null ? null : await this.apexOf(zone, deeperApex, look)
      if (deeper !== null) delegations.keep(deeper, now())
      return { zone: deeper ?? zone, asked }
    }
  }

  /** The delegation of `apex` as servers of `zone` give it that serve `apex` too; null when they do not. */
  async apexOf(zone: Delegation, apex: string, look: Look): Promise<Delegation | null> {
    const asked = await this.askServers(zone, { name: apex, type: 'NS' }, look, 1)
    const own = asked.find(({ reading }) => reading.kind === 'answer')
    return own === undefined ? null : delegationOf(apex, zone.zone, own.reply.answer, own.reply.additional)
  }

  /**
   * Asks servers of the zone until `wanted` of them settled the question, or there is nobody left to ask. Everyone that
   * was asked, in that order; servers that were silent lately come last, name servers without glue after all others.
   */
  async askServers(zone: Delegation, question: Question, look: Look, wanted: number): Promise<Asked[]> {
    const { limits, addresses } = this.#options
    const ready = this.#inTurn(
      zone.nameServers.flatMap(({ name, glue }) => glue.map(({ address }) => ({ name, address }))),
      question,
    )
    const isCircle = look.waiting.includes(zone.zone)
    const glueless = zone.nameServers.filter(({ glue }) => glue.length === 0)
    // A zone that waits for its name servers cannot be asked for them, but by those that were found meanwhile.
    if (isCircle && glueless.length > 0) {
      look.noteCircle()
      const known = glueless.flatMap(({ name }) => addresses.remembered(name))
      ready.push(...this.#inTurn(known, question))
    }
    const lookUps = isCircle ? [] : glueless.slice(0, limits.gluelessTries)
    const asked: Asked[] = []
    let open = wanted
    for (let round = 0; open > 0 && asked.length < limits.triesPerStep; round++) {
      if (ready.length === 0) {
        const next = lookUps.shift()
        if (next === undefined) break
        const found = await addresses.anyOf(next.name, zone.zone, look, this.askOne)
        ready.push(...this.#inTurn(found, question))
        continue
      }
      // One more at once after each failure: several dead servers shall not cost as many time-outs.
      const batch = ready.splice(0, Math.min(open + round, limits.triesPerStep - asked.length))
      const replies = await Promise.all(batch.map((server) => look.ask(server, question, zone.zone)))
      asked.push(...replies.filter((one) => one !== null))
      if (replies.includes(null)) break
      open = wanted - asked.filter(({ reading }) => isDecisive(reading)).length
    }
    return asked
  }

  /** IPv4 first: on a machine without IPv6 each step would lose a try. */
  #inTurn(servers: readonly AuthorityServer[], question: Question): AuthorityServer[] {
    const { authorities, now } = this.#options
    const byAddress = new Map(servers.map((server) => [server.address, server]))
    const distinct = [...byAddress.values()]
    const turn = stableHash(`${question.name} ${Math.floor(now() / TURN_MS)}`) % Math.max(1, distinct.length)
    const rotated = [...distinct.slice(turn), ...distinct.slice(0, turn)]
    const rank = ({ address }: AuthorityServer): number =>
      (authorities.isSilent(address, question) ? 2 : 0) + (address.includes(':') ? 1 : 0)
    return rotated.toSorted((a, b) => rank(a) - rank(b))
  }
}
