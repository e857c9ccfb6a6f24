// A DoH server on loopback that does what a test tells it: HTTP/2 over TLS, as `dns.test` and `127.0.0.1`.
import { EventEmitter, once } from 'node:events'
import {
  constants,
  createSecureServer,
  type Http2SecureServer,
  type IncomingHttpHeaders,
  type SecureServerOptions,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import type { AddressInfo } from 'node:net'
import packet, { type DecodedPacket } from 'dns-packet'
import { addressFor, tlsAs } from './stream-server.ts'

export interface DohAsked {
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
  readonly packet: DecodedPacket
  readonly name: string
  readonly stream: ServerHttp2Stream
  /** Responds; by default 200 with the type of DNS messages. */
  respond(body: Uint8Array, headers?: Record<string, string | number>): void
}

export type DohBehave = (asked: DohAsked, server: DohServer) => void

export class DohServer {
  readonly asked: DohAsked[] = []
  readonly sessions: ServerHttp2Session[] = []
  /** Looked at before a body has come: false refuses the stream (RFC 9113, section 8.7). */
  accepts: (server: DohServer) => boolean = () => true
  /** Streams that are open, those that were refused not among them. */
  streams = 0
  refused = 0
  behave: DohBehave
  port = 0
  readonly #server: Http2SecureServer
  readonly #events = new EventEmitter()

  constructor(behave: DohBehave, options: SecureServerOptions) {
    this.behave = behave
    this.#server = createSecureServer(options)
    this.#server.on('session', (session) => {
      this.sessions.push(session)
      session.on('error', () => {})
      session.on('close', () => this.#events.emit('change'))
    })
    this.#server.on('sessionError', () => {})
    this.#server.on('stream', (stream, headers) => this.#serve(stream, headers))
  }

  static async start(behave: DohBehave, options: SecureServerOptions = {}): Promise<DohServer> {
    const server = new DohServer(behave, { ...tlsAs(), ...options })
    server.#server.listen(0, '127.0.0.1')
    await once(server.#server, 'listening')
    server.port = (server.#server.address() as AddressInfo).port
    return server
  }

  url(host = '127.0.0.1', path = '/dns-query'): string {
    return `https://${host}:${this.port}${path}`
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await once(this.#events, 'change')
  }

  async close(): Promise<void> {
    for (const session of this.sessions) session.destroy()
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve))
  }

  #serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const chunks: Buffer[] = []
    stream.on('error', () => {})
    if (!this.accepts(this)) {
      this.refused += 1
      stream.close(constants.NGHTTP2_REFUSED_STREAM)
      return void this.#events.emit('change')
    }
    this.streams += 1
    stream.on('close', () => {
      this.streams -= 1
      this.#events.emit('change')
    })
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('end', () => {
      const parameter = new URL(headers[':path'] ?? '/', 'https://dns.test').searchParams.get('dns') ?? ''
      const bytes = headers[':method'] === 'GET' ? Buffer.from(parameter, 'base64url') : Buffer.concat(chunks)
      const decoded = packet.decode(bytes)
      const asked: DohAsked = {
        headers,
        bytes,
        packet: decoded,
        name: decoded.questions?.[0]?.name ?? '',
        stream,
        respond: (body, extra = {}) => {
          if (stream.destroyed) return
          stream.respond({ ':status': 200, 'content-type': 'application/dns-message', ...extra })
          stream.end(body)
        },
      }
      this.asked.push(asked)
      this.behave(asked, this)
      this.#events.emit('change')
    })
  }
}

/** An honest reply with addressFor(name), TTL 60. */
export function dohAnswer(asked: DohAsked, extra: Partial<packet.Packet> = {}): Buffer {
  return packet.encode({
    type: 'response',
    id: asked.packet.id ?? 0,
    flags: packet.RECURSION_DESIRED | packet.RECURSION_AVAILABLE,
    questions: asked.packet.questions ?? [],
    answers: [{ type: 'A', name: asked.name, ttl: 60, data: addressFor(asked.name) }],
    ...extra,
  })
}
