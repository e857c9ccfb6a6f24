// One DNS query in one HTTP request (RFC 8484), with its time-out: from octets to octets, or to the reason why there are
// none. What the octets mean is the exchange's business.
import { constants } from 'node:http2'
import type { Client, Dispatcher } from 'undici'
import { Timeout } from './timing-wheel.ts'

export const DNS_MESSAGE_TYPE = 'application/dns-message'

/** Longest DNS message there is (RFC 8484, section 6, keeps to it). */
const MAX_MESSAGE_OCTETS = 65_535

export type HttpResult =
  /** `ageSeconds`: how long caches on the way have held the answer (the Age header). */
  | { readonly kind: 'body'; readonly bytes: Buffer; readonly ageSeconds: number }
  | { readonly kind: 'http_error' }
  | { readonly kind: 'timeout' }
  /** The server has not processed it (RFC 9113, section 8.7). */
  | { readonly kind: 'refused' }
  /** `sent` false: no connection came up. `error` is null when we gave up ourselves. */
  | { readonly kind: 'network'; readonly sent: boolean; readonly error: Error | null }

export class DohRequest extends Timeout implements Dispatcher.DispatchHandler {
  readonly keepsAlive = true
  /** The HTTP client that it was handed to; null before. */
  client: Client | null = null
  /** Whether it has left. */
  sent = false
  readonly #onSent: () => void
  readonly #done: (result: HttpResult) => void
  #controller: Dispatcher.DispatchController | null = null
  #over = false
  #chunks: Buffer[] = []
  #octets = 0
  #ageSeconds = 0

  /** `onSent` is called when the request leaves, `done` once. */
  constructor(onSent: () => void, done: (result: HttpResult) => void) {
    super()
    this.#onSent = onSent
    this.#done = done
  }

  override expired(): void {
    this.cancel({ kind: 'timeout' })
  }

  /** Ends the request now, with a result of ours. */
  cancel(result: HttpResult): void {
    this.#finish(result)
    this.#controller?.abort(new Error('not wanted any more'))
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#over) controller.abort(new Error('not wanted any more'))
    else this.#leave()
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return
    const type = String(headers['content-type'] ?? '')
      .split(';')[0]!
      .trim()
      .toLowerCase()
    const length = Number(headers['content-length'] ?? 0)
    if (status !== 200 || type !== DNS_MESSAGE_TYPE || length > MAX_MESSAGE_OCTETS)
      return this.cancel({ kind: 'http_error' })
    const age = String(headers['age'] ?? '').trim()
    if (/^\d{1,10}$/.test(age)) this.#ageSeconds = Number(age)
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#octets += chunk.length
    if (this.#octets > MAX_MESSAGE_OCTETS) this.cancel({ kind: 'http_error' })
    else this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    const bytes = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks)
    this.#finish({ kind: 'body', bytes, ageSeconds: this.#ageSeconds })
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    const refused = 'http2ErrorCode' in error && error.http2ErrorCode === constants.NGHTTP2_REFUSED_STREAM
    this.#finish(refused ? { kind: 'refused' } : { kind: 'network', sent: this.sent, error })
  }

  #leave(): void {
    this.sent = true
    this.#onSent()
  }

  #finish(result: HttpResult): void {
    if (this.#over) return
    this.#over = true
    this.#chunks = []
    this.#done(result)
  }
}
