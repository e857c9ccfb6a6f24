// Memory for the datagrams of one sendmmsg or recvmmsg: the headers are written once, and afterwards only lengths change.
// Decides nothing about sockets.
import {
  IOVEC_LENGTH_WORD,
  IOVEC_WORDS,
  MESSAGE_IOV_COUNT_WORD,
  MESSAGE_IOV_WORD,
  MESSAGE_LENGTH_WORD,
  MESSAGE_WORDS,
} from './kernel-layout.ts'

const WORD_OCTETS = 4

export class MessageBatch {
  readonly slots: number
  readonly slotOctets: number
  /** The array of `mmsghdr`, for the system call. It begins the one block that holds everything, and so keeps it alive. */
  readonly headers: Uint8Array
  readonly #words: Uint32Array
  readonly #octets: Uint8Array
  readonly #iovecsAt: number
  readonly #slotsAt: number

  constructor(slots: number, slotOctets: number, addressOf: (memory: Uint8Array) => bigint) {
    this.slots = slots
    this.slotOctets = slotOctets
    this.#iovecsAt = slots * MESSAGE_WORDS
    this.#slotsAt = (this.#iovecsAt + slots * IOVEC_WORDS) * WORD_OCTETS
    this.#octets = new Uint8Array(this.#slotsAt + slots * slotOctets)
    this.#words = new Uint32Array(this.#octets.buffer, 0, this.#slotsAt / WORD_OCTETS)
    this.headers = this.#octets
    const pointers = new BigUint64Array(this.#octets.buffer, 0, this.#slotsAt / 8)
    const base = addressOf(this.#octets)
    for (let slot = 0; slot < slots; slot += 1) {
      const header = slot * MESSAGE_WORDS
      const iovec = this.#iovecsAt + slot * IOVEC_WORDS
      pointers[(header + MESSAGE_IOV_WORD) / 2] = base + BigInt(iovec * WORD_OCTETS)
      this.#words[header + MESSAGE_IOV_COUNT_WORD] = 1
      pointers[iovec / 2] = base + BigInt(this.#slotsAt + slot * slotOctets)
      this.#words[iovec + IOVEC_LENGTH_WORD] = slotOctets
    }
  }

  /** Puts a datagram of at most `slotOctets` into a slot, to be sent. */
  put(slot: number, datagram: Uint8Array): void {
    this.#octets.set(datagram, this.#slotsAt + slot * this.slotOctets)
    this.#words[this.#iovecsAt + slot * IOVEC_WORDS + IOVEC_LENGTH_WORD] = datagram.length
  }

  /** What the system received into a slot; valid until the next receive. */
  received(slot: number): Uint8Array {
    const length = this.#words[slot * MESSAGE_WORDS + MESSAGE_LENGTH_WORD] ?? 0
    return new Uint8Array(this.#octets.buffer, this.#slotsAt + slot * this.slotOctets, length)
  }
}
