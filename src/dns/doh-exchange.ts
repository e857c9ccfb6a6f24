// Asks over HTTPS (RFC 8484): attempts and their time-outs, what is asked again at no cost, and what an HTTP response means
// as an outcome. Ten times dearer than TCP to the same resolver: for vantages that have nothing else.
import type { Question } from '../core/dns/record.ts'
import { DohPlaces } from './doh-places.ts'
import { DNS_MESSAGE_TYPE, DohRequest, type HttpResult } from './doh-request.ts'
import { DohTarget, MAX_STREAMS, type DohTargetOptions } from './doh-target.ts'
import type { Exchange, Exchanged, PacketTally } from './exchange.ts'
import { StreamBackOff } from './stream-back-off.ts'
import { StreamOptions } from './stream-options.ts'
import type { RandomOctets } from './random-octets.ts'
import { SHARED_WHEEL, type TimingWheel } from './timing-wheel.ts'
import { decodeMessage } from './wire/decoder.ts'
import { encodeQuery, QUESTION_START, type EncodedQuery, type QueryOptions } from './wire/query-encoder.ts'
import { headerRcode, matchReply } from './wire/query-match.ts'

export interface DohExchangeOptions extends DohTargetOptions {
  /** One attempt per entry, in milliseconds, at least one. */
  readonly timeoutsMs: readonly number[]
  readonly random: RandomOctets
  /** @defaultValue POST */
  readonly method?: 'GET' | 'POST'
  /** Requests in flight at most, and never more than MAX_STREAMS; more wait for their turn, in order. */
  readonly maxInFlight?: number
  /** @defaultValue SHARED_WHEEL */
  readonly wheel?: TimingWheel
}

/** For the status of a vantage. */
export interface DohStatus {
  /** Since the start: attempts that failed for want of a connection. */
  readonly connectFailures: number
  /** Why one last failed; null when none did. */
  readonly lastError: string | null
}

const TIMEOUT: Exchanged = { kind: 'timeout', transport: 'doh' }
const NETWORK: Exchanged = { kind: 'network', transport: 'doh' }
const HTTP_ERROR: Exchanged = { kind: 'http_error', transport: 'doh' }
/** Given up by us. */
const UNANSWERED: HttpResult = { kind: 'network', sent: false, error: null }

const GET_HEADERS = { accept: DNS_MESSAGE_TYPE }
const POST_HEADERS = { accept: DNS_MESSAGE_TYPE, 'content-type': DNS_MESSAGE_TYPE }

/** An attempt may be refused so often, which is enough to find out that the server bears one request at a time. Hand-set. */
const MAX_REFUSALS = 10

export class DohExchange implements Exchange {
  readonly counters = { late: 0, mismatched: 0, truncated: 0, retried: 0 }
  readonly #target: DohTarget
  readonly #method: 'GET' | 'POST'
  readonly #timeoutsMs: readonly number[]
  readonly #places: DohPlaces
  readonly #options = new StreamOptions('doh')
  readonly #backOff: StreamBackOff
  readonly #wheel: TimingWheel
  readonly #requests = new Set<DohRequest>()
  /** Responses of any kind since the start. */
  #responses = 0
  #closed = false
  #connectFailures = 0
  #lastError: string | null = null

  /** Throws for a URL that is not https, or whose host is a name without an address. */
  constructor(options: DohExchangeOptions) {
    this.#target = new DohTarget(options)
    this.#method = options.method ?? 'POST'
    this.#timeoutsMs = options.timeoutsMs
    this.#places = new DohPlaces(Math.min(options.maxInFlight ?? MAX_STREAMS, MAX_STREAMS))
    this.#wheel = options.wheel ?? SHARED_WHEEL
    this.#backOff = new StreamBackOff(options.random)
  }

  get inFlight(): number {
    return this.#places.busy
  }

