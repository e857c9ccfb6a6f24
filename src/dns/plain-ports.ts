// The system's side of the UDP engine by node:dgram: a socket per port, a system call per datagram, everywhere. The
// batched engine on Linux costs less; what both must do is said in datagram-port.ts.
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import type { DatagramPort, DatagramPortEvents, DatagramPorts } from './datagram-port.ts'
import type { ServerAddress } from './server-address.ts'

/** Asked of the system for each socket, so that a burst of replies is not dropped; `net.core.rmem_max` caps it silently. */
const RECEIVE_BUFFER_OCTETS = 4 * 1024 * 1024

export class PlainPorts implements DatagramPorts {
  readonly name = 'plain'
  readonly #open = new Set<PlainPort>()
  /** Ports with datagrams that wait for the end of this turn of the event loop. */
  #waiting: PlainPort[] = []
  receiveBufferOctets: number | null = null

  open(server: ServerAddress, events: DatagramPortEvents): DatagramPort {
    const port: PlainPort = new PlainPort(
      server,
      events,
      (octets) => {
        this.receiveBufferOctets = octets
      },
      () => this.#open.delete(port),
      () => this.#wantsFlush(port),
    )
    this.#open.add(port)
    port.connect()
    return port
  }

  async close(): Promise<void> {
    for (const port of this.#open) port.close()
  }

  /** Datagrams leave together, once per turn: sent one by one between other work each costs more. */
  #wantsFlush(port: PlainPort): void {
    if (this.#waiting.push(port) === 1) setImmediate(() => this.#flush())
  }

  #flush(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const port of waiting) port.flush()
  }
}

class PlainPort implements DatagramPort {
  readonly #server: ServerAddress
  readonly #events: DatagramPortEvents
  readonly #onConnected: (receiveBufferOctets: number) => void
  readonly #onClose: () => void
  readonly #socket: Socket
  readonly #wantsFlush: () => void
  #queued: Uint8Array[] = []
  /** The peer as the system writes it; null until the socket is connected. */
  #peer: { readonly address: string; readonly port: number } | null = null
  #closed = false
  /** One function for all datagrams: a closure for each costs more than it is worth. */
  readonly #sent = (error: NodeJS.ErrnoException | null): void => {
    if (error) this.#fail(error)
  }

  constructor(
    server: ServerAddress,
    events: DatagramPortEvents,
    onConnected: (receiveBufferOctets: number) => void,
    onClose: () => void,
    wantsFlush: () => void,
  ) {
    this.#wantsFlush = wantsFlush
    this.#server = server
    this.#events = events
    this.#onConnected = onConnected
    this.#onClose = onClose
    const type = isIPv6(server.address) ? 'udp6' : 'udp4'
    this.#socket = createSocket({ type, recvBufferSize: RECEIVE_BUFFER_OCTETS })
    // The time-outs of the questions keep the process alive; an idle port must not.
    this.#socket.unref()
    this.#socket.on('message', (bytes: Uint8Array, from: RemoteInfo) => {
      // The kernel filters by the connected peer; what came between bind and connect it did not.
      const peer = this.#peer
      if (!this.#closed && from.port === peer?.port && from.address === peer.address)
        this.#events.message(bytes)
    })
    this.#socket.on('error', (error: NodeJS.ErrnoException) => this.#fail(error))
  }

  connect(): void {
    const { address, port } = this.#server
    this.#socket.connect(port, address, (error?: Error) => {
      if (this.#closed) return
      if (error) return this.#fail(error)
      this.#onConnected(this.#socket.getRecvBufferSize())
      this.#peer = this.#socket.remoteAddress()
      this.flush()
    })
  }

  send(bytes: Uint8Array): void {
    if (this.#closed) return
    if (this.#queued.push(bytes) === 1 && this.#peer !== null) this.#wantsFlush()
  }

  flush(): void {
    const queued = this.#queued
    this.#queued = []
    for (const bytes of queued) {
      if (this.#closed) return
      this.#socket.send(bytes, this.#sent)
    }
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#queued = []
    this.#onClose()
    this.#socket.close()
  }

  #fail(error: NodeJS.ErrnoException): void {
    if (this.#closed) return
    // The system reports the refusal of an earlier datagram to whoever sends or receives next, and then forgets it.
    if (error.code === 'ECONNREFUSED') this.#events.refused()
    else this.#events.failed()
  }
}
