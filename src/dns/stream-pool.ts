// The connections to one server: which one takes the next question, when another one opens, and how many questions the
// server bears on one. Knows nothing of attempts and outcomes.
import type { RandomOctets } from './random-octets.ts'
import { StreamBackOff } from './stream-back-off.ts'
import {
  GarbledStream,
  MAX_QUESTIONS_PER_CONNECTION,
  StreamConnection,
  type StreamConnectionEvents,
} from './stream-connection.ts'
import type { StreamDialer } from './stream-dialer.ts'
import type { StreamQuestion } from './stream-question.ts'

/**
 * So many questions are open on each connection before the next one opens: what Knot Resolver, which has the lowest
 * default of the servers that we know, works on at the same time per connection (`net.tcp_pipeline`, 100).
 */
const COMFORTABLE_DEPTH = 100

/**
 * An idle connection is closed after so long, unless the server says otherwise (RFC 7766, section 6.2.3: the shorter the
 * better without its word); milliseconds. Hand-set.
 */
export const DEFAULT_IDLE_MS = 2000

/**
 * Connections that take nothing new and still wait for replies come on top of those in use, so many times as many in all:
 * a server that closes after each reply, or answers and leaves others waiting, must not make us open hundreds. Hand-set.
 */
const MOST_WITH_LEAVING = 8

/** For the status of a vantage. */
export interface StreamStatus {
  /** Open or opening at the moment. */
  readonly connections: number
  /** Since the start: connections that failed before anything was sent. */
  readonly connectFailures: number
  /** Those among them whose certificate was the reason. */
  readonly certificateFailures: number
  /** Connections given up because what came on them was no DNS, or no reply to anything. */
  readonly garbled: number
  /** Why a connection last failed; null when none did. */
  readonly lastError: string | null
}

/** Why a connection ended, as far as its questions are concerned. */
export type LossKind =
  /** It never came up: nothing was sent. */
  | 'unconnected'
  /** The server had answered on it before, and closed it: as servers may at any time. */
  | 'closed_in_use'
  /** It never brought a reply, or brought garbage. */
  | 'useless'

export interface StreamPoolEvents {
  reply(connection: StreamConnection, question: StreamQuestion, bytes: Buffer): void
  stray(): void
  lost(open: readonly StreamQuestion[], kind: LossKind): void
  /** Perhaps there is a connection now for what found none. */
  room(): void
}

export class StreamPool implements StreamConnectionEvents {
  readonly #dialer: StreamDialer
  readonly #random: RandomOctets
  readonly #events: StreamPoolEvents
  readonly #most: number
  readonly #idleMs: number
  readonly #backOff: StreamBackOff
  readonly #connections = new Set<StreamConnection>()
  /** Those that may take questions, a part of #connections. */
  #live: StreamConnection[] = []
  /**
   * Questions that one connection is given over its whole life. Falls when the server closes a connection with questions
   * open (some answer a few, and then close), and doubles with each one that was used up without a loss.
   */
  #budget = Infinity
  #redial: NodeJS.Timeout | null = null
  #closed = false
  #connectFailures = 0
  #certificateFailures = 0
  #garbled = 0
  #lastError: string | null = null

  constructor(
    dialer: StreamDialer,
    random: RandomOctets,
    most: number,
    idleMs: number,
    events: StreamPoolEvents,
  ) {
    this.#dialer = dialer
    this.#random = random
    this.#events = events
    this.#most = most
    this.#idleMs = idleMs
    this.#backOff = new StreamBackOff(random)
  }

  get status(): StreamStatus {
    return {
      connections: this.#connections.size,
      connectFailures: this.#connectFailures,
      certificateFailures: this.#certificateFailures,
      garbled: this.#garbled,
      lastError: this.#lastError,
    }
  }

  /** How many questions the server bears at the same time, as far as we know. */
  get capacity(): number {
    return this.#most * Math.min(this.#budget, MAX_QUESTIONS_PER_CONNECTION)
  }

