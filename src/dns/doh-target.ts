// Where DoH questions go: the URL taken apart, and an HTTP/2 client that connects to one pinned address and trusts what it
// is told to. Nothing here resolves a name: the prober would have to ask a resolver for its resolver.
import { isIP } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { buildConnector, Client } from 'undici'

export interface DohTargetOptions {
  /** https only, e.g. `https://dns.quad9.net/dns-query`; a `{?dns}` at its end is allowed and means nothing more. */
  readonly url: string
  /** Address of the URL's host; needed where that is a name, and nothing where it is an address itself. */
  readonly address?: string
  /** PEM of the authorities to trust instead of the system's. */
  readonly ca?: string
}

/**
 * Requests on the one connection at the same time, unless the server allows fewer: what RFC 9113, section 6.5.2, asks servers
 * to allow at least.
 */
export const MAX_STREAMS = 100

/** Opens no connection yet; the client does that with the first request, and again whenever it has none. Throws for a bad URL. */
export class DohTarget {
  /** Path and query of a POST; a GET adds `dns=` to it. */
  readonly path: string
  /** `host:port (address)` for sentences. */
  readonly text: string
  /** One connection at most. */
  client: Client
  readonly #open: () => Client
  /** Clients that finish what they have. */
  readonly #leaving = new Set<Client>()

  constructor({ url, address, ca }: DohTargetOptions) {
    const parsed = new URL(url.replace(/\{\?dns\}$/, ''))
    if (parsed.protocol !== 'https:') throw new Error(`${url}: DoH speaks https only`)
    const host = parsed.hostname.replace(/^\[|\]$/g, '')
    const pinned = isIP(host) === 0 ? (address ?? host) : host
    const family = isIP(pinned)
    if (family === 0) throw new Error(`${url}: needs the address of ${host}`)
    this.path = `${parsed.pathname}${parsed.search}`
    this.text = pinned === host ? parsed.host : `${parsed.host} (${pinned})`
    const connect = onlyHttp2(
      buildConnector({
        allowH2: true,
        preferH2: true,
        minVersion: 'TLSv1.2',
        ...(ca !== undefined && { ca }),
        // Never called for a host that is an address already.
        lookup: (_host, options, found) =>
          options.all === true ? found(null, [{ address: pinned, family }]) : found(null, pinned, family),
      }),
    )
    this.#open = () =>
      new Client(parsed.origin, {
        allowH2: true,
        h2Options: { maxConcurrentStreams: MAX_STREAMS },
        // Time-outs are the exchange's; these two would only race with them.
        headersTimeout: 0,
        bodyTimeout: 0,
        connect,
      })
    this.client = this.#open()
  }

  /** Another connection for all that comes; `silent` ends with the requests that it has. Nothing happens if it was left before. */
  renew(silent: Client | null): void {
    if (silent !== this.client || silent.closed || silent.destroyed) return
    this.client = this.#open()
    this.#leaving.add(silent)
    const gone = (): void => void this.#leaving.delete(silent)
    // Rejects when close() below was faster.
    silent.close().then(gone, gone)
  }

  async close(): Promise<void> {
    await Promise.all([this.client, ...this.#leaving].map(async (client) => client.destroy()))
  }
}

/**
 * A server that speaks HTTP/1.1 only is a failed connection: one request at a time, in order, is so slow that most would end as
 * time-outs that tell nothing (RFC 8484, section 5.2, recommends HTTP/2 as the least).
 */
function onlyHttp2(connect: buildConnector.connector): buildConnector.connector {
  return (options, connected) =>
    connect(options, (...[error, socket]) => {
      if (error !== null || (socket as TLSSocket).alpnProtocol === 'h2')
        return error === null ? connected(null, socket) : connected(error, null)
      socket.destroy()
      connected(new Error('the server speaks no HTTP/2'), null)
    })
}
