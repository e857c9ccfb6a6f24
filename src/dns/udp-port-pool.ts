// The source ports of one server, each used for a while and then replaced (RFC 5452, section 9.2): what a forger must
// guess keeps changing, without the price of a new socket for every query.
import type { DatagramPorts } from './datagram-port.ts'
import type { RandomOctets } from './random-octets.ts'
import type { ServerAddress } from './server-address.ts'
import { Timeout, type TimingWheel } from './timing-wheel.ts'
import { UdpPort, type UdpPortOwner } from './udp-port.ts'
import type { UdpQuestion } from './udp-question.ts'

/** Ports that take questions at the same time. */
const OPEN_PORTS = 8

/** Questions in a row that leave from one port, if they come within BURST_MS: an engine that batches sends them at once. */
const BURST_QUESTIONS = 16
const BURST_MS = 1

/** A port that is older takes no more questions: a forger shall not have the time to find it. Hand-set. */
const MAX_AGE_MS = 10_000

/** How long a port stays open after its last question, so that late replies are seen and counted. Hand-set. */
const LINGER_MS = 2000
const MAX_LINGERING = 32

const SWEEP_MS = 1000

/**
 * After a port was lost, so long none is opened beside those that work: where no descriptor is left, each try would cost the
 * question an attempt. Hand-set.
 */
const REOPEN_MS = 100

export class UdpPortPool extends Timeout {
  override readonly keepsAlive = false
  readonly #server: ServerAddress
  readonly #ports: DatagramPorts
  readonly #random: RandomOctets
  readonly #wheel: TimingWheel
  readonly #owner: UdpPortOwner
  /** Those that take questions. */
  readonly #usable: UdpPort[] = []
  /** Retired ones that wait for replies. */
  readonly #draining = new Set<UdpPort>()
  /** Retired ones that nothing waits for, the oldest first. */
  readonly #lingering: UdpPort[] = []
  #burstPort: UdpPort | null = null
  #burstLeft = 0
  #burstEndMs = 0
  #openAgainMs = -Infinity

  /** `owner` is told what comes; the pool must be told in turn of ports that are idle or lost. */
  constructor(
    server: ServerAddress,
    ports: DatagramPorts,
    random: RandomOctets,
    wheel: TimingWheel,
    owner: UdpPortOwner,
  ) {
    super()
    this.#server = server
    this.#ports = ports
    this.#random = random
    this.#wheel = wheel
    this.#owner = owner
  }

  /** A port for a new attempt: chosen at random, and none that the question has used already. */
  take(question: UdpQuestion, nowMs: number): UdpPort {
    if (question.attempt > 0 || question.badCookies > 0) return this.#takeUnused(question, nowMs)
    if (this.#burstLeft > 0 && nowMs < this.#burstEndMs && this.#burstPort?.retired === false) {
      this.#burstLeft -= 1
      return this.#burstPort
    }
    const port = this.#takeAny(nowMs)
    this.#burstPort = port
    this.#burstLeft = BURST_QUESTIONS - 1
    this.#burstEndMs = nowMs + BURST_MS
    return port
  }

  /** Must be called after each question: a port that has taken its last one leaves the choice. */
  used(port: UdpPort): void {
    if (port.retired) this.#retire(port)
  }

  /** Nothing waits at the port. */
  idle(port: UdpPort, nowMs: number): void {
    if (port.retired && this.#draining.delete(port)) this.#linger(port, nowMs)
  }

  /** The port is given up. */
  lost(port: UdpPort, nowMs: number): void {
    this.#openAgainMs = nowMs + REOPEN_MS
    this.#retire(port)
    this.#draining.delete(port)
    port.close()
    // Should descriptors be what was short, those that only wait for late replies are wanted back.
    for (const one of this.#lingering.splice(0)) one.close()
  }

  /** Gives all ports up; the owner is told of each. */
  close(): void {
    this.#wheel.stop(this)
    for (const port of [...this.#usable, ...this.#draining, ...this.#lingering]) port.failed()
  }

  /** The sweep: old ports retire, and those that lingered long enough close. */
  override expired(nowMs: number): void {
    for (const port of this.#usable.filter((one) => nowMs - one.openedAtMs > MAX_AGE_MS)) {
      port.retired = true
      this.#retire(port)
      if (port.waiting === 0) this.idle(port, nowMs)
    }
    while (this.#lingering.length > 0 && nowMs - this.#lingering[0]!.idleSinceMs >= LINGER_MS)
      this.#lingering.shift()?.close()
    if (this.#usable.length + this.#draining.size + this.#lingering.length > 0)
      this.#wheel.start(this, nowMs + SWEEP_MS)
  }

  #wantsPort(nowMs: number): boolean {
    const { length } = this.#usable
    return length === 0 || (length < OPEN_PORTS && nowMs >= this.#openAgainMs)
  }

  #takeAny(nowMs: number): UdpPort {
    if (this.#wantsPort(nowMs)) return this.#open(nowMs)
    return this.#usable[this.#random.below(this.#usable.length)]!
  }

  #takeUnused(question: UdpQuestion, nowMs: number): UdpPort {
    if (this.#wantsPort(nowMs)) return this.#open(nowMs)
    const unused = this.#usable.filter((port) => !question.used(port))
    return unused[this.#random.below(unused.length || 1)] ?? this.#open(nowMs)
  }

  #open(nowMs: number): UdpPort {
    const port = new UdpPort(this.#owner, nowMs)
    this.#usable.push(port)
    port.attach(this.#ports.open(this.#server, port))
    if (!this.running) this.#wheel.start(this, nowMs + SWEEP_MS)
    return port
  }

  #retire(port: UdpPort): void {
    const index = this.#usable.indexOf(port)
    if (index === -1) return
    this.#usable[index] = this.#usable.at(-1)!
    this.#usable.pop()
    this.#draining.add(port)
    if (this.#burstPort === port) this.#burstPort = null
  }

  #linger(port: UdpPort, nowMs: number): void {
    port.idleSinceMs = nowMs
    this.#lingering.push(port)
    if (this.#lingering.length > MAX_LINGERING) this.#lingering.shift()?.close()
  }
}
