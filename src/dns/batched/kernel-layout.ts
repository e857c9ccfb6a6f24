// Where the fields of Linux's structures lie on x86-64 and arm64 (both LP64 and little-endian), and the numbers of its
// ABI. The one file that knows them; self-test.ts proves them on the running system before anything is sent.
// Sources: the kernel's include/uapi (linux/socket.h, linux/eventpoll.h, asm-generic/errno.h) and recvmmsg(2).
import { parseAddress } from '../../core/net/address.ts'
import type { ServerAddress } from '../server-address.ts'

const AF_INET = 2
const AF_INET6 = 10
export const SOCK_DGRAM = 2
export const SOCK_NONBLOCK = 0o4000
export const SOCK_CLOEXEC = 0o2000000
export const SOL_SOCKET = 1
export const SO_RCVBUF = 8
export const MSG_DONTWAIT = 0x40
export const EPOLL_CLOEXEC = 0o2000000
export const EPOLL_CTL_ADD = 1
export const EPOLLIN = 1

export const EAGAIN = 11
export const ENOMEM = 12
export const ENOBUFS = 105
export const ECONNREFUSED = 111

/** `struct mmsghdr`, in 32-bit words: a `msghdr` of 56 octets, `msg_len` and padding. */
export const MESSAGE_WORDS = 16
export const MESSAGE_IOV_WORD = 4
export const MESSAGE_IOV_COUNT_WORD = 6
export const MESSAGE_LENGTH_WORD = 14

/** `struct iovec`, in 32-bit words: base, then length. */
export const IOVEC_WORDS = 4
export const IOVEC_LENGTH_WORD = 2

/** `struct epoll_event`, in octets: the kernel packs it on x86-64 only. */
export interface EpollEventLayout {
  readonly octets: number
  readonly dataOffset: number
}

/** Null for a processor whose structures this file does not know. */
export function epollEventLayout(arch: string): EpollEventLayout | null {
  if (arch === 'x64') return { octets: 12, dataOffset: 4 }
  if (arch === 'arm64') return { octets: 16, dataOffset: 8 }
  return null
}

export interface SocketAddress {
  readonly family: number
  /** `struct sockaddr_in` (16 octets) or `sockaddr_in6` (28), without scope. */
  readonly bytes: Uint8Array
}

/** Null for an address that cannot be read: a host name, or one with a zone. */
export function socketAddress(server: ServerAddress): SocketAddress | null {
  const address = parseAddress(server.address)
  if (address === null) return null
  const family = address.family === 4 ? AF_INET : AF_INET6
  const bytes = new Uint8Array(address.family === 4 ? 16 : 28)
  bytes[0] = family
  bytes[2] = server.port >> 8
  bytes[3] = server.port & 0xff
  bytes.set(address.bytes, address.family === 4 ? 4 : 8)
  return { family, bytes }
}
