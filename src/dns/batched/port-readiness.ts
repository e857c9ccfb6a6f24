// Which ports have something to receive: one epoll instance for all of them, itself watched by Node's event loop, and the
// clock where that is cheaper (look-pacing.ts). Decides when to look; what is received is the ports' business.
import { EPOLL_CLOEXEC, EPOLL_CTL_ADD, EPOLLIN, type EpollEventLayout } from './kernel-layout.ts'
import { LOOK_INTERVAL_MS, LookPacing } from './look-pacing.ts'
import type { SystemCalls, Watch } from './system-calls.ts'

/** Ports that one look can name; the next look names the others. */
const READY_PORTS = 256

export class PortReadiness {
  readonly #calls: SystemCalls
  readonly #layout: EpollEventLayout
  readonly #epoll: number
  readonly #watch: Watch
  readonly #onReady: () => void
  readonly #events: Uint8Array
  readonly #view: DataView
  readonly #pacing = new LookPacing()
  #timer: NodeJS.Timeout | undefined
  #closed = false

  /**
   * `onReady` is called when it is time to `look`, and may only schedule it. Neither the watch nor the clock keeps the
   * process alive. Throws when the system has no epoll instance left.
   */
  constructor(calls: SystemCalls, layout: EpollEventLayout, onReady: () => void) {
    this.#calls = calls
    this.#layout = layout
    this.#onReady = onReady
    this.#events = new Uint8Array(READY_PORTS * layout.octets)
    this.#view = new DataView(this.#events.buffer)
    this.#epoll = calls.epoll_create1(EPOLL_CLOEXEC)
    if (this.#epoll < 0) throw new Error(`the system gives no epoll instance (errno ${calls.errno()})`)
    this.#watch = calls.watch(this.#epoll, onReady)
  }

  /** From now on `key` names the socket; it is forgotten when the socket is closed. False when the system takes no more. */
  add(fd: number, key: number): boolean {
    const event = new Uint8Array(this.#layout.octets)
    const view = new DataView(event.buffer)
    view.setUint32(0, EPOLLIN, true)
    view.setUint32(this.#layout.dataOffset, key, true)
    return this.#calls.epoll_ctl(this.#epoll, EPOLL_CTL_ADD, fd, event) === 0
  }

  /** Calls `receive` with the key of each port that has something (or had: it may be closed by now). It answers how many. */
  look(receive: (key: number) => number): void {
    if (this.#closed) return
    const { octets, dataOffset } = this.#layout
    const count = this.#calls.epoll_wait(this.#epoll, this.#events, READY_PORTS, 0)
    let datagrams = 0
    for (let event = 0; event < count; event += 1) {
      datagrams += receive(this.#view.getUint32(event * octets + dataOffset, true))
    }
    if (!this.#closed) this.#waitForNext(datagrams)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    clearTimeout(this.#timer)
    this.#watch.close()
    this.#calls.close(this.#epoll)
  }

  #waitForNext(datagrams: number): void {
    const wasTimed = this.#pacing.timed
    this.#pacing.looked(datagrams, performance.now())
    if (this.#pacing.timed) {
      if (!wasTimed) this.#watch.pause()
      if (this.#timer) this.#timer.refresh()
      else this.#timer = setTimeout(this.#onReady, LOOK_INTERVAL_MS).unref()
    } else if (wasTimed) this.#watch.resume()
  }
}
