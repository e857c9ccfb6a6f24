// A DNS server over TCP or TLS on loopback that speaks frames only, does what a test tells it, and remembers connections.
import { EventEmitter, once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from 'node:tls'
import packet, { type DecodedPacket } from 'dns-packet'
import type { ServerAddress } from '../../src/dns/server-address.ts'

export function certificate(file: string): string {
  return readFileSync(join(import.meta.dirname, 'certificates', file), 'utf8')
}

export const CA = certificate('ca.pem')

/** One connection as the server sees it. */
export class Peer {
  readonly socket: Socket
  /** Messages that came on it, in order. */
  readonly asked: Heard[] = []
  /** Chunks that the socket brought: how often something was read, not how often it was written. */
  chunks = 0

  constructor(socket: Socket) {
    this.socket = socket
  }
}

export interface Heard {
  readonly bytes: Buffer
  readonly packet: DecodedPacket
  readonly name: string
  readonly peer: Peer
  /** Sends one framed message on the same connection. */
  send(bytes: Uint8Array): void
}

export type Behave = (heard: Heard, server: StreamServer) => void

export class StreamServer {
  readonly peers: Peer[] = []
  behave: Behave
  /** Connections that were open at the same time at most. */
  mostConnections = 0
  /** Where it listens, and listened when it is closed. */
  address: ServerAddress = { address: '127.0.0.1', port: 0 }
  readonly #server: Server
  readonly #open = new Set<Socket>()
  readonly #events = new EventEmitter()

  constructor(behave: Behave, tls: TlsOptions | null) {
    this.behave = behave
    const serve = (socket: Socket): void => this.#serve(socket)
    this.#server = tls === null ? createServer(serve) : createTlsServer(tls, serve)
    this.#server.on('tlsClientError', () => this.#events.emit('change'))
  }

  static async start(behave: Behave, tls: TlsOptions | null = null, port = 0): Promise<StreamServer> {
    const server = new StreamServer(behave, tls)
    server.#server.listen(port, '127.0.0.1')
    await once(server.#server, 'listening')
    server.address = { address: '127.0.0.1', port: (server.#server.address() as AddressInfo).port }
    return server
  }

  get heard(): Heard[] {
    return this.peers.flatMap((peer) => peer.asked)
  }

  get openConnections(): number {
    return this.#open.size
  }

  /** Resolves once the condition holds; it is looked at whenever something happens here. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await once(this.#events, 'change')
  }

  async close(): Promise<void> {
    for (const socket of this.#open) socket.destroy()
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve))
  }

  #serve(socket: Socket): void {
    const peer = new Peer(socket)
    this.peers.push(peer)
    this.#open.add(socket)
    this.mostConnections = Math.max(this.mostConnections, this.#open.size)
    socket.on('error', () => {})
    socket.on('close', () => {
      this.#open.delete(socket)
      this.#events.emit('change')
    })
    let bytes = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      peer.chunks += 1
      bytes = Buffer.concat([bytes, chunk])
      while (bytes.length >= 2 && bytes.length >= 2 + bytes.readUInt16BE()) {
        const message = bytes.subarray(2, 2 + bytes.readUInt16BE())
        bytes = bytes.subarray(2 + message.length)
        this.#hear(peer, message)
      }
      this.#events.emit('change')
    })
    this.#events.emit('change')
  }

  #hear(peer: Peer, bytes: Buffer): void {
    const decoded = packet.decode(bytes)
    const heard: Heard = {
      bytes,
      packet: decoded,
      name: decoded.questions?.[0]?.name.toLowerCase() ?? '',
      peer,
      send: (reply) => void peer.socket.write(frameMessage(reply)),
    }
    peer.asked.push(heard)
    this.behave(heard, this)
  }
}

/** Length and message in one piece (RFC 1035, section 4.2.2). */
export function frameMessage(message: Uint8Array): Buffer {
  const framed = Buffer.alloc(2 + message.length)
  framed.writeUInt16BE(message.length)
  framed.set(message, 2)
  return framed
}

/** TLS as `dns.test` and `127.0.0.1`, unless another leaf is named. */
export function tlsAs(
  leaf: 'server' | 'other' | 'expired' | 'wildcard' = 'server',
  options: TlsOptions = {},
): TlsOptions {
  return { cert: certificate(`${leaf}.pem`), key: certificate(`${leaf}.key.pem`), ...options }
}

export function isResumed(socket: Socket): boolean {
  return (socket as TLSSocket).isSessionReused()
}

/** An address that tells which question it answers: the number in `n123.test` becomes the octets. */
export function addressFor(name: string): string {
  const number = Number(/^n(\d+)\./.exec(name)?.[1] ?? 0)
  return `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`
}

/** An honest reply with addressFor(name); the record's options come on top. */
export function answerTo(
  heard: Heard,
  extra: { additionals?: packet.Answer[]; rcode?: number } = {},
): Buffer {
  const { additionals = [], rcode = 0 } = extra
  return packet.encode({
    type: 'response',
    id: heard.packet.id ?? 0,
    flags: packet.RECURSION_DESIRED | packet.RECURSION_AVAILABLE | rcode,
    questions: heard.packet.questions ?? [],
    answers: rcode === 0 ? [{ type: 'A', name: heard.name, ttl: 60, data: addressFor(heard.name) }] : [],
    additionals,
  })
}

/** An OPT record with one option, given as octets behind its code and length. */
export function optWith(code: number, data: Uint8Array): packet.Answer {
  return {
    type: 'OPT',
    name: '.',
    udpPayloadSize: 1232,
    extendedRcode: 0,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: [{ code, data: Buffer.from(data) }],
  } as unknown as packet.Answer
}
