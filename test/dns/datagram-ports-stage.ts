// What the tests of both UDP engines share: the implementations, a peer on loopback, and a note-taker of a port's events.
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { EventEmitter, once } from 'node:events'
import { openBatchedPorts } from '../../src/dns/batched/open-batched-ports.ts'
import type { DatagramPort, DatagramPortEvents, DatagramPorts } from '../../src/dns/datagram-port.ts'
import { PlainPorts } from '../../src/dns/plain-ports.ts'
import type { ServerAddress } from '../../src/dns/server-address.ts'

export interface Implementation {
  readonly name: 'plain' | 'batched'
  /** Why it cannot run here, null when it can. */
  readonly unavailable: string | null
  open(): Promise<DatagramPorts>
  /** Statements of a module that leave the opened ports in `ports`, for a process of its own. */
  readonly script: string
}

const source = (file: string): string =>
  JSON.stringify(new URL(`../../src/dns/${file}`, import.meta.url).href)

async function openBatched(): Promise<DatagramPorts> {
  const ports = await openBatchedPorts()
  if ('unavailable' in ports) throw new Error(ports.unavailable)
  return ports
}

const whyNotBatched = await openBatchedPorts().then(async (ports) => {
  if ('unavailable' in ports) return ports.unavailable
  await ports.close()
  return null
})
if (whyNotBatched !== null) process.stderr.write(`The batched UDP engine is not tested: ${whyNotBatched}\n`)

export const IMPLEMENTATIONS: readonly Implementation[] = [
  {
    name: 'plain',
    unavailable: null,
    open: async () => new PlainPorts(),
    script: `import { PlainPorts } from ${source('plain-ports.ts')}; const ports = new PlainPorts()`,
  },
  {
    name: 'batched',
    unavailable: whyNotBatched,
    open: openBatched,
    script: `import { openBatchedPorts } from ${source('batched/open-batched-ports.ts')}
      const ports = await openBatchedPorts()`,
  },
]

export interface Heard {
  readonly bytes: Buffer
  readonly from: RemoteInfo
}

/** A UDP socket on loopback that notes what it hears; by default it sends everything back. */
export class DatagramPeer {
  readonly heard: Heard[] = []
  readonly socket: Socket
  readonly #noted = new EventEmitter()
  reply: (heard: Heard, peer: DatagramPeer) => void = ({ bytes, from }) => this.send(bytes, from.port)

  private constructor(address: string) {
    this.socket = createSocket({ type: address.includes(':') ? 'udp6' : 'udp4', recvBufferSize: 4 << 20 })
    this.socket.on('message', (bytes, from) => {
      const heard = { bytes: Buffer.from(bytes), from }
      this.heard.push(heard)
      this.reply(heard, this)
      this.#noted.emit('heard')
    })
  }

  static async start(address = '127.0.0.1', port = 0): Promise<DatagramPeer> {
    const peer = new DatagramPeer(address)
    peer.socket.bind(port, address)
    await once(peer.socket, 'listening')
    return peer
  }

  get server(): ServerAddress {
    const { address, port } = this.socket.address()
    return { address, port }
  }

  /** To a port of the machine that the peer lives on. */
  send(bytes: Uint8Array, port: number): void {
    this.socket.send(bytes, port, this.socket.address().address)
  }

  async hasHeard(count: number): Promise<void> {
    while (this.heard.length < count) await once(this.#noted, 'heard')
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.socket.close(resolve))
  }
}

/** Notes what a port tells. */
export class PortNotes implements DatagramPortEvents {
  readonly messages: Buffer[] = []
  refusals = 0
  failures = 0
  readonly #noted = new EventEmitter()
  /** Set once the port is open. */
  port: DatagramPort | undefined
  onMessage: (bytes: Uint8Array) => void = () => {}

  static open(ports: DatagramPorts, server: ServerAddress): PortNotes & { port: DatagramPort } {
    const notes = new PortNotes()
    return Object.assign(notes, { port: ports.open(server, notes) })
  }

  message(bytes: Uint8Array): void {
    this.messages.push(Buffer.from(bytes))
    this.onMessage(bytes)
    this.#noted.emit('event')
  }

  refused(): void {
    this.refusals += 1
    this.#noted.emit('event')
  }

  failed(): void {
    this.failures += 1
    this.#noted.emit('event')
  }

  /** Resolves when the condition holds; looks again after each event. */
  async until(condition: (notes: PortNotes) => boolean): Promise<void> {
    while (!condition(this)) await once(this.#noted, 'event')
  }

  async got(count: number): Promise<void> {
    await this.until(({ messages }) => messages.length >= count)
  }
}

/** A datagram that tells its number. */
export function numbered(number: number, octets = 40): Buffer {
  const bytes = Buffer.alloc(octets, number & 0xff)
  bytes.writeUInt32BE(number)
  return bytes
}
