// A DNS server on one address and port, UDP and TCP, that answers what its handler says. One handler may serve many
// sockets: it is told which address was asked and who asked. Knows nothing of zones.
import { createSocket } from 'node:dgram'
import type { Socket as UdpSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { encodeReply, parseQuery } from './dns-message.ts'
import type { LabMessage, LabQuery } from './dns-message.ts'

/** The two ends of an exchange. */
export interface Ends {
  readonly asker: string
  /** The local address that was asked. */
  readonly server: string
}

/** Null: say nothing at all. */
export type DnsHandler = (query: LabQuery, ends: Ends) => LabMessage | null

export interface DnsServer {
  readonly address: string
  readonly port: number
  close(): Promise<void>
}

/** Connections that are silent for so long (real time) are closed. */
const TCP_IDLE_MS = 10_000
/** With port 0 the OS chooses for UDP; TCP may be taken there, then we ask for another one. */
const PORT_ATTEMPTS = 8

/** Listens before it resolves. Rejects with the socket's error when the address or the port cannot be had. */
export async function openDnsServer(options: {
  readonly address: string
  /** 0: the operating system chooses one, the same for UDP and TCP. */
  readonly port: number
  readonly handler: DnsHandler
}): Promise<DnsServer> {
  for (let attempt = 1; ; attempt++) {
    const udp = await openUdp(options.address, options.port, options.handler)
    const { port } = udp.address()
    const connections = new Set<Socket>()
    const tcp = createServer((socket) =>
      serveConnection(socket, connections, options.address, options.handler),
    )
    try {
      tcp.listen({ host: options.address, port })
      await once(tcp, 'listening')
    } catch (error) {
      await closeUdp(udp)
      if (options.port !== 0 || attempt === PORT_ATTEMPTS) throw error
      continue
    }
    return {
      address: options.address,
      port,
      async close() {
        for (const socket of connections) socket.destroy()
        await Promise.all([closeUdp(udp), closeTcp(tcp)])
      },
    }
  }
}

async function openUdp(address: string, port: number, handler: DnsHandler): Promise<UdpSocket> {
  const socket = createSocket({ type: address.includes(':') ? 'udp6' : 'udp4', recvBufferSize: 1 << 20 })
  socket.on('message', (bytes, from) => {
    const reply = respond(bytes, { asker: from.address, server: address }, 'udp', handler)
    // An asker that is gone is no failure of ours.
    if (reply) socket.send(reply, from.port, from.address, () => {})
  })
  socket.bind({ address, port })
  await once(socket, 'listening')
  return socket
}

function serveConnection(
  socket: Socket,
  connections: Set<Socket>,
  server: string,
  handler: DnsHandler,
): void {
  connections.add(socket)
  socket.setTimeout(TCP_IDLE_MS, () => socket.destroy())
  socket.on('close', () => connections.delete(socket))
  socket.on('error', () => socket.destroy())
  let pending = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk])
    // RFC 7766: two bytes of length before each message; many messages may come at once, or one in pieces.
    while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
      const end = 2 + pending.readUInt16BE(0)
      const reply = respond(
        pending.subarray(2, end),
        { asker: socket.remoteAddress ?? '', server },
        'tcp',
        handler,
      )
      pending = pending.subarray(end)
      if (!reply) continue
      const length = Buffer.alloc(2)
      length.writeUInt16BE(reply.length)
      socket.write(Buffer.concat([length, reply]))
    }
  })
}

function respond(bytes: Buffer, ends: Ends, transport: 'udp' | 'tcp', handler: DnsHandler): Buffer | null {
  const parsed = parseQuery(bytes)
  if (parsed.kind === 'noise') return null
  if (parsed.kind === 'rejected') return parsed.reply
  const message = handler(parsed.query, ends)
  return message && encodeReply(parsed.query, message, transport)
}

function closeUdp(socket: UdpSocket): Promise<void> {
  return new Promise((resolve) => socket.close(resolve))
}

function closeTcp(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}
