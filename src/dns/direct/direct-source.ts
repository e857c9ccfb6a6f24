// The `direct` vantage: asks the authorities themselves, on both sides of the zone cut. What it sees that no resolver
// shows: the parent's name servers and glue beneath their TTLs, and each of the zone's servers by itself. How it finds
// them is delegation-walk.ts; how fast it may ask is authorities.ts.
import { delegationOf, mergedDelegation, type Delegation } from '../../core/dns/delegation.ts'
import type { Question } from '../../core/dns/record.ts'
import type { Reply } from '../../core/dns/reply.ts'
import type { ExchangeCounters } from '../exchange.ts'
import type { MeteredResolver, ReplySource } from '../resolver.ts'
import type { ServerAddress } from '../server-address.ts'
import { Authorities, unsent } from './authorities.ts'
import { childReply, parentReply } from './authority-reply.ts'
import { DelegationCache } from './delegation-cache.ts'
import { DelegationWalk } from './delegation-walk.ts'
import { DEFAULT_DIRECT_LIMITS, type DirectLimits } from './direct-limits.ts'
import { Look, type Asked } from './look.ts'
import { inOrderOfName, NameServerAddresses } from './name-server-addresses.ts'
import { ParentSide } from './parent-side.ts'
import { isDecisive } from './reading.ts'

export interface DirectSourceOptions {
  /** Addresses of root servers; the walk begins there. */
  readonly rootHints: readonly string[]
  /**
   * A stub of one authority: asks with RD 0, and minds time-outs, retries, 0x20, cookies and TCP. Nothing is sent before
   * its first question; it is closed when it has not been used for long.
   */
  readonly openAuthority: (server: ServerAddress) => MeteredResolver
  /** Where authorities listen. @defaultValue 53 */
  readonly port?: number
  /** Questions per second to one authority's address at most. @defaultValue 5, hand-set */
  readonly qpsPerAuthority?: number
  /** Questions per second to all addresses of one name server's name at most. @defaultValue twice `qpsPerAuthority` */
  readonly qpsPerName?: number
  /** Lets special-purpose addresses be asked (RFC 6890): for a lab only. @defaultValue false */
  readonly allowSpecialPurpose?: boolean
  /** False for an address that no packet may go to, or a name that nobody may be asked about. @defaultValue none is left out */
  readonly mayAsk?: (address: string, name: string) => boolean
  /** Milliseconds of a clock that never goes back; TTLs of the caches run on it. @defaultValue performance.now */
  readonly now?: () => number
  readonly limits?: Partial<DirectLimits>
}

const DEFAULT_QPS_PER_AUTHORITY = 5

export class DirectSource implements ReplySource {
  readonly #limits: DirectLimits
  readonly #now: () => number
  readonly #authorities: Authorities
  readonly #delegations: DelegationCache
  readonly #addresses: NameServerAddresses
  readonly #walk: DelegationWalk
  readonly #parents: ParentSide

