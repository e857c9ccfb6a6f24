// Opens the socket of a port: not blocking, closed on exec, connected (so that the kernel drops what others send, and
// chooses the source port at random), with a large receive buffer.
import type { ServerAddress } from '../server-address.ts'
import {
  SO_RCVBUF,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  socketAddress,
  type SocketAddress,
  SOL_SOCKET,
} from './kernel-layout.ts'
import type { SystemCalls } from './system-calls.ts'

/** Asked of the system, so that a burst of replies is not dropped; `net.core.rmem_max` caps it silently. */
const RECEIVE_BUFFER_OCTETS = 4 * 1024 * 1024

export interface ConnectedSocket {
  readonly fd: number
  /** As the system grants and counts it: on Linux the double of what was asked, for its own overhead. */
  readonly receiveBufferOctets: number
}

/** A server's ports are opened by the thousand, and parsing its address costs as much as a system call. */
const addresses = new WeakMap<ServerAddress, SocketAddress | null>()

function addressOf(server: ServerAddress): SocketAddress | null {
  let address = addresses.get(server)
  if (address === undefined) {
    address = socketAddress(server)
    addresses.set(server, address)
  }
  return address
}

/** Null when the address cannot be read, or the system has no descriptor left or no way there. */
export function openConnectedSocket(calls: SystemCalls, server: ServerAddress): ConnectedSocket | null {
  const address = addressOf(server)
  if (address === null) return null
  const fd = calls.socket(address.family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)
  if (fd < 0) return null
  const octets = new Int32Array([RECEIVE_BUFFER_OCTETS])
  const option = new Uint8Array(octets.buffer)
  calls.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, option, option.length)
  if (calls.connect(fd, address.bytes, address.bytes.length) < 0) {
    calls.close(fd)
    return null
  }
  calls.getsockopt(fd, SOL_SOCKET, SO_RCVBUF, option, new Uint8Array([option.length, 0, 0, 0]))
  return { fd, receiveBufferOctets: octets[0] ?? 0 }
}
