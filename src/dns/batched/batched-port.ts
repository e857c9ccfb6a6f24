// One connected UDP socket of the batched engine: what waits to be sent on it, and the two system calls that move many
// datagrams at once. When they are made is batched-ports.ts's decision.
import type { DatagramPort, DatagramPortEvents } from '../datagram-port.ts'
import { EAGAIN, ECONNREFUSED, ENOBUFS, ENOMEM, MSG_DONTWAIT } from './kernel-layout.ts'
import type { MessageBatch } from './message-batch.ts'
import type { SystemCalls } from './system-calls.ts'

/** So many receives of a full batch at most in one go: a flood on one port must not starve the others. */
const RECEIVES_IN_A_ROW = 8

/** What a port needs of the factory that made it. */
export interface PortOwner {
  /** Something waits to be sent. */
  wantsFlush(port: BatchedPort): void
  /** The descriptor is closed; no call will be made with it any more. */
  released(port: BatchedPort): void
}

export class BatchedPort implements DatagramPort {
  /** What epoll calls the port; -1 for one that it does not know. */
  readonly key: number
  readonly #calls: SystemCalls
  readonly #owner: PortOwner
  readonly #events: DatagramPortEvents
  #fd: number
  #closed = false
  #pending: Uint8Array[] = []

  /** `fd`: a connected non-blocking socket that now is the port's; -1 for a port that could not be opened. */
  constructor(fd: number, key: number, calls: SystemCalls, owner: PortOwner, events: DatagramPortEvents) {
    this.#fd = fd
    this.key = key
    this.#calls = calls
    this.#owner = owner
    this.#events = events
  }

  send(bytes: Uint8Array): void {
    if (this.#fd < 0) return
    if (this.#pending.push(bytes) === 1) this.#owner.wantsFlush(this)
  }

  close(): void {
    this.#closed = true
    if (this.#fd < 0) return
    this.#calls.close(this.#fd)
    this.#fd = -1
    this.#pending = []
    this.#owner.released(this)
  }

  /** Closes the port and says so: nothing will come of it any more. */
  fail(): void {
    if (this.#closed) return
    this.close()
    this.#events.failed()
  }

  /** Sends what waits. False when the system has no room for all of it; the rest keeps its order and waits on. */
  flush(batch: MessageBatch): boolean {
    const calls = this.#calls
    let sent = 0
    let stoppedShort = false
    while (this.#fd >= 0 && sent < this.#pending.length) {
      const count = Math.min(batch.slots, this.#pending.length - sent)
      if (!this.#fill(batch, sent, count)) return (this.fail(), true)
      const done = calls.sendmmsg(this.#fd, batch.headers, count, MSG_DONTWAIT)
      if (done >= 0) {
        sent += done
        // The system tells why it stopped only when nothing at all was sent. When the rest then goes without complaint it
        // was the refusal of an earlier datagram, which is reported to whoever sends next, once, and then forgotten.
        if (stoppedShort) this.#events.refused()
        stoppedShort = done < count
        continue
      }
      stoppedShort = false
      const reason = calls.errno()
      if (reason === ECONNREFUSED) this.#events.refused()
      else if (reason === EAGAIN || reason === ENOBUFS || reason === ENOMEM) {
        this.#pending.splice(0, sent)
        return false
      } else this.fail()
    }
    if (this.#pending.length > 0) this.#pending = []
    return true
  }

  /** Passes on what has arrived, at most a bounded number of datagrams; answers how many. */
  receive(batch: MessageBatch): number {
    let total = 0
    for (let round = 0; round < RECEIVES_IN_A_ROW && this.#fd >= 0; round += 1) {
      const count = this.#calls.recvmmsg(this.#fd, batch.headers, batch.slots, MSG_DONTWAIT, null)
      if (count < 0) {
        const reason = this.#calls.errno()
        if (reason === ECONNREFUSED) this.#events.refused()
        else if (reason === EAGAIN || reason === ENOMEM) break
        else this.fail()
        continue
      }
      for (let slot = 0; slot < count && this.#fd >= 0; slot += 1) this.#events.message(batch.received(slot))
      total += count
      if (count < batch.slots) break
    }
    return total
  }

  /** False when a datagram is larger than a slot: no query is. */
  #fill(batch: MessageBatch, from: number, count: number): boolean {
    for (let slot = 0; slot < count; slot += 1) {
      const datagram = this.#pending[from + slot]!
      if (datagram.length > batch.slotOctets) return false
      batch.put(slot, datagram)
    }
    return true
  }
}