  constructor(options: DirectSourceOptions) {
    const limits = { ...DEFAULT_DIRECT_LIMITS, ...options.limits }
    const now = options.now ?? (() => performance.now())
    const qpsPerAuthority = options.qpsPerAuthority ?? DEFAULT_QPS_PER_AUTHORITY
    this.#limits = limits
    this.#now = now
    this.#authorities = new Authorities({
      openAuthority: options.openAuthority,
      port: options.port ?? 53,
      qpsPerAuthority,
      qpsPerName: options.qpsPerName ?? 2 * qpsPerAuthority,
      allowSpecialPurpose: options.allowSpecialPurpose ?? false,
      mayAsk: options.mayAsk ?? (() => true),
      now,
      limits,
    })
    this.#delegations = new DelegationCache(limits)
    this.#addresses = new NameServerAddresses(limits, now)
    this.#walk = new DelegationWalk({
      rootHints: options.rootHints,
      authorities: this.#authorities,
      delegations: this.#delegations,
      addresses: this.#addresses,
      limits,
      now,
    })
    this.#parents = new ParentSide(this.#walk, this.#delegations, limits, now)
  }

  get counters(): ExchangeCounters {
    return this.#authorities.counters
  }

  get inFlight(): number {
    return this.#authorities.inFlight
  }

  /**
   * NS and SOA are asked of a zone cut: the parent's servers afresh, never from the cache, then every authority that they
   * name (bounded); for NS also those that only the zone itself names. For NS the parent's replies come first, `side`
   * parent: `authority` has the NS records and `additional` the glue that may be believed, with the parent's TTLs; a name
   * without a zone cut has only those.
   * Every other type is asked of every authority of the zone that holds the name. Their replies have `side` child.
   *
   * A server that does not serve the zone it is listed for fails as `lame`, without an answer; its rcode says how. When
   * no server can be asked, one reply without `server` says why: our own doing (`throttled`, `network`, `opted_out`) where
   * there was any, else `unreachable_zone`, or, where even the root's servers brought nothing, their failure.
   */
  look(question: Question, signal?: AbortSignal): Promise<readonly Reply[]> {
    return Look.run(this.#authorities, this.#limits, signal, (look) =>
      question.type === 'NS' || question.type === 'SOA'
        ? this.#lookAtCut(question, look)
        : this.#lookAtHost(question, look),
    )
  }

  async close(): Promise<void> {
    await this.#authorities.close()
  }

  async #lookAtCut(question: Question, look: Look): Promise<Reply[]> {
    if (question.name === '') {
      const root = await this.#walk.root(look)
      return this.#repliesOf(await this.#askEveryone(root, question, look, []), look)
    }
    const { above, asked } = await this.#parents.ask(question.name, look)
    const decisive = asked.filter(({ reading }) => isDecisive(reading))
    if (decisive.length === 0) return [this.#unreachable(above, asked, look)]
    const parents = decisive.flatMap((one) => parentReply(one, question.name) ?? [])
    const zone = this.#parents.delegationIn(question.name, decisive)
    if (zone === null) return parents
    // A server of both sides has given its own data already, where that was what is asked.
    const known = question.type === 'NS' ? decisive.filter(({ reading }) => reading.kind === 'answer') : []
    const listed = await this.#askEveryone(zone, question, look, known)
    if (question.type === 'SOA') return this.#repliesOf(listed, look)
    const children = await this.#askAlsoListed(zone, question, look, listed)
    return [...parents, ...this.#repliesOf(children, look)]
  }

  /** Asks the name servers too that only the zone itself lists, as far as the limit has room for them. */
  async #askAlsoListed(
    zone: Delegation,
    question: Question,
    look: Look,
    asked: readonly Asked[],
  ): Promise<readonly Asked[]> {
    const own = asked
      .filter(({ reading }) => reading.kind === 'answer')
      .flatMap(({ reply }) => delegationOf(zone.zone, zone.zone, reply.answer, reply.additional) ?? [])
    const names = new Set(zone.nameServers.map(({ name }) => name))
    const [first, ...others] = own
    const unlisted = first
      ? mergedDelegation(first, ...others).nameServers.filter(({ name }) => !names.has(name))
      : []
    const nameServers = inOrderOfName(unlisted).slice(0, Math.max(0, this.#limits.nameServers - names.size))
    return nameServers.length === 0
      ? asked
      : this.#askEveryone({ zone: zone.zone, nameServers }, question, look, asked)
  }

  async #lookAtHost(question: Question, look: Look): Promise<Reply[]> {
    const remembered = this.#delegations.closest(question.name, this.#now())
    const { zone, asked } = await this.#walk.locate(question, look.part(this.#limits.walkPackets))
    if (zone.zone === '' && !asked.some(({ reading }) => isDecisive(reading)))
      return [this.#unreachable(zone, asked, look)]
    const listed = await this.#askEveryone(zone, question, look, asked, true)
    // The walk takes the servers in turn. One that is not among those of every look counts only where none of them serves.
    const everyone = listed.some(({ reading }) => isDecisive(reading))
      ? listed
      : [...new Set([...asked, ...listed])]
    const isServed = everyone.some(({ reading }) => isDecisive(reading))
    if (isServed || zone !== remembered || look.isSpent || look.hindrance !== null)
      return this.#repliesOf(everyone, look)
    // Of a delegation that was remembered, no server knows the zone any more: the parent may name others by now.
    const { asked: parents } = await this.#parents.ask(zone.zone, look)
    const renewed = this.#parents.delegationIn(zone.zone, parents)
    const again =
      renewed === null ? everyone : await this.#askEveryone(renewed, question, look, everyone, true)
    return this.#repliesOf(again, look)
  }

  /**
   * Every authority of the zone that may be asked, and those that were asked before: all of them, or with `onlyListed`
   * only those that the zone lists. Referrals further down, where servers disagree, are followed.
   */
  async #askEveryone(
    zone: Delegation,
    question: Question,
    look: Look,
    before: readonly Asked[],
    onlyListed = false,
  ): Promise<Asked[]> {
    const walking = look.part(this.#limits.walkPackets)
    const servers = await this.#addresses.everyServer(zone, walking, this.#walk.askOne)
    const isListed = ({ server }: Asked): boolean => servers.some(({ address }) => address === server.address)
    const known = onlyListed ? before.filter(isListed) : before
    const missing = servers.filter(({ address }) => !known.some(({ server }) => server.address === address))
    const added = await Promise.all(missing.map((server) => look.ask(server, question, zone.zone)))
    const asked = [...known, ...added.filter((one) => one !== null)]
    const deeper = asked.find(({ reading }) => reading.kind === 'referral')?.reading
    if (deeper?.kind !== 'referral' || look.isSpent) return asked
    const own = asked.filter(({ reading }) => reading.kind !== 'referral')
    return [...own, ...(await this.#askEveryone(deeper.delegation, question, look, []))]
  }

  #repliesOf(asked: readonly Asked[], look: Look): Reply[] {
    const replies = asked.flatMap((one) => childReply(one) ?? [])
    return replies.length > 0 ? replies : [unsent(look.excuse ?? 'unreachable_zone')]
  }

  #unreachable(zone: Delegation, asked: readonly Asked[], look: Look): Reply {
    const ofRoot = zone.zone === '' ? asked.at(-1)?.reply.failure : undefined
    return unsent(look.excuse ?? ofRoot ?? 'unreachable_zone')
  }
}
