// The batched engine: what is sent within one turn of the event loop leaves with one system call per port, and what has
// arrived comes in with as few. Decides when the ports send and receive, and keeps the memory that they do it with.
import type { DatagramPort, DatagramPortEvents, DatagramPorts } from '../datagram-port.ts'
import type { ServerAddress } from '../server-address.ts'
import { BatchedPort, type PortOwner } from './batched-port.ts'
import { openConnectedSocket } from './connected-socket.ts'
import type { EpollEventLayout } from './kernel-layout.ts'
import { MessageBatch } from './message-batch.ts'
import { PortReadiness } from './port-readiness.ts'
import type { SystemCalls } from './system-calls.ts'

/** Datagrams per system call at most. */
const BATCH_SLOTS = 64
/** Octets of a datagram at most. No query and no reply that we ask for is larger; a larger reply is cut off. */
const SLOT_OCTETS = 4096
/** How long datagrams wait for which the system had no room. */
const BLOCKED_RETRY_MS = 1

export class BatchedPorts implements DatagramPorts, PortOwner {
  readonly name = 'batched'
  readonly #calls: SystemCalls
  readonly #readiness: PortReadiness
  readonly #sending: MessageBatch
  readonly #receiving: MessageBatch
  readonly #ports = new Map<number, BatchedPort>()
  #lastKey = 0
  #toFlush: BatchedPort[] = []
  #toFail: BatchedPort[] = []
  #blocked: BatchedPort[] = []
  #retry: NodeJS.Timeout | undefined
  #ready = false
  #scheduled = false
  #closed = false
  #receiveBufferOctets: number | null = null

  /** Throws when the system has no epoll instance left. */
  constructor(calls: SystemCalls, eventLayout: EpollEventLayout) {
    this.#calls = calls
    this.#sending = new MessageBatch(BATCH_SLOTS, SLOT_OCTETS, calls.addressOf)
    this.#receiving = new MessageBatch(BATCH_SLOTS, SLOT_OCTETS, calls.addressOf)
    this.#readiness = new PortReadiness(calls, eventLayout, () => {
      this.#ready = true
      this.#schedule()
    })
  }

  get receiveBufferOctets(): number | null {
    return this.#receiveBufferOctets
  }

  open(server: ServerAddress, events: DatagramPortEvents): DatagramPort {
    return (this.#closed ? null : this.#openPort(server, events)) ?? this.#failedPort(events)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    clearTimeout(this.#retry)
    for (const port of [...this.#ports.values(), ...this.#toFail]) port.close()
    this.#readiness.close()
  }

  wantsFlush(port: BatchedPort): void {
    this.#toFlush.push(port)
    this.#schedule()
  }

  released(port: BatchedPort): void {
    this.#ports.delete(port.key)
  }

  #openPort(server: ServerAddress, events: DatagramPortEvents): BatchedPort | null {
    const socket = openConnectedSocket(this.#calls, server)
    if (socket === null) return null
    do this.#lastKey = (this.#lastKey + 1) >>> 0
    while (this.#ports.has(this.#lastKey))
    if (!this.#readiness.add(socket.fd, this.#lastKey)) {
      this.#calls.close(socket.fd)
      return null
    }
    this.#receiveBufferOctets = socket.receiveBufferOctets
    const port = new BatchedPort(socket.fd, this.#lastKey, this.#calls, this, events)
    this.#ports.set(port.key, port)
    return port
  }

  /** Tells its failure in the next turn, as every event: the caller does not have the port yet. */
  #failedPort(events: DatagramPortEvents): BatchedPort {
    const port = new BatchedPort(-1, -1, this.#calls, this, events)
    this.#toFail.push(port)
    this.#schedule()
    return port
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(this.#turn)
  }

  readonly #turn = (): void => {
    this.#scheduled = false
    for (const port of this.#toFail.splice(0)) port.fail()
    this.#flush()
    if (!this.#ready) return
    this.#ready = false
    this.#readiness.look(this.#receive)
  }

  /** A key is unknown when what an earlier datagram of the same turn brought about has closed the port. */
  readonly #receive = (key: number): number => this.#ports.get(key)?.receive(this.#receiving) ?? 0

  #flush(): void {
    if (this.#toFlush.length === 0) return
    const ports = this.#toFlush
    this.#toFlush = []
    for (const port of ports) if (!port.flush(this.#sending)) this.#blocked.push(port)
    if (this.#blocked.length > 0) this.#retry ??= setTimeout(this.#unblock, BLOCKED_RETRY_MS)
  }

  readonly #unblock = (): void => {
    this.#retry = undefined
    this.#toFlush.push(...this.#blocked.splice(0))
    this.#schedule()
  }
}