  /** Hands the question to a connection; false when there is none at the moment, and `room` will say when to try again. */
  carry(question: StreamQuestion): boolean {
    const connection = this.#choose()
    if (connection === null) return false
    connection.ask(question)
    if (connection.carried >= this.#budget) connection.retire()
    return true
  }

  /** Closes all connections at once; what they carried is reported as lost. */
  async close(): Promise<void> {
    this.#closed = true
    if (this.#redial !== null) clearTimeout(this.#redial)
    const closing = [...this.#connections].map(
      ({ socket }) => new Promise<void>((resolve) => void socket.once('close', () => resolve())),
    )
    for (const connection of this.#connections) connection.destroy()
    await Promise.all(closing)
  }

  reply(connection: StreamConnection, question: StreamQuestion, bytes: Buffer): void {
    if (connection.answered === 1) this.#backOff.succeeded()
    this.#events.reply(connection, question, bytes)
  }

  stray(): void {
    this.#events.stray()
  }

  ended(connection: StreamConnection, open: readonly StreamQuestion[], error: Error | null): void {
    this.#connections.delete(connection)
    this.#live = this.#live.filter((one) => one !== connection)
    const kind = this.#judge(connection, open, error)
    if (open.length > 0) this.#events.lost(open, kind)
    if (!this.#closed) this.#events.room()
  }

  #judge(connection: StreamConnection, open: readonly StreamQuestion[], error: Error | null): LossKind {
    const { answered, ready, carried, socket } = connection
    if (error instanceof GarbledStream) {
      this.#garbled += 1
      this.#lastError = error.message
    } else if (error !== null) {
      const { sentence, certificate } = this.#dialer.explain(socket, error)
      this.#lastError = sentence
      if (certificate) this.#certificateFailures += 1
    }
    if (!ready) this.#connectFailures += 1
    if (answered === 0 && (open.length > 0 || !ready)) this.#backOff.failed(performance.now())
    if (!ready) return 'unconnected'
    if (answered === 0 || error instanceof GarbledStream) return 'useless'
    // Closed amid replies, and not merely while it was idle, when a question crossed the server's farewell.
    if (open.some((question) => answered > question.repliesBefore)) this.#budget = answered
    else if (carried >= this.#budget) this.#budget *= 2
    return 'closed_in_use'
  }

  /**
   * The one with the fewest open questions; a new one when all have many, and nothing speaks against the server. A server in
   * doubt is tried with one connection at a time.
   */
  #choose(): StreamConnection | null {
    let best: StreamConnection | null = null
    let usable = 0
    for (const connection of this.#live) {
      if (!connection.usable) {
        // The ids of a server that leaves thousands of questions unanswered run out: it starts anew elsewhere.
        if (!connection.retired) connection.retire()
        continue
      }
      usable += 1
      if (best === null || connection.open < best.open) best = connection
    }
    if (usable < this.#live.length) this.#live = this.#live.filter((one) => one.usable)
    const enough = best !== null && best.open < COMFORTABLE_DEPTH
    if (best !== null && (enough || usable >= this.#most || this.#backOff.inDoubt)) return best
    return this.#open() ?? best
  }

  #open(): StreamConnection | null {
    const waitMs = this.#backOff.waitMs(performance.now())
    // Each that leaves ends with the time-outs of its questions at the latest, and then says that there is room.
    if (this.#closed || this.#connections.size >= this.#most * MOST_WITH_LEAVING) return null
    if (waitMs > 0) {
      this.#redial ??= setTimeout(() => {
        this.#redial = null
        this.#events.room()
      }, waitMs).unref()
      return null
    }
    const connection = new StreamConnection(this.#dialer, this.#idleMs, this.#random, this)
    this.#connections.add(connection)
    this.#live.push(connection)
    return connection
  }
}
