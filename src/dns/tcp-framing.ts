// The two-octet length before each message on a stream (RFC 1035, section 4.2.2; RFC 7766, section 8): cutting what
// comes into messages, and putting what leaves together. Knows nothing of what a message says.

/**
 * Cuts a stream into messages, wherever its chunks end. Messages inside one chunk are views of it; only one that
 * several chunks share is put together, octet for octet once. Holds at most one unfinished message (64 KiB).
 */
export class FrameReader {
  /** Length and message that began in an earlier chunk; its size is known once both length octets are there. */
  #begun: Buffer | null = null
  /** Octets of #begun that have come. */
  #have = 0
  readonly #onMessage: (message: Buffer) => void

  /** `onMessage` gets each message as soon as it is complete, in order; mostly a view of the chunk that was pushed. */
  constructor(onMessage: (message: Buffer) => void) {
    this.#onMessage = onMessage
  }

  push(chunk: Buffer): void {
    let at = this.#begun === null ? 0 : this.#finish(this.#begun, chunk)
    while (chunk.length - at >= 2) {
      const end = at + 2 + ((chunk[at]! << 8) | chunk[at + 1]!)
      if (end > chunk.length) break
      this.#onMessage(chunk.subarray(at + 2, end))
      at = end
    }
    if (at < chunk.length) this.#begin(chunk.subarray(at))
  }

  #begin(rest: Buffer): void {
    this.#begun = Buffer.allocUnsafe(rest.length === 1 ? 2 : 2 + ((rest[0]! << 8) | rest[1]!))
    this.#have = rest.copy(this.#begun)
  }

  /** Fills up the begun message; the offset in the chunk behind what it took. */
  #finish(begun: Buffer, chunk: Buffer): number {
    const taken = chunk.copy(begun, this.#have)
    this.#have += taken
    if (this.#have < begun.length) return taken
    // A length was cut in two: now that it is whole, the message begins anew with it.
    if (begun.length === 2 && begun.readUInt16BE() > 0) {
      this.#begin(begun)
      const behind = chunk.subarray(taken)
      return behind.length === 0 ? taken : taken + this.#finish(this.#begun!, behind)
    }
    this.#begun = null
    this.#onMessage(begun.subarray(2))
    return taken
  }
}

/** Frames are collected here until they leave together; blocks are never written twice, so that a slow socket may keep them. */
const BLOCK_OCTETS = 65_536

/** Collects the messages of one turn of the event loop, so that they leave in one write. */
export class FrameBatch {
  #block: Buffer = Buffer.alloc(0)
  #start = 0
  #end = 0

  get isEmpty(): boolean {
    return this.#end === this.#start
  }

  /** Copies the message (at most 65,535 octets). */
  add(message: Uint8Array): void {
    const length = message.length
    if (this.#end + 2 + length > this.#block.length) this.#nextBlock(2 + length)
    const block = this.#block
    const at = this.#end
    block[at] = length >> 8
    block[at + 1] = length & 0xff
    block.set(message, at + 2)
    this.#end = at + 2 + length
  }

  /** All frames since the last call, as one piece that never changes any more. */
  take(): Buffer {
    const frames = this.#block.subarray(this.#start, this.#end)
    this.#start = this.#end
    return frames
  }

  #nextBlock(atLeast: number): void {
    const begun = this.#block.subarray(this.#start, this.#end)
    this.#block = Buffer.allocUnsafeSlow(Math.max(BLOCK_OCTETS, 2 * begun.length + atLeast))
    this.#block.set(begun)
    this.#start = 0
    this.#end = begun.length
  }
}
