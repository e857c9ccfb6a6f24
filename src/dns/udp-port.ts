// One connected UDP socket, hence one source port chosen by the system: sends queries, and pairs what comes back with
// what is waiting. It decides nothing about retries.
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import type { RandomOctets } from './random-octets.ts'
import type { ServerAddress } from './server-address.ts'
import type { EncodedQuery } from './wire/query-encoder.ts'
import { matchReply } from './wire/query-match.ts'

/**
 * Asked of the system; it holds the replies to all queries of one port at once (QUERIES_PER_PORT × 1232 octets and the
 * kernel's overhead for each). `net.core.rmem_max` caps it silently, and its usual value of 208 KiB is enough.
 */
const RECEIVE_BUFFER_BYTES = 512 * 1024

/** After so many questions a port is not used again: a guess at it then is worth nothing any more. */
export const QUERIES_PER_PORT = 32

export type PortResult =
  | { readonly kind: 'reply'; readonly bytes: Uint8Array }
  /** `caseOnly`: something came that matches in all but the case of the name. */
  | { readonly kind: 'timeout'; readonly caseOnly: boolean }
  | { readonly kind: 'network' }

export interface PortQuestion {
  /** Encodes the query with the id that the port gives it. */
  readonly encode: (id: number) => EncodedQuery
  readonly timeoutMs: number
  readonly sent: () => void
  readonly signal?: AbortSignal | undefined
}

interface Waiting {
  readonly query: EncodedQuery
  readonly settle: (result: PortResult) => void
  caseOnly: boolean
}

export class UdpPort {
  readonly #server: ServerAddress
  readonly #random: RandomOctets
  readonly #onMismatch: () => void
  readonly #onClose: (port: UdpPort) => void
  readonly #socket: Socket
  readonly #waiting = new Map<number, Waiting>()
  /** Resolves when connected. Never rejects: a failure settles what waits, by #fail. */
  readonly #connected: Promise<void>
  #questions = 0
  #retired = false
  #closed = false

  /** `onMismatch` is called for each packet that replies to nothing; `onClose` once, when the socket is given up. */
  constructor(
    server: ServerAddress,
    random: RandomOctets,
    onMismatch: () => void,
    onClose: (port: UdpPort) => void,
  ) {
    this.#server = server
    this.#random = random
    this.#onMismatch = onMismatch
    this.#onClose = onClose
    const type = isIPv6(server.address) ? 'udp6' : 'udp4'
    this.#socket = createSocket({ type, recvBufferSize: RECEIVE_BUFFER_BYTES })
    // The timer of each question keeps the process alive; an idle port must not.
    this.#socket.unref()
    this.#socket.on('message', (bytes, from) => this.#receive(bytes, from))
    this.#socket.on('error', () => this.#fail())
    this.#connected = new Promise((resolve) => {
      this.#socket.connect(server.port, server.address, (error?: Error) => {
        if (error) this.#fail()
        else resolve()
      })
    })
  }

  /** Sends one query and waits for its reply. Rejects only with the reason of an aborted signal. */
  async ask({ encode, timeoutMs, sent, signal }: PortQuestion): Promise<PortResult> {
    signal?.throwIfAborted()
    if (this.#retired) return { kind: 'network' }
    const id = this.#freshId()
    const query = encode(id)
    this.#questions += 1
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', abort)
        this.#waiting.delete(id)
        this.#closeWhenDrained()
      }
      const settle = (result: PortResult): void => {
        leave()
        resolve(result)
      }
      const abort = (): void => {
        leave()
        reject(signal?.reason as Error)
      }
      const waiting: Waiting = { query, settle, caseOnly: false }
      const timer = setTimeout(() => settle({ kind: 'timeout', caseOnly: waiting.caseOnly }), timeoutMs)
      this.#waiting.set(id, waiting)
      signal?.addEventListener('abort', abort)
      void this.#connected.then(() => {
        if (this.#waiting.get(id) !== waiting) return
        sent()
        this.#socket.send(query.bytes, (error: NodeJS.ErrnoException | null) => {
          if (!error) return
          // The system reports the refusal of an earlier query to whoever sends next, and then forgets it.
          if (error.code === 'ECONNREFUSED') this.#fail()
          else if (this.#waiting.get(id) === waiting) settle({ kind: 'network' })
        })
      })
      if (this.#questions >= QUERIES_PER_PORT) this.#retired = true
    })
  }

  /** False when the port takes no more questions; it closes when the last one that waits is settled. */
  get usable(): boolean {
    return !this.#retired
  }

  /** Closes now; what waits ends as `network`. */
  close(): void {
    this.#fail()
  }

  /** An ICMP refusal reaches the whole socket: it cannot be told which of the waiting questions it answers. */
  #fail(): void {
    this.#retired = true
    for (const waiting of this.#waiting.values()) waiting.settle({ kind: 'network' })
    this.#closeWhenDrained()
  }

  #closeWhenDrained(): void {
    if (!this.#retired || this.#closed || this.#waiting.size > 0) return
    this.#closed = true
    this.#socket.close()
    this.#onClose(this)
  }

  #freshId(): number {
    let id = this.#random.uint16()
    while (this.#waiting.has(id)) id = this.#random.uint16()
    return id
  }

  #receive(bytes: Buffer, from: RemoteInfo): void {
    // The kernel filters by the connected peer; what came between bind and connect it did not.
    const waiting =
      bytes.length >= 12 && from.port === this.#server.port
        ? this.#waiting.get(bytes.readUInt16BE(0))
        : undefined
    const match = waiting ? matchReply(waiting.query, bytes) : 'other'
    if (match === 'match') return waiting?.settle({ kind: 'reply', bytes })
    if (match === 'case_only' && waiting) waiting.caseOnly = true
    this.#onMismatch()
  }
}
