// Opens plain TCP connections to one server.
import { connect, type Socket } from 'node:net'
import { serverText, type ServerAddress } from './server-address.ts'
import { readInto, type DialFailure, type StreamDialer } from './stream-dialer.ts'

export class TcpDialer implements StreamDialer {
  readonly readyEvent = 'connect'
  readonly #server: ServerAddress

  constructor(server: ServerAddress) {
    this.#server = server
  }

  dial(receive: (chunk: Buffer) => void): Socket {
    const { address: host, port } = this.#server
    // Without Nagle's wait: what belongs together is put together by FrameBatch.
    return connect({ host, port, noDelay: true, onread: readInto(receive) })
  }

  explain(_socket: Socket, error: Error): DialFailure {
    return { sentence: `TCP to ${serverText(this.#server)}: ${error.message}`, certificate: false }
  }
}
