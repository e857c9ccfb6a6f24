// The few calls of libc that the batched engine makes, bound through koffi. Decides nothing: arguments and results are
// the system's own, and -1 means "see errno()".
import type { KoffiFunc } from 'koffi'

/** Pointer arguments are typed arrays, which stay where they are and alive for the length of a call. */
export interface SystemCalls {
  socket(family: number, type: number, protocol: number): number
  connect(fd: number, address: Uint8Array, octets: number): number
  setsockopt(fd: number, level: number, option: number, value: Uint8Array, octets: number): number
  getsockopt(fd: number, level: number, option: number, value: Uint8Array, octets: Uint8Array): number
  sendmmsg(fd: number, messages: Uint8Array, count: number, flags: number): number
  /** The time-out is always null. */
  recvmmsg(fd: number, messages: Uint8Array, count: number, flags: number, timeout: null): number
  epoll_create1(flags: number): number
  epoll_ctl(epoll: number, operation: number, fd: number, event: Uint8Array): number
  epoll_wait(epoll: number, events: Uint8Array, count: number, timeoutMs: number): number
  close(fd: number): number
  /** Why the call before failed. */
  errno(): number
  /** Where the memory behind the array lies. It is good for as long as the array is reachable. */
  addressOf(memory: Uint8Array): bigint
  /**
   * Calls back, from the event loop's poll phase, whenever the descriptor is readable. The callback runs outside of Node's
   * own bookkeeping (no microtask follows it): all that it may do is to schedule. Does not keep the process alive.
   */
  watch(fd: number, readable: () => void): Watch
}

export interface Watch {
  /** Nothing is called any more until `resume`. */
  pause(): void
  resume(): void
  /** Must come before the descriptor is closed. */
  close(): void
}

/** Binds the calls. A string is the reason why it cannot be done. */
export async function bindSystemCalls(): Promise<SystemCalls | string> {
  let koffi
  try {
    koffi = (await import('koffi')).default
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return code === 'ERR_MODULE_NOT_FOUND'
      ? 'the optional package koffi is not installed'
      : `koffi cannot be loaded: ${message}`
  }
  try {
    const libc = koffi.load(null)
    const bind = <Call extends (...args: never[]) => number>(name: string, types: string[]): Call =>
      libc.func(name, 'int', types) as KoffiFunc<Call>
    const { poll } = koffi.node
    return {
      socket: bind('socket', ['int', 'int', 'int']),
      connect: bind('connect', ['int', 'void *', 'uint']),
      setsockopt: bind('setsockopt', ['int', 'int', 'int', 'void *', 'uint']),
      getsockopt: bind('getsockopt', ['int', 'int', 'int', 'void *', 'void *']),
      sendmmsg: bind('sendmmsg', ['int', 'void *', 'uint', 'int']),
      recvmmsg: bind('recvmmsg', ['int', 'void *', 'uint', 'int', 'void *']),
      epoll_create1: bind('epoll_create1', ['int']),
      epoll_ctl: bind('epoll_ctl', ['int', 'int', 'int', 'void *']),
      epoll_wait: bind('epoll_wait', ['int', 'void *', 'int', 'int']),
      close: bind('close', ['int']),
      errno: koffi.errno,
      addressOf: koffi.address,
      watch: (fd, readable) => {
        const handle = poll(fd, { readable: true }, readable)
        handle.unref()
        return {
          pause: () => handle.stop(),
          resume: () => handle.start({ readable: true }, readable),
          close: () => handle.close(),
        }
      },
    }
  } catch (error) {
    return `libc cannot be called: ${(error as Error).message}`
  }
}
