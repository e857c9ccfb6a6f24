// Sends one event to one endpoint, once, signed, and says what came of it. When to try again, and what a failure means for the
// endpoint, is the queue's business. It keeps nothing of a receiver's answer: an endpoint must not be a way to read pages.
import { Agent, request, type Dispatcher } from 'undici'
import type { FluxEvent } from '../core/model/event.ts'
import type { DeliveryAttempt } from '../core/model/webhook.ts'
import type { Cidr } from '../core/net/cidr.ts'
import { guardedConnector, type LookupAll } from './guarded-connector.ts'
import { retryAfterMs } from './retry-after.ts'
import { sign } from './signature.ts'

/** Until the answer's headers are there, connecting included; ms. Standard Webhooks 1.0 recommends 15 to 30 s. */
export const ATTEMPT_TIMEOUT_MS = 20_000
/** An answer is read up to here, so that its connection can be used again; a longer one ends the connection. Bytes. */
export const ANSWER_LIMIT_BYTES = 4_096

/**
 * `delivered`: 2xx · `gone`: 410, it wants nothing any more · `refused`: our URL guard did not connect ·
 * `retry`: everything else, redirects included.
 */
export type SendOutcome = 'delivered' | 'retry' | 'gone' | 'refused'

export interface SendResult extends DeliveryAttempt {
  readonly outcome: SendOutcome
  /** What a 429 or 503 asked for, at most 24 h; null otherwise. */
  readonly retryAfterMs: number | null
}

export interface SendRequest {
  readonly endpoint: { readonly url: string; readonly secret: string }
  /** Becomes `webhook-id`: the same over every attempt, so that the receiver can tell a repetition. */
  readonly messageId: string
  readonly event: FluxEvent
  /** Becomes the attempt's `at`. `webhook-timestamp` is real time instead: receivers compare it with their own clock. */
  readonly now: number
  readonly signal?: AbortSignal | undefined
}

export interface WebhookSenderOptions {
  /** Our version, for the User-Agent. */
  readonly version: string
  /** Special-purpose addresses that may be connected to all the same (`FLUXWATCH_WEBHOOK_ALLOW`). */
  readonly allow: readonly Cidr[]
  readonly timeoutMs?: number
  readonly lookup?: LookupAll
}

export class WebhookSender {
  readonly #agent: Agent
  readonly #userAgent: string
  readonly #timeoutMs: number

  constructor(options: WebhookSenderOptions) {
    const timeoutMs = options.timeoutMs ?? ATTEMPT_TIMEOUT_MS
    this.#timeoutMs = timeoutMs
    this.#userAgent = `fluxwatch/${options.version}`
    this.#agent = new Agent({
      connect: guardedConnector({
        allow: options.allow,
        timeoutMs,
        ...(options.lookup && { lookup: options.lookup }),
      }),
      allowH2: false,
      pipelining: 1,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    })
  }

  /**
   * One attempt. Failures are data; it throws only when `signal` is aborted (then nothing is known about the outcome) and
   * on a bug of the caller (a stored secret or id that cannot be signed with).
   */
  async send(attempt: SendRequest): Promise<SendResult> {
    const { endpoint, messageId, event, now, signal } = attempt
    const body = Buffer.from(
      JSON.stringify({ type: event.type, timestamp: event.timestamp, data: event.data }),
    )
    const sentAtSeconds = Math.floor(Date.now() / 1_000)
    const headers = {
      'content-type': 'application/json',
      'user-agent': this.#userAgent,
      'webhook-id': messageId,
      'webhook-timestamp': String(sentAtSeconds),
      'webhook-signature': sign(messageId, sentAtSeconds, body, endpoint.secret),
    }
    const start = performance.now()
    const late = AbortSignal.timeout(this.#timeoutMs)
    const took = () => Math.round(performance.now() - start)
    try {
      const ends = signal === undefined ? late : AbortSignal.any([late, signal])
      const options = { dispatcher: this.#agent, method: 'POST', headers, body, signal: ends } as const
      const answer = await request(endpoint.url, options)
      const durationMs = took()
      // The status has decided; how the rest of the answer ends changes nothing.
      await answer.body.dump({ limit: ANSWER_LIMIT_BYTES, signal: ends }).catch(() => {})
      return { at: now, durationMs, ...judge(answer) }
    } catch (error) {
      signal?.throwIfAborted()
      const refused = errorCode(error) === 'ADDRESS_REFUSED'
      const reason = late.aborted ? `no answer within ${this.#timeoutMs} ms` : failureReason(error)
      return {
        at: now,
        status: null,
        error: reason,
        durationMs: took(),
        outcome: refused ? 'refused' : 'retry',
        retryAfterMs: null,
      }
    }
  }

  /** Ends every connection; attempts that are under way fail. */
  async close(): Promise<void> {
    await this.#agent.destroy()
  }
}

type Judgement = Pick<SendResult, 'status' | 'error' | 'outcome' | 'retryAfterMs'>

function judge({ statusCode: status, headers }: Dispatcher.ResponseData): Judgement {
  if (status >= 200 && status < 300) return { status, error: null, outcome: 'delivered', retryAfterMs: null }
  if (status === 410)
    return { status, error: 'HTTP 410: the endpoint is gone', outcome: 'gone', retryAfterMs: null }
  const redirects = status >= 300 && status < 400
  const error = `HTTP ${status}${redirects ? ': redirects are not followed' : ''}`
  const asked = headers['retry-after']
  const throttled = status === 429 || status === 503
  const waitMs = throttled ? retryAfterMs(Array.isArray(asked) ? asked[0] : asked, Date.now()) : null
  return { status, error, outcome: 'retry', retryAfterMs: waitMs }
}

/** What an operator can act on: the code of the system or of undici, with its sentence. */
function failureReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = errorCode(error)
  if (code === 'ADDRESS_REFUSED' || code === null) return error.message
  // The AggregateError of several failed addresses has a code and no message.
  return error.message === '' || error.message.includes(code)
    ? error.message || code
    : `${code}: ${error.message}`
}

function errorCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}
