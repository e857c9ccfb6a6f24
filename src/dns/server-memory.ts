// What the UDP engine has learned of one server: its cookie (RFC 7873), and whether it keeps the case of names. Bounded:
// one server, one cookie. Decides nothing about questions.
import { randomBytes } from 'node:crypto'
import type { EdnsOptions, QueryOptions } from './wire/query-encoder.ts'
import type { WireEdns } from './wire/message.ts'

/** How long a server that does not keep the case is asked over TCP from the start. Hand-set. */
const CASE_MEMORY_MS = 600_000

/** RFC 7873, section 4. */
const CLIENT_COOKIE_OCTETS = 8

const NO_OCTETS = new Uint8Array(0)

/** `unproven`: the reply lacks the cookie that this server always sends back, or has another. */
export type CookieVerdict = 'fine' | 'unproven'

export class ServerMemory {
  readonly #clientCookie: Uint8Array = randomBytes(CLIENT_COOKIE_OCTETS)
  #serverCookie: Uint8Array = NO_OCTETS
  #lowersCaseUntilMs = -Infinity
  /** The options last asked for and what they became: they are the same object again and again. */
  #options: QueryOptions | null = null
  #withCookie: QueryOptions | null = null

  /** The options with our cookie, and the server's when it is known. Without EDNS they stay as they are. */
  withCookie(options: QueryOptions): QueryOptions {
    if (options.edns === null) return options
    if (options === this.#options && this.#withCookie !== null) return this.#withCookie
    const edns: EdnsOptions = {
      ...options.edns,
      cookie: { client: this.#clientCookie, server: this.#serverCookie },
    }
    this.#options = options
    this.#withCookie = { ...options, edns }
    return this.#withCookie
  }

  /** Whether the server has sent a cookie: then each of its replies must have ours (RFC 7873, section 5.3). */
  get expectsCookie(): boolean {
    return this.#serverCookie.length > 0
  }

  /** Judges the cookie of a reply to a query that carried ours, and keeps the server's. */
  judgeCookie(edns: WireEdns | null): CookieVerdict {
    const cookie = edns?.cookie ?? null
    if (cookie === null) return this.expectsCookie ? 'unproven' : 'fine'
    if (!sameOctets(cookie.client, this.#clientCookie)) return 'unproven'
    if (cookie.server.length > 0 && !sameOctets(cookie.server, this.#serverCookie)) {
      this.#serverCookie = cookie.server
      this.#withCookie = null
    }
    return 'fine'
  }

  /** The same for a reply over TCP, which is the server's in any case: without a cookie, it has none any more. */
  judgeProvenCookie(edns: WireEdns | null): void {
    if (this.judgeCookie(edns) === 'fine') return
    this.#serverCookie = NO_OCTETS
    this.#withCookie = null
  }

  lowersCase(nowMs: number): boolean {
    return nowMs < this.#lowersCaseUntilMs
  }

  forgetLoweredCase(): void {
    this.#lowersCaseUntilMs = -Infinity
  }

  /** TCP has proven that a reply with another case was the server's own. */
  rememberLoweredCase(nowMs: number): void {
    this.#lowersCaseUntilMs = nowMs + CASE_MEMORY_MS
  }
}

function sameOctets(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((octet, index) => octet === other[index])
}
