// The upper side of a zone cut: what the servers of the zone above say of it now, never out of the cache. Here name servers
// and glue are seen to change beneath their TTLs.
import { delegationOf, mergedDelegation, type Delegation } from '../../core/dns/delegation.ts'
import { parentName } from '../../core/dns/name-tree.ts'
import type { Question } from '../../core/dns/record.ts'
import type { DelegationCache } from './delegation-cache.ts'
import type { DelegationWalk } from './delegation-walk.ts'
import type { DirectLimits } from './direct-limits.ts'
import type { Asked, Look } from './look.ts'
import { isDecisive } from './reading.ts'

export interface ParentReplies {
  /** The zone whose servers were asked. */
  readonly above: Delegation
  readonly asked: readonly Asked[]
}

export class ParentSide {
  readonly #walk: DelegationWalk
  readonly #delegations: DelegationCache
  readonly #limits: Pick<DirectLimits, 'walkPackets' | 'parentServers'>
  readonly #now: () => number

  constructor(
    walk: DelegationWalk,
    delegations: DelegationCache,
    limits: Pick<DirectLimits, 'walkPackets' | 'parentServers'>,
    now: () => number,
  ) {
    this.#walk = walk
    this.#delegations = delegations
    this.#limits = limits
    this.#now = now
  }

  /**
   * Asks servers of the closest zone above `apex` for its NS. Where none of a zone that was remembered is of use, that zone
   * is looked for again.
   */
  async ask(apex: string, look: Look): Promise<ParentReplies> {
    const remembered = this.#delegations.closest(parentName(apex), this.#now())
    const first = await this.#askAbove(apex, look)
    const isOfUse = first.asked.some(({ reading }) => isDecisive(reading))
    if (isOfUse || first.above !== remembered || first.above.zone === '' || look.hindrance !== null)
      return first
    this.#delegations.forget(first.above.zone)
    return this.#askAbove(apex, look)
  }

  /** The delegation of `apex` in what was asked, all servers together; kept. Null when there is none. */
  delegationIn(apex: string, asked: readonly Asked[]): Delegation | null {
    const [first, ...others] = asked.flatMap(({ reading, reply, zone }) => {
      if (reading.kind === 'referral') return [reading.delegation]
      return reading.kind === 'answer' ? (delegationOf(apex, zone, reply.answer, reply.additional) ?? []) : []
    })
    if (first === undefined) return null
    const delegation = mergedDelegation(first, ...others)
    this.#delegations.keep(delegation, this.#now())
    return delegation
  }

  /** Referrals to zones between are followed. */
  async #askAbove(apex: string, look: Look): Promise<ParentReplies> {
    const walking = look.part(this.#limits.walkPackets)
    const question: Question = { name: apex, type: 'NS' }
    let above = await this.#walk.closestZone(parentName(apex), walking)
    for (;;) {
      const asked = await this.#walk.askServers(above, question, walking, this.#limits.parentServers)
      const between = asked
        .flatMap(({ reading }) => (reading.kind === 'referral' ? [reading.delegation] : []))
        .find((delegation) => delegation.zone !== apex)
      if (between === undefined) return { above, asked }
      above = between
      this.#delegations.keep(above, this.#now())
    }
  }
}
