// The names of addresses (PTR), looked up in the background: what is known is answered at once, what is not is wanted and
// asked when there is room. Nobody ever waits for it. Decides how many, how fast and how long kept; how a question is asked
// comes from outside.
import type { Clock } from '../core/clock.ts'
import type { Question } from '../core/dns/record.ts'
import type { Reply } from '../core/dns/reply.ts'
import { parseAddress } from '../core/net/address.ts'
import { reverseName } from '../core/net/reverse-name.ts'
import { specialPurpose } from '../core/net/special-purpose.ts'
import { ptrFinding } from './ptr-reply.ts'

/** Null when there is no room for it now: it is asked again later. Rejections count as failures of the look-up. */
export type AskPtr = (question: Question) => Promise<readonly Reply[]> | null

export interface PtrOptions {
  readonly ask: AskPtr
  /** Counts the time that names are kept. The rate runs on real time. */
  readonly clock: Clock
  /** Look-ups per second at most. */
  readonly qps: number
  /** False for an address that must not be asked about. @defaultValue every address may be */
  readonly mayAsk?: (address: string) => boolean
  /** Addresses whose name, or the lack of one, is remembered; those not needed for longest go first. @defaultValue 50000 */
  readonly maxKnown?: number
  /** Addresses that may wait for their look-up; more are not taken in. @defaultValue 10000 */
  readonly maxWanted?: number
  /** Look-ups that may wait for their reply at the same time. @defaultValue 8 */
  readonly maxInFlight?: number
}

/** Counts are of look-ups since the start. */
export interface PtrStatus {
  readonly known: number
  readonly wanted: number
  readonly asked: number
  /** Those that brought a name. */
  readonly named: number
  /** Those that failed. */
  readonly failed: number
  /** Addresses that were not taken in because too many waited; they are wanted again when they are next needed. */
  readonly dropped: number
}

interface Known {
  /** Undefined when the look-up failed, and so nothing is known. */
  readonly name: string | null | undefined
  readonly until: number
}

/** Hand-set, about 150 octets each: some ten megabytes. */
const MAX_KNOWN = 50_000
const MAX_WANTED = 10_000
const MAX_IN_FLIGHT = 8

export class PtrNames {
  readonly #options: Required<Omit<PtrOptions, 'mayAsk'>> & Pick<PtrOptions, 'mayAsk'>
  /** In the order in which they were last needed. */
  readonly #known = new Map<string, Known>()
  /** In the order in which they were first wanted. */
  readonly #wanted = new Set<string>()
  readonly #asking = new Set<string>()
  readonly #counts = { asked: 0, named: 0, failed: 0, dropped: 0 }
  #timer: NodeJS.Timeout | null = null
  #isClosed = false

  constructor(options: PtrOptions) {
    this.#options = {
      maxKnown: MAX_KNOWN,
      maxWanted: MAX_WANTED,
      maxInFlight: MAX_IN_FLIGHT,
      ...options,
    }
  }

  /**
   * The name of an address in canonical text: null when it has none, undefined while that is not known. An address that is
   * not known, or not any more, is wanted from then on; its old name is told until the new one is there.
   */
  nameOf(address: string): string | null | undefined {
    const known = this.#known.get(address)
    if (known === undefined) {
      this.#want(address)
      return undefined
    }
    // To the end of the order: it is needed.
    this.#known.delete(address)
    this.#known.set(address, known)
    if (known.until <= this.#options.clock.now()) this.#want(address)
    return known.name
  }

  status(): PtrStatus {
    return { known: this.#known.size, wanted: this.#wanted.size, ...this.#counts }
  }

  /** Nothing is asked any more; replies that are still to come are let go. */
  close(): void {
    this.#isClosed = true
    this.#wanted.clear()
    if (this.#timer !== null) clearTimeout(this.#timer)
  }

  #want(address: string): void {
    if (this.#isClosed || this.#wanted.has(address) || this.#asking.has(address)) return
    if (!this.#isAskable(address)) return
    if (this.#wanted.size >= this.#options.maxWanted) {
      this.#counts.dropped += 1
      return
    }
    this.#wanted.add(address)
    this.#schedule()
  }

  #isAskable(address: string): boolean {
    const parsed = parseAddress(address)
    if (parsed === null || specialPurpose(parsed)?.globallyReachable === false) return false
    return this.#options.mayAsk?.(address) ?? true
  }

  #schedule(): void {
    if (this.#timer !== null || this.#wanted.size === 0) return
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.#askNext()
      this.#schedule()
    }, 1000 / this.#options.qps)
    // Names are nice to have: no process stays alive for them.
    this.#timer.unref()
  }

  #askNext(): void {
    if (this.#asking.size >= this.#options.maxInFlight) return
    const [address] = this.#wanted
    const parsed = address === undefined ? null : parseAddress(address)
    if (address === undefined || parsed === null) return
    // It may have waited for half an hour, and its operator have asked meanwhile to be left alone.
    if (!this.#isAskable(address)) {
      this.#wanted.delete(address)
      return
    }
    const replies = this.#options.ask({ name: reverseName(parsed), type: 'PTR' })
    if (replies === null) return
    this.#wanted.delete(address)
    this.#asking.add(address)
    this.#counts.asked += 1
    replies.then(
      ([reply]) => this.#learn(address, reply),
      () => this.#learn(address, undefined),
    )
  }

  #learn(address: string, reply: Reply | undefined): void {
    this.#asking.delete(address)
    if (this.#isClosed) return
    const found = reply === undefined ? { name: null, keepMs: REJECTED_KEEP_MS } : ptrFinding(reply)
    const failed = reply === undefined || reply.outcome === 'failed'
    if (failed) this.#counts.failed += 1
    else if (found.name !== null) this.#counts.named += 1
    // A failure takes nothing back that was known before.
    const name = failed ? this.#known.get(address)?.name : found.name
    this.#known.delete(address)
    this.#known.set(address, { name, until: this.#options.clock.now() + found.keepMs })
    if (this.#known.size > this.#options.maxKnown) {
      const [oldest] = this.#known.keys()
      this.#known.delete(oldest!)
    }
  }
}

/** A rejection is a bug or a shutdown: not soon again. */
const REJECTED_KEEP_MS = 30 * 60_000
