// What the UDP engine has learned of one server: its cookie (RFC 7873), and whether it keeps the case of names. Bounded:
// one server, one cookie. Decides nothing about questions.
import { randomBytes } from 'node:crypto'
import type { EdnsOptions, QueryOptions } from './wire/query-encoder.ts'
import type { WireEdns } from './wire/message.ts'

/** How long a server that does not keep the case is asked over TCP from the start. Hand-set. */
const CASE_MEMORY_MS = 600_000

/** RFC 7873, section 4. */
const CLIENT_COOKIE_OCTETS = 8

/** RFC 7873, section 7.1: a day by default, 26 hours at most. */
const CLIENT_COOKIE_MS = 86_400_000

const NO_OCTETS = new Uint8Array(0)

/** `unproven`: the reply lacks the cookie that this server always sends back, or has another. */
export type CookieVerdict = 'fine' | 'unproven'

export class ServerMemory {
  #clientCookie: Uint8Array = randomBytes(CLIENT_COOKIE_OCTETS)
  /** That of the day before, which replies on their way may still bring. */
  #formerCookie: Uint8Array = NO_OCTETS
  #newCookieAtMs: number
  /** Goes with our present one; empty until the server has given it. */
  #serverCookie: Uint8Array = NO_OCTETS
  /** The server has sent a cookie: then each of its replies must have ours (RFC 7873, section 5.3). */
  #expectsCookie = false
  #lowersCaseUntilMs = -Infinity
  /** The options last asked for and what they became: they are the same object again and again. */
  #options: QueryOptions | null = null
  #withCookie: QueryOptions | null = null

  constructor(nowMs: number) {
    this.#newCookieAtMs = nowMs + CLIENT_COOKIE_MS
  }

  /** The options with our cookie, and the server's when it is known. Without EDNS they stay as they are. */
  withCookie(options: QueryOptions, nowMs: number): QueryOptions {
    if (options.edns === null) return options
    if (nowMs >= this.#newCookieAtMs) this.#renewCookie(nowMs)
    if (options === this.#options && this.#withCookie !== null) return this.#withCookie
    const edns: EdnsOptions = {
      ...options.edns,
      cookie: { client: this.#clientCookie, server: this.#serverCookie },
    }
    this.#options = options
    this.#withCookie = { ...options, edns }
    return this.#withCookie
  }

  /** Judges the cookie of a reply to a query that carried ours, and keeps the server's. */
  judgeCookie(edns: WireEdns | null): CookieVerdict {
    const cookie = edns?.cookie ?? null
    if (cookie === null) return this.#expectsCookie ? 'unproven' : 'fine'
    if (!sameOctets(cookie.client, this.#clientCookie))
      return sameOctets(cookie.client, this.#formerCookie) ? 'fine' : 'unproven'
    if (cookie.server.length > 0 && !sameOctets(cookie.server, this.#serverCookie)) {
      this.#serverCookie = cookie.server
      this.#expectsCookie = true
      this.#withCookie = null
    }
    return 'fine'
  }

  /** The same for a reply over TCP, which is the server's in any case: without a cookie, it has none any more. */
  judgeProvenCookie(edns: WireEdns | null): void {
    if (this.judgeCookie(edns) === 'fine') return
    this.#expectsCookie = false
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

  #renewCookie(nowMs: number): void {
    this.#formerCookie = this.#clientCookie
    this.#clientCookie = randomBytes(CLIENT_COOKIE_OCTETS)
    this.#serverCookie = NO_OCTETS
    this.#newCookieAtMs = nowMs + CLIENT_COOKIE_MS
    this.#withCookie = null
  }
}

function sameOctets(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((octet, index) => octet === other[index])
}
