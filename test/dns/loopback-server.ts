// A DNS server on loopback that does what a test tells it: UDP and TCP on one port, dns-packet as the independent codec.
import { createSocket, type Socket } from 'node:dgram'
import { EventEmitter, once } from 'node:events'
import { createServer, type Server, type Socket as TcpSocket } from 'node:net'
import packet, { type Answer, type DecodedPacket } from 'dns-packet'
import type { ServerAddress } from '../../src/dns/server-address.ts'

export interface Asked {
  readonly transport: 'udp' | 'tcp'
  readonly bytes: Buffer
  readonly packet: DecodedPacket
  /** Source port of the question. */
  readonly port: number
  /** Sends bytes back as they are (framed over TCP). */
  send(bytes: Uint8Array): void
  /** TCP only: writes octets without framing, or ends the connection. */
  readonly stream?: TcpSocket
}

export type Behaviour = (asked: Asked, server: LoopbackServer) => void

export const silent: Behaviour = () => {}

export class LoopbackServer {
  readonly asked: Asked[] = []
  readonly #udp: Socket
  readonly #tcp: Server
  readonly #connections = new Set<TcpSocket>()
  readonly #events = new EventEmitter()
  behaviour: Behaviour
  server: ServerAddress = { address: '127.0.0.1', port: 0 }

  constructor(behaviour: Behaviour, address: string) {
    this.behaviour = behaviour
    this.server = { address, port: 0 }
    this.#udp = createSocket(address.includes(':') ? 'udp6' : 'udp4')
    this.#udp.on('error', () => {})
    this.#udp.on('message', (bytes, from) =>
      this.#note({
        transport: 'udp',
        bytes,
        packet: packet.decode(bytes),
        port: from.port,
        send: (reply) => this.#udp.send(reply, from.port, from.address),
      }),
    )
    this.#tcp = createServer((socket) => this.#serve(socket))
  }

  static async start(behaviour: Behaviour, address = '127.0.0.1'): Promise<LoopbackServer> {
    for (;;) {
      const server = new LoopbackServer(behaviour, address)
      if (await server.#listen(address)) return server
      await server.close()
    }
  }

  /** `ip:port`, as the configuration writes it. */
  get text(): string {
    const { address, port } = this.server
    return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
  }

  /** Resolves when `count` questions have come since the start. */
  async heard(count: number): Promise<void> {
    while (this.asked.length < count) await once(this.#events, 'asked')
  }

  /** Resolves when no TCP connection is open. */
  async hungUp(): Promise<void> {
    while (this.#connections.size > 0) await once(this.#events, 'hung-up')
  }

  async close(): Promise<void> {
    for (const connection of this.#connections) connection.destroy()
    if (this.#tcp.listening) await new Promise((resolve) => this.#tcp.close(resolve))
    await new Promise<void>((resolve) => this.#udp.close(resolve))
  }

  async #listen(address: string): Promise<boolean> {
    this.#udp.bind(0, address)
    await once(this.#udp, 'listening')
    const { port } = this.#udp.address()
    this.server = { address, port }
    this.#tcp.listen(port, address)
    // The port may be in use for TCP by somebody else.
    return once(this.#tcp, 'listening').then(
      () => true,
      () => false,
    )
  }

  #serve(socket: TcpSocket): void {
    this.#connections.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => {
      this.#connections.delete(socket)
      this.#events.emit('hung-up')
    })
    let bytes = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk])
      while (bytes.length >= 2 && bytes.length >= 2 + bytes.readUInt16BE(0)) {
        const end = 2 + bytes.readUInt16BE(0)
        const message = bytes.subarray(2, end)
        bytes = bytes.subarray(end)
        this.#noteStream(socket, message)
      }
    })
  }

  #noteStream(socket: TcpSocket, message: Buffer): void {
    this.#note({
      transport: 'tcp',
      bytes: message,
      packet: packet.decode(message),
      port: socket.remotePort ?? 0,
      send: (reply) => {
        const length = Buffer.alloc(2)
        length.writeUInt16BE(reply.length)
        socket.write(Buffer.concat([length, reply]))
      },
      stream: socket,
    })
  }

  #note(asked: Asked): void {
    this.asked.push(asked)
    this.behaviour(asked, this)
    this.#events.emit('asked')
  }
}

export interface Response {
  readonly rcode?: number
  readonly truncated?: boolean
  readonly answers?: Answer[]
  readonly authorities?: Answer[]
  readonly additionals?: Answer[]
}

/** The bytes of an honest response: same id, same question with its case. */
export function responseTo(asked: Asked, response: Response = {}): Buffer {
  const { rcode = 0, truncated = false, answers = [], authorities = [], additionals = [] } = response
  return packet.encode({
    type: 'response',
    id: asked.packet.id ?? 0,
    flags:
      packet.RECURSION_DESIRED |
      packet.RECURSION_AVAILABLE |
      (truncated ? packet.TRUNCATED_RESPONSE : 0) |
      rcode,
    questions: asked.packet.questions ?? [],
    answers,
    authorities,
    additionals,
  })
}

/** Answers every question with the same response. */
export function always(response: Response): Behaviour {
  return (asked) => asked.send(responseTo(asked, response))
}

/** The name asked for, in lower case. */
export function askedName(asked: Asked): string {
  return asked.packet.questions?.[0]?.name.toLowerCase() ?? ''
}

/** Answers with one address. */
export function addressRecord(data: string, name = 'www.example', ttl = 60): Answer {
  return { type: 'A', name, ttl, data }
}
