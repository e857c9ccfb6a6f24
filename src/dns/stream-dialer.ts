// How a connection to one server is opened. tcp-dialer.ts and tls-dialer.ts implement it.
import type { OnReadOpts, Socket } from 'node:net'

/**
 * Octets that are read at once, into a buffer that each connection has to itself: without one, every read costs a buffer of
 * 64 KiB. Hand-set: some hundred replies.
 */
const READ_OCTETS = 16_384

export interface StreamDialer {
  /**
   * A socket that is connecting; failures reach its `error` and `close` events. What comes goes to `receive`, and is
   * overwritten after the call. Never throws.
   */
  dial(receive: (chunk: Buffer) => void): Socket
  /** The socket's event after which queries may be sent: for TLS that means the certificate was right. */
  readonly readyEvent: 'connect' | 'secureConnect'
  /** A sentence about why a socket failed, and whether the certificate was the reason. */
  explain(socket: Socket, error: Error): DialFailure
}

export interface DialFailure {
  readonly sentence: string
  readonly certificate: boolean
}

/** For `onread` of node:net and node:tls: what is read goes to `receive`. */
export function readInto(receive: (chunk: Buffer) => void): OnReadOpts {
  const buffer = Buffer.allocUnsafeSlow(READ_OCTETS)
  return {
    buffer,
    callback: (octets) => {
      receive(buffer.subarray(0, octets))
      return true
    },
  }
}