  get status(): DohStatus {
    return { connectFailures: this.#connectFailures, lastError: this.#lastError }
  }

  async exchange(
    question: Question,
    options: QueryOptions,
    tally: PacketTally,
    signal?: AbortSignal,
  ): Promise<Exchanged> {
    signal?.throwIfAborted()
    // The id is always 0, so that equal questions are equal to a cache (RFC 8484, section 4.1).
    const query = encodeQuery(question, 0, this.#options.of(options), null)
    await this.#places.take(signal)
    try {
      return await this.#attempts(query, tally, signal)
    } finally {
      this.#places.give()
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const request of this.#requests) request.cancel(UNANSWERED)
    await this.#target.close()
  }

  async #attempts(query: EncodedQuery, tally: PacketTally, signal?: AbortSignal): Promise<Exchanged> {
    let last = NETWORK
    for (const [index, timeoutMs] of this.#timeoutsMs.entries()) {
      signal?.throwIfAborted()
      if (this.#closed) return NETWORK
      if (index > 0) this.counters.retried += 1
      const result = await this.#attempt(query, tally, timeoutMs, signal)
      signal?.throwIfAborted()
      last = this.#meaning(query, result)
      // A status is the server's word, and asking again at once would not be heard better.
      if (last.kind === 'message' || last.kind === 'http_error') return last
    }
    return last
  }

  /** A refused stream was not processed (RFC 9113, section 8.7): it costs only time, and its place in the line. */
  async #attempt(
    query: EncodedQuery,
    tally: PacketTally,
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<HttpResult> {
    let leftMs = timeoutMs
    for (let refusals = 1; ; refusals++) {
      const { era } = this.#places
      const startedMs = performance.now()
      const result = await this.#request(query, tally, leftMs, signal)
      if (result.kind !== 'refused') return result
      this.#places.refused(era)
      leftMs -= performance.now() - startedMs
      if (refusals > MAX_REFUSALS || leftMs <= 0) return result
      await this.#places.takeTurn(signal)
      if (this.#closed) return UNANSWERED
    }
  }

  async #request(
    query: EncodedQuery,
    tally: PacketTally,
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<HttpResult> {
    const { promise, resolve } = Promise.withResolvers<HttpResult>()
    const request = new DohRequest(() => tally.sent(), resolve)
    const responsesBefore = this.#responses
    const abort = (): void => request.cancel(UNANSWERED)
    const nowMs = performance.now()
    const waitMs = this.#backOff.waitMs(nowMs)
    // The wheel keeps the process alive meanwhile.
    const waiting = waitMs === 0 ? null : setTimeout(() => this.#dispatch(query, request), waitMs).unref()
    if (waiting === null) this.#dispatch(query, request)
    this.#wheel.start(request, nowMs + timeoutMs)
    this.#requests.add(request)
    signal?.addEventListener('abort', abort)
    const result = await promise
    if (waiting !== null) clearTimeout(waiting)
    this.#wheel.stop(request)
    this.#requests.delete(request)
    signal?.removeEventListener('abort', abort)
    if (result.kind === 'network' && result.sent && result.error !== null) this.#dropped(responsesBefore)
    if (result.kind !== 'timeout') return result
    // Not one response meanwhile: the peer may be gone without a word, so nothing new goes to that connection.
    if (request.sent && this.#responses === responsesBefore) this.#target.renew(request.client)
    return request.client === null ? UNANSWERED : result
  }

  #dispatch(query: EncodedQuery, request: DohRequest): void {
    const { client, path } = this.#target
    request.client = client
    const get = this.#method === 'GET'
    const encoded = get ? Buffer.from(query.bytes).toString('base64url') : ''
    client.dispatch(
      get
        ? {
            method: 'GET',
            path: `${path}${path.includes('?') ? '&' : '?'}dns=${encoded}`,
            headers: GET_HEADERS,
          }
        : { method: 'POST', path, headers: POST_HEADERS, body: query.bytes },
      request,
    )
  }

  #meaning(query: EncodedQuery, result: HttpResult): Exchanged {
    if (result.kind !== 'body') return this.#without(result)
    this.#responses += 1
    this.#places.answered()
    this.#backOff.succeeded()
    const { bytes, ageSeconds } = result
    if (bytes.length < QUESTION_START || matchReply(query, bytes) === 'other') {
      this.counters.mismatched += 1
      return { kind: 'malformed', transport: 'doh', rcode: 0 }
    }
    const decoded = decodeMessage(bytes, ageSeconds, query.canonicalName)
    return decoded.ok
      ? { kind: 'message', transport: 'doh', message: decoded.message }
      : { kind: 'malformed', transport: 'doh', rcode: headerRcode(bytes) }
  }

  #without(result: Exclude<HttpResult, { readonly kind: 'body' }>): Exchanged {
    if (result.kind === 'timeout') return TIMEOUT
    if (result.kind === 'http_error') {
      this.#responses += 1
      return HTTP_ERROR
    }
    if (result.kind === 'refused') {
      this.#lastError = `DoH to ${this.#target.text}: the server refuses streams`
      return NETWORK
    }
    if (result.error !== null) this.#note(result.error, result.sent)
    return NETWORK
  }

  /**
   * The connection went away with a request on it. If it has brought nothing meanwhile, the next one waits a while; all
   * requests of one connection count as one failure.
   */
  #dropped(responsesBefore: number): void {
    const nowMs = performance.now()
    if (this.#responses === responsesBefore && this.#backOff.waitMs(nowMs) === 0) this.#backOff.failed(nowMs)
  }

  /** `sent` false: there was no connection to send it on, so the next attempts wait a while. */
  #note(error: Error, sent: boolean): void {
    this.#lastError = `DoH to ${this.#target.text}: ${error.message}`
    if (sent) return
    this.#connectFailures += 1
    this.#backOff.failed(performance.now())
  }
}
