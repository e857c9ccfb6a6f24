// Whether the client subnet that a vantage sends (RFC 7871) changes anything. Pure: reads replies, asks nothing.
import type { Question } from '../core/dns/record.ts'
import type { Reply } from '../core/dns/reply.ts'

/** `none`: the vantage sends no subnet · `unknown`: too few answers yet. */
export type ClientSubnetUse = 'none' | 'honoured' | 'ignored' | 'unknown'

/** Answers without a scope above 0 after which the subnet counts as ignored. Hand-set. */
const TELLING_ANSWERS = 20

/**
 * What replies let one conclude:
 *
 * A SCOPE PREFIX-LENGTH above 0 was made for a network, ours (section 7.2.1): `honoured`, from the first one on.
 * No option at all: the resolver does not use it, at least for us; one that does must send it back (section 7.2.2).
 * Scope 0: the answer is for everybody. A resolver that does support the option says so of every zone that does not tailor
 * its answers, so a single one proves nothing.
 * Hence `ignored` after so many answers, none of them with a scope above 0: the subnet has not changed any. Either the
 * resolver does not pass it on, or no name that was asked is tailored; as a vantage of its own it adds nothing either way.
 */
export class ClientSubnetWatch {
  #answers = 0
  #use: ClientSubnetUse

  /** `sends`: whether the vantage sends a subnet. */
  constructor(sends: boolean) {
    this.#use = sends ? 'unknown' : 'none'
  }

  get use(): ClientSubnetUse {
    return this.#use
  }

  /**
   * Only answers with addresses count, for those are tailored: what says that a name is not there carries the option seldom,
   * and name servers and PTR names are the same for everybody.
   */
  note({ type }: Question, reply: Reply): void {
    if (type !== 'A' && type !== 'AAAA') return
    if (this.#use === 'none' || this.#use === 'honoured' || reply.outcome !== 'answer') return
    this.#answers += 1
    if ((reply.clientSubnetScope ?? 0) > 0) this.#use = 'honoured'
    else if (this.#answers >= TELLING_ANSWERS) this.#use = 'ignored'
  }
}
