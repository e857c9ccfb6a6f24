// The attempts of questions over UDP: each with a new id and from another port, one after the other as time runs out or what
// came cannot be used. Decides how an attempt leaves and when the next one does; what a reply is worth, udp-exchange.ts does.
import type { DatagramPorts } from './datagram-port.ts'
import type { Exchanged } from './exchange.ts'
import type { RandomOctets } from './random-octets.ts'
import type { ServerAddress } from './server-address.ts'
import type { ServerMemory } from './server-memory.ts'
import type { TimingWheel } from './timing-wheel.ts'
import type { UdpPort, UdpPortOwner } from './udp-port.ts'
import { UdpPortPool } from './udp-port-pool.ts'
import type { UdpQuestion } from './udp-question.ts'
import { encodeQuery, type EncodedQuery } from './wire/query-encoder.ts'

export interface UdpAttemptsOptions {
  readonly server: ServerAddress
  /** One attempt per time-out, in order. */
  readonly timeoutsMs: readonly number[]
  readonly random: RandomOctets
  /** Not closed with the attempts; the ports that they opened are. */
  readonly ports: DatagramPorts
  readonly wheel: TimingWheel
}

/** Ports tell their owner what comes; `idle` and `lost` must be passed on to the attempts. */
export interface UdpAttemptsOwner extends UdpPortOwner {
  /** The last attempt is over, and `last` came of it. */
  exhausted(question: UdpQuestion, last: Exchanged): void
  /** The query cannot be written. */
  unwritable(question: UdpQuestion, error: unknown): void
}

/** Unpredictable octets for the case of a name: a bit for each of its octets on the wire, two more than in its text. */
function caseOctets(name: string): number {
  return (name.length + 2 + 7) >> 3
}

export class UdpAttempts {
  readonly #timeoutsMs: readonly number[]
  readonly #random: RandomOctets
  readonly #wheel: TimingWheel
  readonly #pool: UdpPortPool
  readonly #memory: ServerMemory
  readonly #owner: UdpAttemptsOwner
  /** Attempts after the first of their question. */
  retried = 0

  constructor(options: UdpAttemptsOptions, memory: ServerMemory, owner: UdpAttemptsOwner) {
    const { server, timeoutsMs, random, ports, wheel } = options
    this.#timeoutsMs = timeoutsMs
    this.#random = random
    this.#wheel = wheel
    this.#pool = new UdpPortPool(server, ports, random, wheel, owner)
    this.#memory = memory
    this.#owner = owner
  }

  /** Sends once more. */
  start(question: UdpQuestion, nowMs: number): void {
    question.attempt += 1
    if (question.attempt > 0) this.retried += 1
    const port = this.#pool.take(question, nowMs)
    const id = port.freshId(this.#random)
    const options = this.#memory.withCookie(question.options, nowMs)
    const caseAt = this.#random.reserve(caseOctets(question.question.name))
    let query: EncodedQuery
    try {
      query = encodeQuery(question.question, id, options, this.#random.block, caseAt)
    } catch (error) {
      return this.#owner.unwritable(question, error)
    }
    question.canonicalName = query.canonicalName
    const timeoutMs = this.#timeoutsMs[question.attempt] ?? this.#timeoutsMs.at(-1)!
    this.#wheel.start(question, nowMs + timeoutMs)
    question.inquiry.sent(nowMs)
    port.send(question, query, id)
    this.#pool.used(port)
  }

  /** The present attempt is over and `last` came of it: the next one, or the end. */
  next(question: UdpQuestion, last: Exchanged, nowMs: number): void {
    question.last = last
    if (question.attempt + 1 < this.#timeoutsMs.length) return this.start(question, nowMs)
    this.#wheel.stop(question)
    this.#owner.exhausted(question, last)
  }

  /** No reply is waited for any more. */
  stop(question: UdpQuestion): void {
    this.#wheel.stop(question)
    question.releasePorts()
  }

  idle(port: UdpPort): void {
    if (port.retired) this.#pool.idle(port, performance.now())
  }

  lost(port: UdpPort): void {
    this.#pool.lost(port, performance.now())
  }

  /** Gives all ports up; the owner is told of each. */
  close(): void {
    this.#pool.close()
  }
}
