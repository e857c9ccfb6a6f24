// Opens TLS connections to one DNS server (RFC 7858), in the strict profile (RFC 8310, section 5): a certificate that is
// not for the configured name, or for the address, is a failed connection, never a warning.
import { checkServerIdentity, connect, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { isIP, type OnReadOpts, type Socket } from 'node:net'
import { serverText, type ServerAddress } from './server-address.ts'
import { readInto, type DialFailure, type StreamDialer } from './stream-dialer.ts'

export interface TlsIdentity {
  /** The name that the certificate must be for; null: the address. */
  readonly serverName: string | null
  /** PEM of the authorities to trust instead of the system's. */
  readonly ca?: string
}

export class TlsDialer implements StreamDialer {
  readonly readyEvent = 'secureConnect'
  readonly #server: ServerAddress
  readonly #options: ConnectionOptions
  /** The latest ticket of the server: the next handshake resumes with it, and costs no certificate and no signature. */
  #session: Buffer | undefined

  constructor(server: ServerAddress, { serverName, ca }: TlsIdentity) {
    this.#server = server
    const identity = serverName ?? server.address
    this.#options = {
      host: server.address,
      port: server.port,
      minVersion: 'TLSv1.2',
      ALPNProtocols: ['dot'],
      // An address must not be sent as a server name (RFC 6066, section 3).
      ...(isIP(identity) === 0 && { servername: identity }),
      checkServerIdentity: (_host, certificate) => checkServerIdentity(identity, certificate),
      ...(ca !== undefined && { ca }),
    }
  }

  dial(receive: (chunk: Buffer) => void): TLSSocket {
    // Node takes `onread` for TLS as for TCP; its types know it for TCP only.
    const options: ConnectionOptions & { onread: OnReadOpts } = {
      ...this.#options,
      onread: readInto(receive),
    }
    const socket = connect(this.#session === undefined ? options : { ...options, session: this.#session })
    socket.setNoDelay(true)
    socket.on('session', (session) => {
      // A resumed handshake is not checked again: so only a session whose certificate was right is kept.
      if (socket.authorized) this.#session = session
    })
    return socket
  }

  explain(socket: Socket, error: Error): DialFailure {
    // Unset (null, whatever its type says) unless the certificate was the reason.
    const certificate = Boolean((socket as TLSSocket).authorizationError)
    const what = certificate ? 'certificate refused: ' : ''
    // OpenSSL's own messages are a line of numbers; its reason is a sentence.
    const why = 'reason' in error && !certificate ? String(error.reason) : error.message
    return { sentence: `TLS to ${serverText(this.#server)}: ${what}${why}`, certificate }
  }
}
