// One look on its way: its time, its packets, and the zones whose name servers it is looking up. What it asks is decided by
// the walk.
import type { Question } from '../../core/dns/record.ts'
import type { AuthorityServer, FailureKind, Reply } from '../../core/dns/reply.ts'
import { unsent, type Authorities } from './authorities.ts'
import type { DirectLimits } from './direct-limits.ts'
import { readReply, type Reading } from './reading.ts'

/** What one server of a zone replied, and what that means for the zone. */
export interface Asked {
  readonly server: AuthorityServer
  /** The zone that it was asked as a server of. */
  readonly zone: string
  readonly reply: Reply
  readonly reading: Reading
}

/** Packets that may still be sent; a part of a look has its own and spends from the whole too. */
class Allowance {
  readonly #whole: Allowance | null
  #left: number

  constructor(packets: number, whole: Allowance | null) {
    this.#left = packets
    this.#whole = whole
  }

  get isSpent(): boolean {
    return this.#left <= 0 || (this.#whole?.isSpent ?? false)
  }

  spend(packets: number): void {
    this.#left -= packets
    this.#whole?.spend(packets)
  }
}

/** What all parts of a look share. */
interface Whole {
  readonly signal: AbortSignal
  isOverdue: boolean
  hindrance: FailureKind | null
  isOptedOut: boolean
}

export class Look {
  /** Zones whose name servers are being looked up, each for the sake of the one before: a loop comes back to one of them. */
  readonly waiting: readonly string[]
  readonly #authorities: Authorities
  readonly #allowance: Allowance
  readonly #whole: Whole

  readonly #above: Look | null
  #metCircle = false

  private constructor(
    authorities: Authorities,
    whole: Whole,
    allowance: Allowance,
    waiting: readonly string[],
    above: Look | null,
  ) {
    this.#authorities = authorities
    this.#whole = whole
    this.#allowance = allowance
    this.waiting = waiting
    this.#above = above
  }

  /**
   * Runs `work` with a look of its own. After `limits.lookMs` every question that is still asked, or would be, fails as
   * `timeout`. Rejects at once when `signal` aborts.
   */
  static async run<Result>(
    authorities: Authorities,
    limits: Pick<DirectLimits, 'lookMs' | 'packets'>,
    signal: AbortSignal | undefined,
    work: (look: Look) => Promise<Result>,
  ): Promise<Result> {
    signal?.throwIfAborted()
    const controller = new AbortController()
    const whole: Whole = { signal: controller.signal, isOverdue: false, hindrance: null, isOptedOut: false }
    const abort = (): void => controller.abort(signal?.reason)
    signal?.addEventListener('abort', abort)
    const timer = setTimeout(() => {
      whole.isOverdue = true
      controller.abort(new Error('the time of the look is over'))
    }, limits.lookMs)
    try {
      return await work(new Look(authorities, whole, new Allowance(limits.packets, null), [], null))
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
  }

  /** Whether more may be asked at all. */
  get isSpent(): boolean {
    return this.#allowance.isSpent || this.#whole.isOverdue
  }

  /**
   * What kept us from asking somebody, by our own doing (`throttled`, `network`); null when nothing did. What could not
   * be found then says nothing about the zone.
   */
  get hindrance(): FailureKind | null {
    return this.#whole.hindrance
  }

  /** The hindrance, or that somebody may not be asked: the failure to tell when nobody was reached. */
  get excuse(): FailureKind | null {
    return this.#whole.hindrance ?? (this.#whole.isOptedOut ? 'opted_out' : null)
  }

  /** A part of this look that sends `packets` at most, and in which `zone` waits for the address of a name server. */
  part(packets: number, zone?: string): Look {
    const waiting = zone === undefined ? this.waiting : [...this.waiting, zone]
    return new Look(this.#authorities, this.#whole, new Allowance(packets, this.#allowance), waiting, this)
  }

  /** Whether this look or one of its parts came back to a zone that waits already. */
  get metCircle(): boolean {
    return this.#metCircle
  }

  noteCircle(): void {
    this.#metCircle = true
    this.#above?.noteCircle()
  }

  /**
   * Counts a look-up of a name server as a packet, though it may need none: with everything in the cache, delegations that
   * point to each other in all directions would else keep it busy for as many look-ups as there are ways through them.
   */
  countLookUp(): void {
    this.#allowance.spend(1)
  }

  /** Asks one server as a server of `zone`. Null when the packets of this look are spent. */
  async ask(server: AuthorityServer, question: Question, zone: string): Promise<Asked | null> {
    if (this.#allowance.isSpent) return null
    // Counted before it is sent, so that questions at the same time cannot overdraw.
    this.#allowance.spend(1)
    const reply = await this.#reply(server, question)
    this.#allowance.spend(reply.attempts - 1)
    if (reply.failure === 'throttled' || reply.failure === 'network') this.#whole.hindrance = reply.failure
    if (reply.failure === 'opted_out') this.#whole.isOptedOut = true
    return { server, zone, reply, reading: readReply(reply, question, zone) }
  }

  async #reply(server: AuthorityServer, question: Question): Promise<Reply> {
    try {
      return await this.#authorities.ask(server, question, this.#whole.signal)
    } catch (error) {
      if (this.#whole.isOverdue) return unsent('timeout')
      throw error
    }
  }
}
